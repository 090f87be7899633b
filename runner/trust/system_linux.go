package trust

import "context"

// system returns the certificates of the distribution's bundle, which its tools make of the roots that it comes with and of
// those that an administrator adds.
func system(context.Context) ([][]byte, error) { return firstFile(bundles()) }

// bundles returns where distributions have the bundle. Source: crypto/x509 of Go, root_linux.go.
func bundles() []string {
	return []string{
		"/etc/ssl/certs/ca-certificates.crt",                // Debian, Ubuntu, Arch, Gentoo
		"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, Red Hat
		"/etc/ssl/ca-bundle.pem",                            // openSUSE
		"/etc/pki/tls/cacert.pem",                           // OpenELEC
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // newer Red Hat
		"/etc/ssl/cert.pem",                                 // Alpine
	}
}
