package noroot

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// Drop makes the calling goroutine obey the permissions of files, as any user but root does. It takes the capabilities from the
// goroutine's thread, which ends with the goroutine; goroutines that it starts keep theirs.
func Drop(t testing.TB) {
	t.Helper()
	runtime.LockOSThread() // and never unlocked, so that no other goroutine gets this thread
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData
	if err := unix.Capget(&head, &sets[0]); err != nil {
		t.Fatal(err)
	}
	sets[0].Effective &^= 1<<unix.CAP_DAC_OVERRIDE | 1<<unix.CAP_DAC_READ_SEARCH
	if err := unix.Capset(&head, &sets[0]); err != nil {
		t.Fatal(err)
	}
}
