package credentialprocess_test

import (
	"os"
	"strings"
	"testing"
	"time"
)

// waitGone waits until a process has ended, which the kernel does soon after it was killed.
func waitGone(t *testing.T, pid string) {
	t.Helper()
	for range 1000 {
		status, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(status), ") Z ") {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("process %s still runs", pid)
}
