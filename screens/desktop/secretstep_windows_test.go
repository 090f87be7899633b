package desktop

import (
	"os"
	"os/exec"
	"testing"
)

// secretStep returns the lines of a step that succeeds if it gets the variable Password. It needs PowerShell 7, because Wine's Windows
// PowerShell does nothing.
func secretStep(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("pwsh"); err != nil {
		if os.Getenv("STEPDECK_REQUIRE_PWSH") == "1" {
			t.Fatal(err)
		}
		t.Skipf("SKIPPED FOR WANT OF pwsh: %v (STEPDECK_REQUIRE_PWSH=1 makes this a failure)", err)
	}
	return `script: {language: powershell, body: 'if ($OctopusParameters["Password"] -cne "swordfish") { exit 1 }'}
    options: {edition: core}`
}
