package trust

import (
	"context"
	"crypto/x509"
	"fmt"
	"os/exec"
	"slices"
	"time"
)

// system returns the roots that come with macOS and those that an administrator added to the system's keychain.
func system(ctx context.Context) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	text, err := exec.CommandContext(ctx, "/usr/bin/security", "find-certificate", "-a", "-p",
		"/System/Library/Keychains/SystemRootCertificates.keychain", "/Library/Keychains/System.keychain").Output()
	if err != nil {
		return nil, fmt.Errorf("ask security for the certificates: %w", err)
	}
	// The system's keychain also has certificates of this computer itself, which are no authorities.
	return slices.DeleteFunc(decode(text), func(der []byte) bool {
		c, err := x509.ParseCertificate(der)
		return err != nil || !c.IsCA
	}), nil
}
