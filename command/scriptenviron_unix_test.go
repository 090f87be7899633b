//go:build !windows

package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A script has AWS files of its own in its work folder, which it can write and which go with it, and the log names what it
// does not get, without values.
func TestAScriptHasItsOwnAWSConfiguration(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "AWS_PROFILE=other-profile", "PYTHONPATH=/odd-place", "AWS_CONFIG_FILE=/mine", "AWS_DEFAULT_OUTPUT=yaml")
	d.project(plain + "steps:\n" + bash("S", `printf '[profile t]\nregion = ap-east-1\n' >> "$AWS_CONFIG_FILE"
echo "region $(aws configure get region --profile t)"
echo "folder $(dirname "$AWS_CONFIG_FILE")"
echo "output $AWS_DEFAULT_OUTPUT"`))
	r := d.ok("run", "P").says("region ap-east-1", "output yaml")
	log := d.ok("runs", "log", "1").says("Not passed on: AWS_CONFIG_FILE, AWS_PROFILE, PYTHONPATH.")
	for _, never := range []string{"other-profile", "odd-place"} {
		if strings.Contains(log.out, never) {
			t.Errorf("%q is in the log:\n%s", never, log.out)
		}
	}
	_, rest, _ := strings.Cut(r.out, "folder ")
	folder, _, _ := strings.Cut(rest, "\n")
	if !filepath.IsAbs(folder) {
		t.Fatalf("the folder is not in the log:\n%s", r.out)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("%s is left: %v", folder, err)
	}
}

func TestPowerShellFindsThePersonsModules(t *testing.T) {
	if !hasPowerShell(t) {
		t.Skip("there is no pwsh on the PATH")
	}
	d := newDesk(t)
	module := filepath.Join(t.TempDir(), "Greeter")
	if err := os.MkdirAll(module, 0o700); err != nil {
		t.Fatal(err)
	}
	code := "function Get-Greeting { 'hello from a module' }\n"
	if err := os.WriteFile(filepath.Join(module, "Greeter.psm1"), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	d.environ = append(d.environ, "PSModulePath="+filepath.Dir(module))
	d.project(plain + `steps:
  - name: S
    aws: {account: none}
    script: {language: powershell, body: Get-Greeting}
`)
	d.ok("run", "P").says("hello from a module")
}
