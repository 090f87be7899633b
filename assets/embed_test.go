package assets_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/assets"
)

func TestTheLicenceIsTheProjects(t *testing.T) {
	own, err := os.ReadFile("../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	if shipped, err := assets.Files.ReadFile("LICENSE"); err != nil || string(shipped) != string(own) {
		t.Errorf("assets/LICENSE differs from LICENSE: copy it. %v", err)
	}
}

func TestBootstrapsAreShipped(t *testing.T) {
	for name, holds := range map[string]string{
		"bootstrap/bootstrap.sh":  "get_octopusvariable()",
		"bootstrap/helpers.sh":    "fail_step()",
		"bootstrap/beside.sh":     "__stepdeck_beside()",
		"bootstrap/source.sh":     "builtin source",
		"bootstrap/start.sh":      "exec ",
		"bootstrap/bootstrap.py":  "def get_octopusvariable",
		"bootstrap/bootstrap.ps1": "function Set-OctopusVariable",
	} {
		if text, err := assets.Files.ReadFile(name); err != nil || !strings.Contains(string(text), holds) {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
}
