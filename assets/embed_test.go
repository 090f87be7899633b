package assets_test

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/assets"
)

func TestBootstrapsAreShipped(t *testing.T) {
	for name, holds := range map[string]string{
		"bootstrap/bootstrap.sh":  "get_octopusvariable()",
		"bootstrap/bootstrap.ps1": "function Set-OctopusVariable",
	} {
		if text, err := assets.Files.ReadFile(name); err != nil || !strings.Contains(string(text), holds) {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
}
