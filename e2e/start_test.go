//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// mostInputs is the largest number of fields, clicks, keys and drops between an empty data folder and a finished run.
const mostInputs = 10

// TestFirstStart drops a package with a script on the window of an empty data folder. From there a single page leads to a finished run
// with an access key.
func TestFirstStart(t *testing.T) {
	const (
		bash       = "echo \"rotating in $AWS_REGION\"\naws --endpoint-url \"$AWS_ENDPOINT_URL\" "
		powerShell = "Write-Host \"rotating in $env:AWS_REGION\"\naws --endpoint-url $env:AWS_ENDPOINT_URL "
		identity   = "sts get-caller-identity --query Arn --output text\n"
	)
	for _, row := range []struct {
		name, file, text, tool string
	}{
		{"bash", "tools/rotate.sh", bash + identity, "bash"},
		{"powershell", "tools/rotate.ps1", powerShell + identity, "pwsh"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.tool == "pwsh" {
				needPowerShell(t)
			}
			s := newStage(t)
			aws := s.startCloud()
			file := s.makePackage("Acme.Scripts", "1.2.0", map[string]string{row.file: row.text, "lib/notes.txt": "notes\n"})
			w := s.open()
			w.read("Drop a script or a package here")
			w.leavesNoCore()
			w.inputs = 0

			w.drop(file)
			w.read("Files that can be run: 1 of 2") // the page grows until then
			w.fill(field("Access key"), aws.AccessKey)
			w.fill(field("Secret key"), aws.SecretKey)
			w.click(words("More"))
			w.fill(field("Endpoint URL"), aws.Endpoint)
			w.fill(field("Region"), "eu-west-1")
			w.click(words("Save and run"))
			w.read("Run · My scripts")
			w.click(words("Run"))
			w.read("✓ Succeeded")
			t.Logf("%d inputs", w.inputs)
			if w.inputs > mostInputs {
				t.Errorf("it takes %d inputs, want at most %d", w.inputs, mostInputs)
			}

			w.click(words("Copy"))
			s.until("the log is copied", func() bool { return strings.Contains(s.clipboard(), "rotating in eu-west-1") })
			if log := s.clipboard(); !strings.Contains(log, "arn:aws:") {
				t.Errorf("the log says\n%s", log)
			}
			w.close()
		})
	}
}

// leavesNoCore fails the test if the window, which will hold secrets, may leave a core file.
func (w *window) leavesNoCore() {
	w.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", w.cmd.Process.Pid))
	if err != nil {
		w.t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "Max core file size")
	if sizes := strings.Fields(after); len(sizes) < 2 || sizes[0] != "0" || sizes[1] != "0" {
		w.t.Errorf("a core file may have up to %q", sizes[:min(2, len(sizes))])
	}
}

// TestSample runs the sample from the start page with one click.
func TestSample(t *testing.T) {
	needPowerShell(t)
	s := newStage(t)
	w := s.open()
	w.read("Drop a script or a package here")
	w.inputs = 0
	w.click(words("Try the sample"))
	w.read("SANDBOX") // the last step has no account
	w.read("✓ Succeeded")
	if w.inputs != 1 {
		t.Errorf("it took %d inputs", w.inputs)
	}
	w.close()

	// The next start shows what there is.
	w = s.open()
	w.click(words("Projects"))
	w.read("Sample")
	w.close()
}
