package trust

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func certificate(t *testing.T, name string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestBundleOfThisSystem(t *testing.T) {
	text, err := Bundle(t.Context())
	if err != nil {
		t.Skip("NOT SHOWN: ", err)
	}
	if !x509.NewCertPool().AppendCertsFromPEM(text) {
		t.Error("it has no certificate")
	}
}

func TestFirstFile(t *testing.T) {
	dir := t.TempDir()
	der := certificate(t, "Corp Root")
	text := append([]byte("# Corp Root\n"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "TRUSTED CERTIFICATE", Bytes: []byte("other")})...)
	empty, full := filepath.Join(dir, "empty"), filepath.Join(dir, "full")
	for path, data := range map[string][]byte{empty: []byte("none\n"), full: text} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := firstFile([]string{filepath.Join(dir, "absent"), empty, full})
	if err != nil || len(list) != 1 || !bytes.Equal(list[0], der) {
		t.Errorf("%d certificates, %v", len(list), err)
	}
	if list, err := firstFile([]string{filepath.Join(dir, "absent")}); len(list) > 0 || err == nil {
		t.Errorf("of no file: %d certificates, %v", len(list), err)
	}
}

func TestEncode(t *testing.T) {
	a, b := certificate(t, "A"), certificate(t, "B")
	list := decode(encode([][]byte{a, b, a, []byte("broken")}))
	if len(list) != 2 || !bytes.Equal(list[0], a) || !bytes.Equal(list[1], b) {
		t.Errorf("%d certificates", len(list))
	}
}
