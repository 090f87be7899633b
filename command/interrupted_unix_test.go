//go:build !windows

package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestInterruptedWhileTheVaultOpens: a run that waits for a passphrase can be stopped, and the exit code, the
// record and the events agree on how it ended.
func TestInterruptedWhileTheVaultOpens(t *testing.T) {
	for _, row := range []struct {
		name, status string
		exit         int
		args         []string
		signal       os.Signal
	}{
		{"Ctrl-C", "stopped", 130, nil, os.Interrupt},
		{"end", "stopped", 130, nil, syscall.SIGTERM},
		{"time limit", "timedout", 124, []string{"--timeout", "300ms"}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDesk(t)
			ran := filepath.Join(t.TempDir(), "ran")
			d.file("password.txt", "hunter2-hunter2")
			d.project(plain + "variables:\n  - {name: Password, type: sensitive, value: {file: password.txt}}\nsteps:\n" + bash("S", "touch "+ran))
			pipe := filepath.Join(t.TempDir(), "passphrase")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := d.start(append([]string{"run", "P", "--events"}, row.args...)...)
			cmd.Env = append(cmd.Env, "STEPDECK_PASSPHRASE=", "STEPDECK_PASSPHRASE_FILE="+pipe)
			var out, errs syncBuffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if row.signal != nil {
				until(t, "the run begins", func() bool { return strings.Contains(out.String(), `"type":"run"`) })
				if err := cmd.Process.Signal(row.signal); err != nil {
					t.Fatal(err)
				}
			}
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != row.exit {
				t.Errorf("exit code %d, want %d\n%s", code, row.exit, errs.String())
			}
			run := d.show("1")
			if run["status"] != row.status || run["exitCode"] != float64(row.exit) {
				t.Errorf("recorded: %v %v", run["status"], run["exitCode"])
			}
			events := result{t: t, out: out.String()}.objects()
			if last := events[len(events)-1]; last["type"] != "result" || last["status"] != row.status || last["exitCode"] != float64(row.exit) {
				t.Errorf("reported: %v", last)
			}
			if _, err := os.Stat(ran); err == nil {
				t.Error("the script ran")
			}
		})
	}
}
