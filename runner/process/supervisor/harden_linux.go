package supervisor

import (
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// Harden protects this process's memory from other programs of the same user: no core file, no debugger, no reading of
// /proc/PID/mem and /proc/PID/environ. Programs that it starts can be debugged, but leave no core file either.
func Harden() error {
	if err := noCore(); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

func hardenSupervisor() {
	// The name in ps and top. Otherwise it would be "exe", after /proc/self/exe.
	_ = os.WriteFile("/proc/self/comm", []byte("stepdeck-super"), 0)
	_ = Harden()
}

// closeOnExecFrom keeps programs that are started from inheriting the descriptors from first on, including those that the
// engine itself inherited.
func closeOnExecFrom(first int) {
	if unix.CloseRange(uint(first), math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) == nil {
		return
	}
	closeOnExecListed("/proc/self/fd", first) // Linux before 5.11
}
