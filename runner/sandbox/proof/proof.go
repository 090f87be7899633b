// Package proof checks DPoP proofs: that a request comes from the program which holds a private key, and that nobody has
// sent it before.
//
// Source: RFC 9449 §4.3. It is stricter than the RFC where AWS's programs are: only ES256, and P-256 keys whose
// coordinates have their full length (RFC 7518 §6.2.1.2).
package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Header is the name of the header that a proof is sent in.
const Header = "DPoP"

const (
	kind  = "dpop+jwt"
	maxID = 256 // characters
)

// Request is what a proof must be for.
type Request struct {
	Method string
	URL    string // without query and fragment
	Now    time.Time
	Age    time.Duration // how much the proof's time may differ from Now
}

// Checker checks proofs and remembers them, so that each is good once. The zero value is usable.
type Checker struct {
	mu   sync.Mutex
	seen map[string]time.Time // ids of proofs, and when they get too old anyway
}

type claims struct {
	ID     string           `json:"jti"`
	Method string           `json:"htm"`
	URL    string           `json:"htu"`
	At     *jwt.NumericDate `json:"iat"`
}

// Check returns the thumbprint of the key of a proof, by which a later proof of the same program is known, or an error
// that says what is wrong with the proof.
func (c *Checker) Check(proof string, r Request) (thumbprint string, err error) {
	key, said, err := read(proof)
	if err != nil {
		return "", err
	}
	if err := said.fit(r); err != nil {
		return "", err
	}
	if !c.first(said.ID, r) {
		return "", errors.New("jti was used already")
	}
	sum, err := key.Thumbprint(crypto.SHA256)
	return base64.RawURLEncoding.EncodeToString(sum), err
}

// read returns the key and the claims of a proof whose signature is right.
func read(proof string) (*jose.JSONWebKey, claims, error) {
	var said claims
	token, err := jwt.ParseSigned(proof, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return nil, said, fmt.Errorf("it is not a JWT that is signed with ES256: %w", err)
	}
	head := token.Headers[0]
	if head.ExtraHeaders["typ"] != kind {
		return nil, said, errors.New("typ is not " + kind)
	}
	key := head.JSONWebKey
	if key == nil {
		return nil, said, errors.New("jwk is missing")
	}
	public, ok := key.Key.(*ecdsa.PublicKey)
	if !ok || public.Curve != elliptic.P256() {
		return nil, said, errors.New("jwk is not a public P-256 key")
	}
	if err := token.Claims(public, &said); err != nil {
		return nil, said, fmt.Errorf("the signature is not of the key in jwk: %w", err)
	}
	return key, said, nil
}

func (said claims) fit(r Request) error {
	switch {
	case said.ID == "" || len(said.ID) > maxID:
		return errors.New("jti is missing or too long")
	case said.Method != r.Method:
		return errors.New("htm is not " + r.Method)
	case said.URL != r.URL:
		return errors.New("htu is not " + r.URL)
	case said.At == nil:
		return errors.New("iat is missing")
	case said.At.Time().Before(r.Now.Add(-r.Age)):
		return errors.New("iat is too long ago")
	case said.At.Time().After(r.Now.Add(r.Age)):
		return errors.New("iat is in the future")
	}
	return nil
}

// first returns whether a proof of that id has not been seen before.
func (c *Checker) first(id string, r Request) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[string]time.Time{}
	}
	for old, ends := range c.seen {
		if ends.Before(r.Now) {
			delete(c.seen, old)
		}
	}
	if _, again := c.seen[id]; again {
		return false
	}
	c.seen[id] = r.Now.Add(2 * r.Age)
	return true
}
