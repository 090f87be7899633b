package desktop

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestNoOtherProgramReadsTheWindowsMemory(t *testing.T) {
	before, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil || before == 0 {
		t.Skipf("the test program itself is closed to others: %d, %v", before, err)
	}
	t.Cleanup(func() { _ = unix.Prctl(unix.PR_SET_DUMPABLE, uintptr(before), 0, 0, 0) })
	(&window{log: discardLog()}).harden()
	if now, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err != nil || now != 0 {
		t.Errorf("a debugger can look into the process: %d, %v", now, err)
	}
	var core unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &core); err != nil || core != (unix.Rlimit{}) {
		t.Errorf("a core file has up to %v, %v", core, err)
	}
}
