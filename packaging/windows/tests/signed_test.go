//go:build wine

package tests

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// verify asks osslsigncode, which trusts the test authority alone.
func verify(t *testing.T, file string) (out string, ok bool) {
	t.Helper()
	root := filepath.Join(setting(t, "STEPDECK_WINE_PACKAGES"), "new", "root.pem")
	said, err := exec.Command("osslsigncode", "verify", "-CAfile", root, "-TSA-CAfile", root, "-in", file).CombinedOutput()
	return string(said), err == nil
}

func signed(t *testing.T, file string) {
	t.Helper()
	said, ok := verify(t, file)
	if !ok || !strings.Contains(said, "TEST ONLY Stepdeck contributors") {
		t.Errorf("%s is not signed well:\n%s", file, said)
	}
}

func notSigned(t *testing.T, file string) {
	t.Helper()
	if said, ok := verify(t, file); ok {
		t.Errorf("%s passes for signed:\n%s", file, said)
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
