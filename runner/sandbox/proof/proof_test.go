package proof_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/sandbox/proof"
)

const url = "http://127.0.0.1:4566/v1/token"

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

type object = map[string]any

func newKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func jwkOf(t testing.TB, key *ecdsa.PrivateKey) object {
	t.Helper()
	point, err := key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		t.Fatal(err)
	}
	half := len(point) / 2
	return object{"kty": "EC", "crv": key.Params().Name, "x": encode(point[1 : 1+half]), "y": encode(point[1+half:])}
}

// sign makes a proof without the library that checks it.
func sign(t testing.TB, key *ecdsa.PrivateKey, header, claims object) string {
	t.Helper()
	parts := make([]string, 2)
	for i, o := range []object{header, claims} {
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		parts[i] = encode(text)
	}
	text := strings.Join(parts, ".")
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return text + "." + encode(signature)
}

// with returns a copy of an object with one value changed; nil removes it.
func with(o object, name string, value any) object {
	o = maps.Clone(o)
	o[name] = value
	if value == nil {
		delete(o, name)
	}
	return o
}

func TestCheck(t *testing.T) {
	key, other := newKey(t, elliptic.P256()), newKey(t, elliptic.P256())
	jwk := jwkOf(t, key)
	header := object{"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}
	claims := object{"jti": "an-id", "htm": "POST", "htu": url, "iat": now.Unix()}
	ofHeader := func(name string, value any) string { return sign(t, key, with(header, name, value), claims) }
	ofKey := func(name string, value any) string { return ofHeader("jwk", with(jwk, name, value)) }
	ofClaim := func(name string, value any) string { return sign(t, key, header, with(claims, name, value)) }
	at := func(d time.Duration) string { return ofClaim("iat", now.Add(d).Unix()) }
	good := sign(t, key, header, claims)
	for name, row := range map[string]struct{ proof, says string }{
		"good":                     {good, ""},
		"five minutes old":         {at(-5 * time.Minute), ""},
		"empty":                    {"", "not a JWT"},
		"one part":                 {"abc", "not a JWT"},
		"two parts":                {good[:strings.LastIndexByte(good, '.')], "not a JWT"},
		"four parts":               {good + ".x", "not a JWT"},
		"JSON":                     {`{"payload":""}`, "not a JWT"},
		"typ":                      {ofHeader("typ", "JWT"), "typ is not"},
		"no typ":                   {ofHeader("typ", nil), "typ is not"},
		"alg":                      {ofHeader("alg", "ES384"), "not a JWT"},
		"alg none":                 {ofHeader("alg", "none"), "not a JWT"},
		"alg HS256":                {ofHeader("alg", "HS256"), "not a JWT"},
		"no key":                   {ofHeader("jwk", nil), "jwk is missing"},
		"private key":              {ofKey("d", jwk["x"]), "not a JWT"},
		"symmetric key":            {ofHeader("jwk", object{"kty": "oct", "k": "AAAA"}), "not a JWT"},
		"coordinate is too short":  {ofKey("x", encode(make([]byte, 31))), "not a JWT"},
		"not a point of the curve": {ofKey("x", jwk["y"]), "not a JWT"},
		"another curve":            {ofHeader("jwk", jwkOf(t, newKey(t, elliptic.P384()))), "not a public P-256 key"},
		"another key":              {sign(t, other, header, claims), "signature is not of the key"},
		"changed":                  {good[:len(good)-86] + good[len(good)-43:] + good[len(good)-86:len(good)-43], "signature is not of the key"},
		"method":                   {ofClaim("htm", "GET"), "htm is not POST"},
		"URL":                      {ofClaim("htu", url+"/"), "htu is not"},
		"URL with a query":         {ofClaim("htu", url+"?a=b"), "htu is not"},
		"no time":                  {ofClaim("iat", nil), "iat is missing"},
		"older":                    {at(-301 * time.Second), "too long ago"},
		"in the future":            {at(301 * time.Second), "in the future"},
		"time is a text":           {ofClaim("iat", "now"), "signature is not of the key"},
		"no id":                    {ofClaim("jti", nil), "jti is missing"},
		"id of 257 characters":     {ofClaim("jti", strings.Repeat("x", 257)), "jti is missing or too long"},
	} {
		t.Run(name, func(t *testing.T) {
			thumbprint, err := new(proof.Checker).Check(row.proof, proof.Request{Method: "POST", URL: url, Now: now, Age: 5 * time.Minute})
			switch {
			case row.says == "" && (err != nil || len(thumbprint) != 43):
				t.Errorf("%q, %v", thumbprint, err)
			case row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)):
				t.Errorf("%v, want %q", err, row.says)
			}
		})
	}
}

func TestEachProofIsGoodOnce(t *testing.T) {
	key, c := newKey(t, elliptic.P256()), new(proof.Checker)
	check := func(id string, at time.Time) (string, error) {
		text := sign(t, key, object{"typ": "dpop+jwt", "alg": "ES256", "jwk": jwkOf(t, key)},
			object{"jti": id, "htm": "POST", "htu": url, "iat": at.Unix()})
		return c.Check(text, proof.Request{Method: "POST", URL: url, Now: at, Age: time.Minute})
	}
	first, err := check("one", now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := check("one", now.Add(30*time.Second)); err == nil || err.Error() != "jti was used already" {
		t.Errorf("again: %v", err)
	}
	second, err := check("two", now)
	if err != nil || second != first {
		t.Errorf("the key's thumbprint is %s, then %s, %v", first, second, err)
	}
	if _, err := check("one", now.Add(time.Hour)); err != nil {
		t.Errorf("an id of long ago: %v", err)
	}
}

// FuzzCheck checks that no text brings the parser down, and that none passes that was not made with the key. The key is
// always the same, since each process that fuzzes makes it.
func FuzzCheck(f *testing.F) {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{7}, 32))
	if err != nil {
		f.Fatal(err)
	}
	good := sign(f, key, object{"typ": "dpop+jwt", "alg": "ES256", "jwk": jwkOf(f, key)},
		object{"jti": "an-id", "htm": "POST", "htu": url, "iat": now.Unix()})
	request := proof.Request{Method: "POST", URL: url, Now: now, Age: time.Minute}
	ours, err := new(proof.Checker).Check(good, request)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{good, "", "..", good + "=", strings.ToLower(good), "eyJhbGciOiJub25lIn0.e30."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		thumbprint, err := new(proof.Checker).Check(text, request)
		if err == nil && thumbprint != ours || err != nil && thumbprint != "" {
			t.Errorf("%q passes as %q, %v", text, thumbprint, err)
		}
	})
}
