package supervisor

import (
	"os/exec"
	"syscall"
	"testing"
)

// TestKillStrays: the environment alone tells, and it must be the whole beginning of a variable.
func TestKillStrays(t *testing.T) {
	const mark = "STRAY_OF=/data/w/00001001/"
	start := func(environ ...string) *exec.Cmd {
		t.Helper()
		cmd := exec.Command("sleep", "600")
		cmd.Env = environ
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		return cmd
	}
	spared := []*exec.Cmd{start("A=B"), start("STRAY_OF=/data/w/00001002/x"), start("NO_" + mark + "x"), start("A=" + mark)}
	strays := []*exec.Cmd{start(mark+"x", "A=B"), start("A=B", mark)}
	if ended, survivors := KillStrays(mark); ended != len(strays) || len(survivors) > 0 {
		t.Errorf("%d ended, %v are left", ended, survivors)
	}
	for _, cmd := range strays {
		_ = cmd.Wait()
		if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
			t.Errorf("a stray ended by itself: %v", cmd.ProcessState)
		}
	}
	for _, cmd := range spared {
		if err := cmd.Process.Signal(syscall.Signal(0)); err != nil {
			t.Errorf("one with %q has ended: %v", cmd.Env, err)
		}
	}
	if ended, survivors := KillStrays(mark); ended != 0 || len(survivors) > 0 {
		t.Errorf("again: %d ended, %v are left", ended, survivors)
	}
}
