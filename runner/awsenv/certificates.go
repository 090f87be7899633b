package awsenv

import "strings"

// CertificateNames returns the environment variables by which programs take the certificates that they trust from a file.
func CertificateNames() []string {
	return []string{"AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"}
}

// trust has programs read their certificates from a file, but for those of which the person or the project has said another.
func (e environment) trust(file string) {
	if file == "" {
		return
	}
	for _, name := range CertificateNames() {
		if strings.TrimSpace(e.get(name)) == "" {
			e.set(name, file)
		}
	}
}
