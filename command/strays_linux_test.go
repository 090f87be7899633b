package command_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// supervisorOf returns the supervisor that an engine has started.
func supervisorOf(t *testing.T, engine int) int {
	t.Helper()
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", engine)) // any thread may have started it
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		children, _ := os.ReadFile(list)
		for _, field := range strings.Fields(string(children)) {
			line, err := os.ReadFile("/proc/" + field + "/cmdline")
			if pid, atoi := strconv.Atoi(field); err == nil && atoi == nil && bytes.Contains(line, []byte("__supervise")) {
				return pid
			}
		}
	}
	t.Fatal("no supervisor was started")
	return 0
}

// TestTheNextStartEndsWhatNobodyOwns: engine and supervisor are killed at once, so that neither can end the tree.
func TestTheNextStartEndsWhatNobodyOwns(t *testing.T) {
	d := newDesk(t)
	mark := "300." + strconv.Itoa(os.Getpid()) + "7"
	d.project(plain + "steps:\n" + bash("S", sleeper(mark)))
	cmd := d.start("run", "P")
	var out syncBuffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the script starts", func() bool { return strings.Contains(out.String(), "started") && len(survivors(t, mark)) >= 4 })
	engine := cmd.Process.Pid
	owner := supervisorOf(t, engine)
	for _, kill := range []struct {
		pid    int
		signal syscall.Signal
	}{{engine, syscall.SIGSTOP}, {owner, syscall.SIGKILL}, {engine, syscall.SIGKILL}} {
		if err := syscall.Kill(kill.pid, kill.signal); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Wait()
	if len(survivors(t, mark)) == 0 {
		t.Fatal("all have ended: the test shows nothing")
	}
	d.ok("runs", "list").says("interrupted")
	until(t, "what was left is gone", func() bool { return len(survivors(t, mark)) == 0 })
}
