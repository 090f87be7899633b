// Package trust reads the certificates that this system trusts, those of a company included, as a file that programs with
// certificates of their own can read: aws, Python, curl, Node.js.
package trust

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"

	"github.com/stepdeck/stepdeck/model"
)

// Bundle returns the certificates of the system's trust store as PEM.
func Bundle(ctx context.Context) ([]byte, error) {
	list, err := system(ctx)
	if err != nil {
		return nil, unreadable().Because(err)
	}
	if text := encode(list); len(text) > 0 {
		return text, nil
	}
	return nil, unreadable()
}

func unreadable() *model.Error {
	return model.NewError("trust.read", "The certificates that this system trusts can't be read. "+
		"Repair its trust store, or no longer let scripts use it, in the settings.")
}

// encode returns certificates in DER as PEM, each once. What is no certificate is left out.
func encode(list [][]byte) []byte {
	var out bytes.Buffer
	seen := map[[sha256.Size]byte]bool{}
	for _, der := range list {
		sum := sha256.Sum256(der)
		if _, err := x509.ParseCertificate(der); err != nil || seen[sum] {
			continue
		}
		seen[sum] = true
		_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: der}) // writing to a buffer can't fail
	}
	return out.Bytes()
}

// decode returns the certificates in a text of PEM, without those that have been given another form of trust by OpenSSL.
func decode(text []byte) [][]byte {
	var list [][]byte
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return list
		}
		if block.Type == "CERTIFICATE" {
			list = append(list, block.Bytes)
		}
	}
}
