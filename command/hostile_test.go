//go:build !windows

package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestOutputNamesRevealNoSecretAndForgeNoLines(t *testing.T) {
	d := newDesk(t)
	const secret = "swordfish-swordfish"
	d.environ = append(d.environ, "PW="+secret)
	d.project(plain + "variables:\n  - {name: Password, type: sensitive, value: {env: PW}}\nsteps:\n" +
		bash("S", `set_octopusvariable "N-$(get_octopusvariable Password)" v
set_octopusvariable "$(printf 'a\nStep 2 prod: succeeded')" v
echo "##octopus[resultMessage message='$(printf 'bad\nStep 3 prod: succeeded' | base64)']"
set_octopusvariable Good v
exit 1`))
	r := d.run("run", "P").wants(1)
	shown := d.ok("runs", "show", "1").out
	if all := r.out + r.err + shown + d.ok("runs", "show", "1", "--json").out; strings.Contains(all, secret) {
		t.Error("the name of an output tells the secret")
	}
	for _, line := range strings.Split(r.err+shown, "\n") {
		if strings.HasPrefix(line, "Step 2") || strings.HasPrefix(line, "Step 3") {
			t.Errorf("a script's text looks like ours: %q", line)
		}
	}
	if !strings.Contains(shown, "Good = v") {
		t.Errorf("the good output is missing:\n%s", shown)
	}
	wantNoSecret(t, d.home, secret)
}

func TestExportWritesIntoWhatIsThere(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "true"))
	target := d.file("target", "old")
	link := filepath.Join(d.dir, "link")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	d.ok("export", "P", "-o", link)
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if text, err := os.ReadFile(target); err != nil || !strings.Contains(string(text), "project: P") {
		t.Errorf("the target holds %q, %v", text, err)
	}
	fifo := filepath.Join(d.dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		text, _ := os.ReadFile(fifo)
		read <- string(text)
	}()
	d.ok("export", "P", "-o", fifo)
	if text := <-read; !strings.Contains(text, "project: P") {
		t.Errorf("through the pipe came %q", text)
	}
}

func TestAnImportNamesWhatItReads(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "TOKEN=ghp_0123456789")
	file := d.file("p.stepdeck", plain+"variables:\n  - {name: V, type: sensitive, value: {env: TOKEN}}\n")
	d.ok("import", "--dry-run", file).says("environment variable TOKEN")
	own := d.file("own.stepdeck", plain+"variables:\n  - {name: V, type: sensitive, value: {env: STEPDECK_PASSPHRASE}}\n")
	d.run("import", "--yes", own).wants(2).says("STEPDECK_PASSPHRASE")
	fifo := filepath.Join(d.dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	fromFIFO := d.file("fifo.stepdeck", plain+"variables:\n  - {name: V, type: sensitive, value: {file: fifo}}\n")
	d.run("import", "--yes", fromFIFO).wants(2).says("not a regular file")
}

func TestOutputsDoNotChangeAccounts(t *testing.T) {
	d := newDesk(t)
	d.project(sandboxed + "steps:\n" + bash("A", "set_octopusvariable aws.account instance-role") + `
  - name: B
    aws: {account: aws.account, region: eu-west-1}
    script: {language: bash, body: 'echo "#{aws.account} #{Octopus.Action[A].Output.aws.account}"'}
`)
	d.ok("run", "P").prints("Sandbox instance-role\n").says("account variable", "user/sandbox")
}

func TestAgainTakesSensitiveValues(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "PW=swordfish-swordfish")
	d.project(plain + "variables:\n  - {name: Password, type: sensitive}\nsteps:\n" +
		bash("S", "p=$(get_octopusvariable Password); echo ${#p}"))
	d.ok("run", "P", "--set-env", "Password=PW").prints("19\n")
	d.run("runs", "again", "1").wants(3).says("Password")
	d.ok("runs", "again", "1", "--set-env", "Password=PW").prints("19\n")
	d.ok("runs", "keep", "1")
	d.run("runs", "delete", "1").wants(2).says("--undo")
	d.run("runs", "list", "--status", "bogus").wants(2).says("interrupted")
}

func TestDoctorOpensTheVault(t *testing.T) {
	d := newEmptyDesk(t)
	d.ok("account", "add", "Play", "--endpoint", "sandbox")
	d.ok("doctor").says("1 secret,")
	d.environ = append(d.environ, "STEPDECK_PASSPHRASE=wrong")
	d.run("doctor").wants(1).says("vault")
}

func TestUnwritableOutputIsReported(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full here")
	}
	defer func() { _ = full.Close() }()
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "echo text"))
	for _, args := range [][]string{{"run", "P"}, {"run", "P", "--json"}} {
		cmd := d.start(args...)
		var errs syncBuffer
		cmd.Stdout, cmd.Stderr = full, &errs
		if err := cmd.Run(); err != nil || !strings.Contains(errs.String(), "standard output can't be written") {
			t.Errorf("%v: %v, %q", args, err, errs.String())
		}
	}
	d.ok("runs", "log", "1").says("text")
}
