package trust

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"unsafe"

	"golang.org/x/crypto/x509roots/fallback/bundle"
	"golang.org/x/sys/windows"
)

// system returns the roots that Windows trusts. It has public ones in its store only once a program of its own has met them,
// so Mozilla's are added, without those that Windows distrusts.
func system(context.Context) ([][]byte, error) {
	list, err := store("ROOT")
	if err != nil {
		return nil, err
	}
	distrusted, err := store("Disallowed")
	if err != nil {
		return nil, err
	}
	for root := range bundle.Roots() {
		if root.Constraint == nil { // programs that read the file could not keep to it
			list = append(list, root.Certificate)
		}
	}
	bad := map[[sha256.Size]byte]bool{}
	for _, der := range distrusted {
		bad[sha256.Sum256(der)] = true
	}
	return slices.DeleteFunc(list, func(der []byte) bool { return bad[sha256.Sum256(der)] }), nil
}

// store returns the certificates of one of the person's stores, which include those of the computer.
func store(name string) ([][]byte, error) {
	wide, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	handle, err := windows.CertOpenSystemStore(0, wide)
	if err != nil {
		return nil, fmt.Errorf("open the certificate store %s: %w", name, err)
	}
	defer func() { _ = windows.CertCloseStore(handle, 0) }()
	var list [][]byte
	var certificate *windows.CertContext
	for {
		// The call frees the previous one, and fails at the end.
		certificate, _ = windows.CertEnumCertificatesInStore(handle, certificate) // its error says only that there are no more
		if certificate == nil {
			return list, nil
		}
		//nolint:gosec // memory of the certificate, valid until the next call
		list = append(list, slices.Clone(unsafe.Slice(certificate.EncodedCert, certificate.Length)))
	}
}
