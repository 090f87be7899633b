//go:build !windows

package command_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// keptBy are scripts that keep a file each, one that they write later, and one that does not exist, before they fail.
var keptBy = map[string]string{
	"bash": `echo one > a.txt
new_octopusartifact a.txt 'first.txt'
new_octopusartifact late.txt
echo "$(get_octopusvariable Password)" > late.txt
new_octopusartifact none.txt
write_highlight 'seen: *'
exit 5
`,
	"powershell": `Set-Content a.txt one
New-OctopusArtifact a.txt -Name first.txt
New-OctopusArtifact late.txt
$OctopusParameters['Password'] | Set-Content late.txt -Encoding Unicode
New-OctopusArtifact none.txt
Write-Highlight 'seen: *'
exit 5
`,
	"python": `import sys
open('a.txt', 'w').write('one\n')
createartifact('a.txt', 'first.txt')
createartifact('late.txt')
open('late.txt', 'w').write(get_octopusvariable('Password') + '\n')
createartifact('none.txt')
printhighlight('seen: *')
sys.exit(5)
`,
}

// Each language keeps artifacts of a step that fails.
func TestArtifactsOfEachLanguage(t *testing.T) {
	for language, body := range keptBy {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			if language == "powershell" && !hasPowerShell(t) {
				t.Skip("there is no pwsh on the PATH")
			}
			d := newDesk(t)
			d.environ = append(d.environ, "PW=swordfish-swordfish")
			d.project(plain + "variables:\n  - {name: Password, type: sensitive, value: {env: PW}}\nsteps:\n" +
				strings.Replace(bash("S", body), "language: bash", "language: "+language, 1))
			folder := filepath.Join(t.TempDir(), "out")
			d.run("run", "P", "--artifacts", folder).wants(5).says("artifact first.txt, 4 B", `"late.txt" contains a secret`,
				`"none.txt" is not kept. There is no file`, "★ seen: *", "2 artifacts: stepdeck runs artifacts 1")
			if text, err := os.ReadFile(filepath.Join(folder, "first.txt")); err != nil || string(text) != "one\n" {
				t.Errorf("%q, %v", text, err)
			}
			step := d.show("1")["steps"].([]any)[0].(map[string]any)
			var names []string
			for _, a := range step["artifacts"].([]any) {
				names = append(names, a.(map[string]any)["name"].(string))
			}
			if got := strings.Join(names, " "); got != "first.txt late.txt none.txt" {
				t.Errorf("the record has %s", got)
			}
		})
	}
}

// What was kept before the engine is killed stays, and what it was copying goes.
func TestArtifactsOfAKilledEngine(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "echo one > a.txt; new_octopusartifact a.txt; echo ready; sleep 600"))
	cmd := d.start("run", "P")
	var out syncBuffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the artifact is kept", func() bool { return strings.Contains(out.String(), "artifact a.txt") })
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	var part string
	err := filepath.WalkDir(d.home, func(path string, _ os.DirEntry, err error) error {
		if filepath.Base(path) == "a.txt" && strings.Contains(path, "artifacts") {
			part = filepath.Join(filepath.Dir(path), ".stepdeck-1")
		}
		return err
	})
	if err == nil {
		err = os.WriteFile(part, []byte("a part"), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	d.ok("runs", "show", "1").says("interrupted", "Artifact      a.txt, 4 B")
	d.ok("runs", "artifacts", "1", "a.txt").prints("one\n")
	if _, err := os.Stat(part); !os.IsNotExist(err) {
		t.Errorf("the part is still there: %v", err)
	}
}

// A file that was changed in the data folder is not handed out, and keeps no other from it.
func TestChangedArtifactsAreNotHandedOut(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "for f in a b; do echo $f > $f.txt; new_octopusartifact $f.txt; done"))
	d.ok("run", "P")
	kept, err := filepath.Glob(filepath.Join(d.home, "artifacts", "1", "*", "a.txt"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%q, %v", kept, err)
	}
	for what, change := range map[string]func() error{
		"other text": func() error { return os.WriteFile(kept[0], []byte("z\n"), 0o600) },
		"a link":     func() error { return os.Symlink("/etc/hostname", kept[0]) },
		"a pipe":     func() error { return syscall.Mkfifo(kept[0], 0o600) },
	} {
		must(t, os.Remove(kept[0]))
		must(t, change())
		folder := filepath.Join(t.TempDir(), "out")
		d.run("runs", "artifacts", "1", "a.txt", "-o", "-").wants(2).prints("").says("is not what the script made")
		d.run("runs", "artifacts", "1", "-o", folder).wants(2).says("is not what the script made")
		if text, err := os.ReadFile(filepath.Join(folder, "b.txt")); err != nil || string(text) != "b\n" {
			t.Errorf("%s: the other file has %q, %v", what, text, err)
		}
	}
	d.run("run", "P", "--artifacts", "").wants(2).says("--artifacts is empty")
}

// What is no file is written into: to replace it would take it from everybody.
func TestAPipeIsWrittenInto(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "echo one > a.txt; new_octopusartifact a.txt"))
	d.ok("run", "P")
	pipe := filepath.Join(t.TempDir(), "pipe")
	must(t, syscall.Mkfifo(pipe, 0o600))
	for _, args := range [][]string{{"runs", "artifacts", "1", "a.txt", "-o", pipe}, {"export", "P", "-o", pipe}} {
		text := make(chan string)
		go func() {
			data, err := os.ReadFile(pipe)
			text <- fmt.Sprint(string(data), err)
		}()
		d.ok(args...)
		if got := <-text; !strings.HasPrefix(got, "one\n") && !strings.Contains(got, "project: P") {
			t.Errorf("%q: the pipe had %q", args, got)
		}
		if info, err := os.Lstat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
			t.Fatalf("%q: it is no pipe any more: %v", args, err)
		}
	}
}

// The passphrase of the vault is hidden like any secret.
func TestThePassphraseIsHidden(t *testing.T) {
	d := newDesk(t)
	d.environ = append(slices.DeleteFunc(d.environ, func(v string) bool { return strings.HasPrefix(v, "STEPDECK_PASSPHRASE=") }),
		"STEPDECK_PASSPHRASE=Correct-Horse-99")
	d.project(plain + "steps:\n" + bash("S", "x=Horse; echo Correct-$x-99"))
	d.ok("run", "P").prints("********\n")
}
