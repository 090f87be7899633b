//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// TestPictures makes the pictures of the documentation: each screen, light and dark, in two sizes. `make screenshots` runs it and sets the
// folder.
func TestPictures(t *testing.T) {
	out := os.Getenv("STEPDECK_E2E_PICTURES")
	if out == "" {
		t.Skip("STEPDECK_E2E_PICTURES is not set")
	}
	for _, tool := range []string{"convert", "bash", "aws", "pwsh"} {
		need(t, tool)
	}
	for _, size := range []struct{ width, height int }{{1280, 800}, {900, 600}} {
		for _, theme := range []string{"light", "dark"} {
			t.Run(fmt.Sprintf("%dx%d %s", size.width, size.height, theme), func(t *testing.T) {
				dir := filepath.Join(out, fmt.Sprintf("%dx%d", size.width, size.height))
				a := &album{theme: theme, width: size.width, height: size.height, dir: dir}
				if err := os.MkdirAll(a.dir, 0o755); err != nil {
					t.Fatal(err)
				}
				t.Run("first start", a.firstStart)
				t.Run("work", a.work)
			})
		}
	}
}

// album takes pictures in one theme and size.
type album struct {
	theme         string
	width, height int
	dir           string
}

// person is the home folder in the pictures. It is the same on every machine, and is removed afterwards.
const person = "/tmp/ana"

// stage returns a stage whose paths are the same on every machine, because pictures show them.
func (a *album) stage(t *testing.T) *stage {
	t.Helper()
	if err := os.Mkdir(person, 0o755); err != nil {
		t.Fatalf("%v: remove it", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(person); err != nil {
			t.Error(err)
		}
	})
	s := newStage(t)
	s.home, s.data = person, filepath.Join(person, "Stepdeck")
	const bin = ".local/bin" // for what is installed elsewhere
	for _, tool := range []string{"aws", "bash", "pwsh"} {
		if _, err := os.Stat("/usr/bin/" + tool); err == nil {
			continue
		}
		path := s.write(bin+"/"+tool, fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\"\n", need(t, tool)))
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.env = append(s.env, "HOME="+s.home, "STEPDECK_HOME="+s.data, "PATH="+filepath.Join(person, bin)+":/usr/bin:/bin")
	s.command("settings", "set", "window.theme", a.theme)
	return s
}

func (a *album) open(s *stage) *window {
	w := s.open()
	w.resize(a.width, a.height)
	w.await("the programs are found", func(v view) bool { return v.has("✓ pwsh") && v.has("✓ aws") })
	return w
}

// take takes a picture of the whole window once it is still.
func (a *album) take(w *window, name string) {
	w.t.Helper()
	w.tool("xdotool", "mousemove", "0", "0")
	w.still()
	file := filepath.Join(a.dir, name+"-"+a.theme+".png")
	var last []byte
	for range 8 {
		now := w.shot()
		if bytes.Equal(now, last) {
			break
		}
		last = now
	}
	// Text on plain backgrounds needs few colours. A palette makes the file a quarter of the size.
	cmd := exec.Command("convert", "png:-", "+dither", "-colors", "250", "-strip",
		"-define", "png:exclude-chunks=date,time", "-define", "png:compression-level=9", "PNG8:"+file)
	cmd.Stdin = bytes.NewReader(last)
	if text, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("%v: %s", err, text)
	}
}

// shot returns a picture of the window as PNG.
func (w *window) shot() []byte {
	w.t.Helper()
	cmd := exec.Command("import", "-window", w.id, "png:-")
	cmd.Env = append(os.Environ(), "DISPLAY="+w.display)
	png, err := cmd.Output()
	if err != nil {
		w.t.Fatal(err)
	}
	return png
}

func (a *album) firstStart(t *testing.T) {
	s := a.stage(t)
	w := a.open(s)
	w.read("Drop a script or a package here")
	w.gone("looking for aws")
	a.take(w, "first-start")
	w.drop(s.makePackage("Acme.Scripts", "1.3.0", map[string]string{
		"tools/roll.ps1": demoRoll, "tools/rotate-keys.sh": "set -euo pipefail\n", "readme.md": "# Scripts\n",
	}))
	w.read("Files that can be run: 2 of 3")
	w.click(words("tools/roll.ps1"))
	w.fill(field("Parameters"), "-Tier web -Batch 2")
	w.key("Tab")
	a.take(w, "begin")
	w.kill()
}

func (a *album) work(t *testing.T) {
	s := a.stage(t)
	h := s.fill()
	// The sheet before a run asks AWS. It asks a sandbox, at an address that is the same on every machine.
	aws, err := sandbox.Start(context.Background(), sandbox.Options{
		Port: 4566, Keys: []sandbox.Key{{AccessKeyID: demoKey, SecretKey: demoSecret}},
		Roles: []sandbox.Role{{ARN: "arn:aws:iam::" + demoProduction + ":role/deployer"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer aws.Close()
	w := a.open(s)

	w.click(words("Projects"))
	w.click(words("Website"))
	a.take(w, "projects")
	w.click(words("Open"))
	w.read("Project settings…")
	w.click(field("Environment"))
	w.click(words("Production"))
	w.click(words("Process")) // takes the focus from the field
	a.take(w, "process")

	w.click(words("Upload the pages"))
	w.click(words("Edit"))
	w.read("Script Content")
	a.take(w, "step")
	w.click(words("Preview"))
	w.read("AWS_REGION")
	a.take(w, "preview")
	w.key("Escape")
	w.gone("AWS_REGION")
	w.click(words("Process"))

	w.click(words("Variables"))
	w.read("Chat.Token")
	a.take(w, "variables")
	w.click(words("Add Variable"))
	w.fill(field("Name"), "aws.audit")
	w.click(field("Type"))
	w.click(words("Amazon Web Services Account"))
	w.click(words("Website production"))
	a.take(w, "add-variable")
	w.key("Escape")
	w.click(words("Discard"))

	w.click(words("Accounts"))
	w.click(words("Website production"))
	a.take(w, "accounts")
	w.click(words("Edit"))
	w.read("Save and test")
	a.take(w, "account-form")
	w.key("Escape")
	w.gone("Save and test")
	w.click(words("AWS accounts"))
	w.click(words("Website-prod"))
	a.take(w, "aws-accounts")

	w.click(words("Packages"))
	w.click(words("1.3.0"))
	w.click(words("tools/roll.ps1"))
	w.read("tools/roll.ps1 · ")
	a.take(w, "packages")

	w.click(words("Runs"))
	w.click(words("#8"))
	a.take(w, "runs")
	w.click(words("Show"))
	w.read("✓ Succeeded")
	w.click(words("Roll the web tier"))
	a.take(w, "run-finished")
	w.click(words("All runs"))
	w.click(words("#7"))
	w.click(words("Show"))
	w.read("✕ Failed")
	a.take(w, "run-failed")
	run := h.running()
	w.click(words("1 running: Website · Staging"))
	w.read("● Running")
	a.take(w, "run-running")
	run.Status, run.Finished = "stopped", time.Now()
	h.must(h.st.FinishRun(h.ctx, run))

	w.click(words("Settings"))
	w.read("Data folder")
	a.take(w, "settings")

	account, err := h.st.Account(h.ctx, "Website production")
	h.must(err)
	account.Endpoint = aws.Endpoint()
	h.must(h.st.SaveAccount(h.ctx, &account))
	w.click(words("Projects"))
	w.click(words("Projects")) // again: from the open project to all of them
	w.openProject("Housekeeping")
	w.click(words("Run"))
	w.read("Run · Housekeeping")
	a.take(w, "run-sheet")
	w.kill()
}
