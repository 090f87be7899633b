//go:build wine

package tests

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// verify checks a signature with osslsigncode, which trusts only the test authority.
func verify(t *testing.T, file string) (out string, ok bool) {
	t.Helper()
	root := filepath.Join(setting(t, "STEPDECK_WINE_PACKAGES"), "new", "root.pem")
	output, err := exec.Command("osslsigncode", "verify", "-CAfile", root, "-TSA-CAfile", root, "-in", file).CombinedOutput()
	return string(output), err == nil
}

func signed(t *testing.T, file string) {
	t.Helper()
	output, ok := verify(t, file)
	if !ok || !strings.Contains(output, "TEST ONLY Stepdeck contributors") {
		t.Errorf("%s has no valid signature:\n%s", file, output)
	}
}

func notSigned(t *testing.T, file string) {
	t.Helper()
	if output, ok := verify(t, file); ok {
		t.Errorf("%s counts as signed:\n%s", file, output)
	}
}

func TestPackagesAreSigned(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(setting(t, "STEPDECK_WINE_PACKAGES"), "new", "Stepdeck-*"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		switch filepath.Ext(f) {
		case ".exe", ".msi":
			seen++
			signed(t, f)
			if !strings.Contains(f, "-test-signed") {
				t.Errorf("the name of %s does not say that only a test signed it", f)
			}
		}
	}
	if seen != 3 {
		t.Errorf("%d packages are signed, want two setup programs and an MSI: %v", seen, files)
	}
}
