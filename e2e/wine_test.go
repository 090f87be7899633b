//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// wine is a stage for the Windows programs. `make test-windows` prepares it: STEPDECK_E2E_WINE is the folder with a Stepdeck.exe that was
// built with the tag e2e, and bin/stepdeck.exe; WINEPREFIX is the Windows that they run on.
type wine struct {
	*stage
	drive string // path of drive C: on this computer
	below string // folder of this test on the drive
	exe   string // path of the window
}

func newWine(t *testing.T) *wine {
	t.Helper()
	programs, prefix := os.Getenv("STEPDECK_E2E_WINE"), os.Getenv("WINEPREFIX")
	if programs == "" || prefix == "" {
		t.Skip("STEPDECK_E2E_WINE is not set: run make test-windows")
	}
	s := newStage(t)
	w := &wine{s, filepath.Join(prefix, "drive_c"), "stepdeck window/" + t.Name(), filepath.Join(programs, "Stepdeck.exe")}
	s.data = w.path("data")
	if err := os.RemoveAll(w.path("")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(w.path(""), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, v := range os.Environ() {
		if strings.HasPrefix(v, "WINE") {
			s.env = append(s.env, v)
		}
	}
	s.env = append(s.env, "STEPDECK_HOME="+w.windows("data"))
	t.Cleanup(func() {
		if out, err := exec.Command("wineserver", "-k").CombinedOutput(); err != nil {
			t.Logf("wineserver: %v %s", err, out)
		}
	})
	return w
}

// path returns the path of a file in the test's folder on this computer; windows returns its path on Windows.
func (w *wine) path(name string) string { return filepath.Join(w.drive, w.below, name) }

func (w *wine) windows(name string) string {
	return strings.ReplaceAll(filepath.Join(`C:`, w.below, name), "/", `\`)
}

// run runs a Windows program and returns its output.
func (w *wine) run(args ...string) string {
	w.t.Helper()
	cmd := exec.Command("wine", args...)
	cmd.Env, cmd.Dir = w.env, w.path("")
	out, err := cmd.Output()
	if err != nil {
		w.t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (w *wine) command(args ...string) string {
	w.t.Helper()
	return w.run(append([]string{filepath.Join(filepath.Dir(w.exe), "bin", "stepdeck.exe")}, args...)...)
}

func (w *wine) open() *window {
	w.t.Helper()
	win := w.start([]string{"wine", w.exe}, "STEPDECK_E2E=1")
	w.t.Cleanup(func() { win.complaints() })
	return win
}

// file writes a project file and returns its path on Windows.
func (w *wine) file(project string) string {
	w.t.Helper()
	if err := os.WriteFile(w.path(project+".stepdeck"), []byte("stepdeck: 1\nproject: "+project+"\n"), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return w.windows(project + ".stepdeck")
}

func (w *wine) startCloud() cloud {
	w.t.Helper()
	cmd := exec.Command("wine", filepath.Join(filepath.Dir(w.exe), "bin", "stepdeck.exe"), "sandbox")
	cmd.Env = w.env
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { end(cmd) })
	var c cloud
	if err := json.NewDecoder(out).Decode(&c); err != nil {
		w.t.Fatal(err)
	}
	return c
}

// TestUnderWineDocumentedPath goes from an account to a finished run in the Windows window, with mouse and keyboard.
func TestUnderWineDocumentedPath(t *testing.T) {
	s := newWine(t)
	pwsh := os.Getenv("STEPDECK_WINE_PWSH")
	if pwsh == "" {
		if os.Getenv("STEPDECK_REQUIRE_PWSH") == "1" {
			t.Fatal("STEPDECK_WINE_PWSH is not set")
		}
		t.Skip("NO STEP WAS RUN IN THE WINDOW FOR WINDOWS: STEPDECK_WINE_PWSH is not set")
	}
	s.command("settings", "set", "tool.pwsh", pwsh)
	aws := s.startCloud()
	w := s.open()
	s.picture("root", "first start")

	w.click(words("Accounts"))
	w.click(words("Add account"))
	w.fill(field("Name"), "Website")
	w.fill(field("Access key"), aws.AccessKey)
	w.fill(field("Secret key"), aws.SecretKey)
	w.fill(field("Region"), "eu-west-1")
	w.click(words("More"))
	w.fill(field("Endpoint URL"), aws.Endpoint)
	w.click(words("Save and test"))
	w.read("AWS account " + aws.AWSID)
	w.click(words("Close"))
	w.gone("Save and test")

	w.click(words("Projects"))
	w.click(words("New project"))
	w.fill(field("Name"), "Shop")
	w.click(words("Create"))
	w.click(words("Variables"))
	w.click(words("Add Variable"))
	w.fill(field("Name"), "aws.account")
	w.click(field("Type"))
	w.click(words("Amazon Web Services Account"))
	w.read("Role Assigned to the AWS Instance Executing the Deployment")
	w.click(words("Website"))
	w.click(words("Add"))
	w.gone("Add value for another environment")

	w.click(words("Process"))
	w.click(words("Add step"))
	w.click(words("Add"))
	w.fill(field("Step name"), "Who am I")
	w.fill(field("AWS Account"), "aws.account")
	w.click(words("Yes"))
	w.fill(field("Role ARN"), deployer)
	w.fill(field("Region"), "eu-west-1")
	w.click(words("PowerShell"))
	w.script("Write-Output \"from $env:AWS_REGION as $($env:AWS_ACCESS_KEY_ID.Substring(0, 4))\"")
	w.click(words("Options"))
	w.click(field("PowerShell edition"))
	w.click(words("PowerShell (pwsh)"))
	w.click(words("Save and run"))

	w.read("Run · Shop")
	w.click(words("Run"))
	w.read("✓ Succeeded")
	w.click(words("Copy"))
	s.until("the log is copied", func() bool { return strings.Contains(s.clipboard(), "from eu-west-1 as ASIA") })
	s.picture("root", "finished run")
	if left, err := os.ReadDir(s.path("data/w")); err == nil && len(left) > 0 {
		t.Errorf("the run's work folder was not removed: %v", left)
	}
	if list := s.command("runs", "list"); !strings.Contains(strings.ToLower(list), "succeeded") {
		t.Errorf("the command lists\n%s", list)
	}
	w.close()
}

// TestUnderWineInstalled opens the installed window in every way that Windows has. While a window is open, each later start hands over to
// it; the open one here is built for tests, so that it can be looked at. Stepdeck is installed for all users, because Wine has no file
// types for a single user.
func TestUnderWineInstalled(t *testing.T) {
	s := newWine(t)
	packages := filepath.Join(os.Getenv("STEPDECK_WINE_PACKAGES"), "new")
	setups, err := filepath.Glob(filepath.Join(packages, "Stepdeck-*-quick-setup-all-users-test-signed*.exe"))
	if err != nil || len(setups) != 1 {
		t.Fatalf("%d setup programs: %v", len(setups), err)
	}
	s.run(setups[0], "/S")
	installed := filepath.Join(s.drive, "Program Files", "Stepdeck")
	t.Cleanup(func() { s.run(filepath.Join(installed, "uninstall.exe"), "/S") })

	t.Run("alone", func(t *testing.T) {
		cmd := exec.Command("wine", filepath.Join(installed, "Stepdeck.exe"))
		cmd.Env = append(append([]string{}, s.env...), "STEPDECK_HOME="+s.windows("alone"))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		id := ""
		s.until("the window is on the screen", func() bool {
			id = s.try("xdotool", "getactivewindow")
			return strings.Contains(s.try("xdotool", "getwindowname", id), "Stepdeck")
		})
		last := ""
		s.until("the window is drawn and still", func() bool {
			file, colours, before := s.picture(id, "installed"), 0, last
			_, err := fmt.Sscan(s.try("identify", "-format", "%k %#", file), &colours, &last)
			return err == nil && colours > 100 && last == before
		})
		s.until("the window closes", func() bool {
			s.try("xdotool", "key", "--clearmodifiers", "ctrl+q")
			select {
			case err := <-ended:
				if err != nil {
					t.Errorf("it exits with %v", err)
				}
				return true
			default:
				return false
			}
		})
		if _, err := os.Stat(s.path("alone/stepdeck.db")); err != nil {
			t.Error(err)
		}
	})

	w := s.open()
	for _, row := range []struct {
		name  string
		start func(file string) []string
	}{
		{"double click on a project file", func(file string) []string { return []string{"start", file} }},
		{"by the name of the program", func(file string) []string { return []string{"start", "Stepdeck.exe", file} }},
		{"a second start", func(file string) []string { return []string{filepath.Join(installed, "Stepdeck.exe"), file} }},
	} {
		t.Run(row.name, func(t *testing.T) {
			project := "Opened by " + row.name
			s.run(row.start(s.file(project))...)
			w.read(project)
			w.click(words("Cancel"))
			w.gone(project)
		})
	}
	s.picture("root", "after the others")
	w.close()
}
