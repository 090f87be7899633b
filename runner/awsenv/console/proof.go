package console

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"time"

	smithyrand "github.com/aws/smithy-go/rand"
)

// Bytes of a coordinate of curve P-256, and of a half of its signatures.
const coordinate = 32

const keyType = "EC PRIVATE KEY"

func newProofKey() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// encodeKey returns the key as the aws command keeps it: SEC 1 in PEM.
func encodeKey(key *ecdsa.PrivateKey) (string, error) {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: keyType, Bytes: der})), nil
}

var errKey = errors.New("the key of the sign-in is not one of curve P-256")

func decodeKey(text string) (*ecdsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != keyType {
		return nil, errKey
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil || key.Curve != elliptic.P256() {
		return nil, errKey // err could quote the key
	}
	return key, nil
}

// proof returns the header DPoP of a POST to address: the signed statement that who sends it has the key.
// Source: RFC 9449 §4.2.
func proof(key *ecdsa.PrivateKey, address string, now time.Time) (string, error) {
	point, err := key.PublicKey.Bytes() // 4, then both coordinates in full length
	if err != nil {
		return "", err
	}
	id, err := smithyrand.NewUUID(rand.Reader).GetUUID()
	if err != nil {
		return "", err
	}
	head, err := part(header{Type: "dpop+jwt", Algorithm: "ES256", Key: publicKey{
		Type: "EC", Curve: "P-256", X: encode(point[1 : 1+coordinate]), Y: encode(point[1+coordinate:]),
	}})
	if err != nil {
		return "", err
	}
	claims, err := part(statement{ID: id, Method: http.MethodPost, Address: address, At: now.Unix()})
	if err != nil {
		return "", err
	}
	signature, err := sign(key, head+"."+claims)
	return head + "." + claims + "." + signature, err
}

type header struct {
	Type      string    `json:"typ"`
	Algorithm string    `json:"alg"`
	Key       publicKey `json:"jwk"`
}

type publicKey struct {
	Type  string `json:"kty"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

type statement struct {
	ID      string `json:"jti"`
	Method  string `json:"htm"`
	Address string `json:"htu"`
	At      int64  `json:"iat"`
}

// sign returns a signature by ES256: both numbers in full length, one after the other (RFC 7518 §3.4).
func sign(key *ecdsa.PrivateKey, text string) (string, error) {
	digest := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		return "", err
	}
	both := make([]byte, 2*coordinate)
	r.FillBytes(both[:coordinate])
	s.FillBytes(both[coordinate:])
	return encode(both), nil
}

func part(value any) (string, error) {
	data, err := json.Marshal(value)
	return encode(data), err
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// randomText returns 384 random bits, as 64 characters that URLs and verifiers may hold (RFC 7636 §4.1).
func randomText() string {
	bits := make([]byte, 48)
	_, _ = rand.Read(bits) // never fails, by its contract
	return encode(bits)
}
