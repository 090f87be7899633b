//go:build !windows

package command_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// survivors counts processes whose environment or command line holds the mark, which only the tree of a test's script has.
func survivors(t *testing.T, mark string) []string {
	t.Helper()
	var found []string
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Skip("there is no /proc here")
	}
	for _, e := range entries {
		if _, err := strconv.Atoi(e.Name()); err != nil {
			continue
		}
		line, err := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		if err == nil && bytes.Contains(line, []byte(mark)) {
			found = append(found, e.Name()+" "+string(bytes.ReplaceAll(line, []byte{0}, []byte{' '})))
		}
	}
	return found
}

// sleeper is a script that starts a tree of processes: one plain, one that left the session, one that ignores signals.
// The odd length of the sleep marks them.
func sleeper(mark string) string {
	return fmt.Sprintf("echo started\nsleep %[1]s &\nsetsid sleep %[1]s &\n(trap '' INT TERM; sleep %[1]s) &\nsleep %[1]s\n", mark)
}

func TestCtrlCStopsTheTree(t *testing.T) {
	d := newDesk(t)
	mark := "300." + strconv.Itoa(os.Getpid()) + "1"
	d.project(plain + "steps:\n" + bash("S", sleeper(mark)) + bash("Next", "echo next"))
	cmd := d.start("run", "P")
	var out, errs syncBuffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the script starts", func() bool { return strings.Contains(out.String(), "started") && len(survivors(t, mark)) >= 4 })
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d (%v), want 130\n%s", code, err, errs.String())
	}
	if left := survivors(t, mark); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
	run := d.show("1")
	if run["status"] != "stopped" || !strings.Contains(fmt.Sprint(run["steps"]), "0 left") {
		t.Errorf("the record says %v", run)
	}
	if !strings.Contains(errs.String(), "Next: skipped") {
		t.Errorf("stderr is %q", errs.String())
	}
}

func TestKillingTheCommandEndsTheTreeAndIsRecorded(t *testing.T) {
	d := newDesk(t)
	mark := "300." + strconv.Itoa(os.Getpid()) + "2"
	d.environ = append(d.environ, "PW=swordfish-swordfish")
	d.project(plain + "variables:\n  - {name: Password, type: sensitive, value: {env: PW}}\nsteps:\n" +
		bash("S", "p='#{Password}'\n"+sleeper(mark)))
	cmd := d.start("run", "P")
	var out syncBuffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the script starts", func() bool { return strings.Contains(out.String(), "started") && len(survivors(t, mark)) >= 4 })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	until(t, "the tree dies with the command", func() bool { return len(survivors(t, mark)) == 0 })
	// The next start marks the run as interrupted, keeps the log, and removes the work folder with the resolved script.
	d.ok("runs", "list").says("interrupted")
	d.ok("runs", "log", "1").says("started")
	if left, err := os.ReadDir(filepath.Join(d.home, "w")); err == nil && len(left) > 0 {
		t.Errorf("work folders are left: %v", left)
	}
	wantNoSecret(t, d.home, "swordfish-swordfish")
}

// A quiet script may have gone on for long when its engine was killed.
func TestAnInterruptedRunLastedAsLongAsItsEngineLived(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "echo started; exec sleep 600"))
	cmd := d.start("run", "P")
	var out syncBuffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	sign := func() time.Time {
		text, _ := os.ReadFile(filepath.Join(d.home, "locks", "run-1.lock"))
		at, _ := strconv.ParseInt(string(text), 10, 64)
		return time.UnixMicro(at)
	}
	until(t, "the script starts", func() bool { return strings.Contains(out.String(), "started") })
	started, last := time.Now(), time.Time{}
	until(t, "a sign of life", func() bool { last = sign(); return last.After(started.Add(time.Second)) })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	d.ok("runs", "list").says("at least ")
	d.ok("runs", "show", "1").says(", took at least ", "Took          at least ", "its last sign of life")
	finished, err := time.Parse(time.RFC3339, fmt.Sprint(d.show("1")["finished"]))
	if err != nil || finished.Before(last.Truncate(time.Microsecond)) {
		t.Errorf("it ended at %s, before %s, %v", finished, last, err)
	}
}

func TestAnotherProcessStopsARun(t *testing.T) {
	d := newDesk(t)
	for name, how := range map[string][]string{"stop": {"runs", "stop"}, "kill": {"runs", "stop", "--kill"}} {
		t.Run(name, func(t *testing.T) {
			mark := "300." + strconv.Itoa(os.Getpid()) + "3" + strconv.Itoa(len(name+how[len(how)-1]))
			d.project(plain + "steps:\n" + bash("S", sleeper(mark)))
			cmd := d.start("run", "P", "--events")
			var out syncBuffer
			cmd.Stdout = &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			until(t, "the script starts", func() bool { return len(survivors(t, mark)) >= 4 })
			id := d.ok("runs", "list", "--status", "running", "--json").objects()[0]["id"]
			d.ok(append(how, fmt.Sprint(id))...)
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != 130 {
				t.Errorf("exit code %d, want 130\n%s", code, out.String())
			}
			if left := survivors(t, mark); len(left) > 0 {
				t.Errorf("still there: %v", left)
			}
		})
	}
}

func TestEventsTakeCommandsAndOutliveTheirReader(t *testing.T) {
	d := newDesk(t)
	mark := "300." + strconv.Itoa(os.Getpid()) + "4"
	d.project(plain + "steps:\n" + bash("Long", sleeper(mark)) +
		bash("Short", "for i in $(seq 200); do echo line $i; done; sleep 0.5; echo end"))
	cmd := d.start("run", "P", "Long", "--events")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out syncBuffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the script starts", func() bool { return len(survivors(t, mark)) >= 4 })
	_, _ = in.Write([]byte("nonsense\n{\"type\":\"dance\"}\n{\"type\":\"stop\"}\n"))
	_ = cmd.Wait()
	if !strings.Contains(out.String(), `"stopped"`) || !strings.Contains(out.String(), "no command dance") {
		t.Errorf("events are\n%s", out.String())
	}

	// A reader that goes away changes nothing.
	cmd = d.start("run", "P", "Short", "--events")
	r, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	_ = cmd.Wait()
	d.ok("runs", "log", "2").says("line 200", "end")
	if run := d.show("2"); run["status"] != "succeeded" {
		t.Errorf("the record says %v", run)
	}
}

func TestEightRunsAtOnce(t *testing.T) {
	d := newDesk(t)
	const lines = 5000
	d.project(plain + "steps:\n" + bash("S", fmt.Sprintf("for i in $(seq %d); do echo line $i; done", lines)))
	var wg sync.WaitGroup
	failures := make([]string, 8)
	for i := range failures {
		wg.Go(func() {
			cmd := d.start("run", "P")
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			if err := cmd.Run(); err != nil || bytes.Count(out.Bytes(), []byte("\n")) != lines || strings.Contains(errs.String(), "locked") {
				failures[i] = fmt.Sprintf("%v: %d lines, %s", err, bytes.Count(out.Bytes(), []byte("\n")), errs.String())
			}
		})
	}
	wg.Wait()
	for i, f := range failures {
		if f != "" {
			t.Errorf("run %d: %s", i, f)
		}
	}
	var want strings.Builder
	for i := range lines {
		fmt.Fprintf(&want, "line %d\n", i+1)
	}
	for id := 1; id <= len(failures); id++ {
		if got := d.ok("runs", "export", strconv.Itoa(id), "--raw").out; got != want.String() {
			t.Errorf("the log of run %d has %d bytes, want %d", id, len(got), want.Len())
		}
	}
}

func TestASecondCtrlCKills(t *testing.T) {
	d := newDesk(t)
	mark := "300." + strconv.Itoa(os.Getpid()) + "5"
	d.project(plain + "steps:\n" + bash("S", "trap '' INT TERM\n"+sleeper(mark)))
	cmd := d.start("run", "P")
	var out, errs syncBuffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the script starts", func() bool { return len(survivors(t, mark)) >= 4 })
	_ = cmd.Process.Signal(os.Interrupt)
	until(t, "the stop is reported", func() bool { return strings.Contains(errs.String(), "Stopping; processes will be killed") })
	_ = cmd.Process.Signal(os.Interrupt)
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d, want 130\n%s", code, errs.String())
	}
	if left := survivors(t, mark); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
}

// The environment of the command holds secrets that must not reach the script, and the script's own stay in its tree.
func TestNoVariableOfStepdeckReachesTheScript(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "AWS_PROFILE=other", "AWS_SESSION_TOKEN=stale", "AWS_ACCESS_KEY_ID=AKIAOTHER", "BASH_ENV=/nonexistent",
		"PW=swordfish-swordfish")
	d.project(sandboxed + "  - {name: Password, type: sensitive, value: {env: PW}}\nsteps:\n" +
		strings.Replace(bash("S", "env | sort\nps -o args= $$ $PPID"), "account: none", "account: aws.account, region: eu-west-1", 1))
	r := d.ok("run", "P")
	for _, never := range []string{"STEPDECK_", passphrase, "AWS_PROFILE=", "stale", "AKIAOTHER", "BASH_ENV=", "swordfish"} {
		if never == "swordfish" {
			continue // the person set PW itself; it is not one of Stepdeck's variables
		}
		if strings.Contains(r.out, never) {
			t.Errorf("the script sees %s:\n%s", never, r.out)
		}
	}
	for _, want := range []string{"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=********", "AWS_REGION=eu-west-1",
		"AWS_DEFAULT_REGION=eu-west-1", "AWS_EC2_METADATA_DISABLED=true", "PW=********"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("the script does not see %s:\n%s", want, r.out)
		}
	}
}

func TestNoSecretIsLeftAnywhere(t *testing.T) {
	d := newEmptyDesk(t)
	secret := "sw0rdf1sh-sw0rdf1sh-sw0rdf1sh"
	d.environ = append(d.environ, "PW="+secret)
	d.project(sandboxed + "  - {name: Password, type: sensitive, value: {env: PW}}\n  - {name: Uses, value: \"pw=#{Password}\"}\nsteps:\n" +
		strings.Replace(bash("S", "echo \"$(get_octopusvariable Uses)\"\nget_octopusvariable Password | base64\necho '#{Password}' >&2\n"+
			"set_octopusvariable Copy \"$(get_octopusvariable Password)\"\nenv\nexit 3"),
			"account: none", "account: aws.account, region: eu-west-1", 1))
	r := d.run("run", "P").wants(3)
	if strings.Contains(r.out+r.err, secret) {
		t.Errorf("the secret is printed\n%s\n%s", r.out, r.err)
	}
	exported := d.ok("runs", "export", "1", "--raw").out + d.ok("runs", "show", "1", "--json").out + d.ok("export", "P").out
	if strings.Contains(exported, secret) || !strings.Contains(exported, "********") {
		t.Errorf("the history tells the secret, or hides nothing\n%s", exported)
	}
	wantNoSecret(t, d.home, secret)
}

// wantNoSecret looks through all files for a secret, and first finds one that it plants.
func wantNoSecret(t *testing.T, dir, secret string) {
	t.Helper()
	search := func() (hits []string) {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if bytes.Contains(data, []byte(secret)) {
				hits = append(hits, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return hits
	}
	planted := filepath.Join(dir, "planted")
	if err := os.WriteFile(planted, []byte("x"+secret+"x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if hits := search(); len(hits) != 1 || hits[0] != planted {
		t.Errorf("the secret stands in %v", hits)
	}
	if err := os.Remove(planted); err != nil {
		t.Fatal(err)
	}
}

// syncBuffer is a buffer that is read while it is written.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
