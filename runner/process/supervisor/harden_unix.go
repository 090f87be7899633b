//go:build unix

package supervisor

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// noCore disables core files for this process and everything that it starts: a script's memory contains keys.
func noCore() error { return unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }

// closeOnExecListed does the same with dir, which lists the open descriptors.
func closeOnExecListed(dir string, first int) {
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	names, _ := d.Readdirnames(-1)
	_ = d.Close()
	for _, name := range names {
		if fd, err := strconv.Atoi(name); err == nil && fd >= first {
			unix.CloseOnExec(fd)
		}
	}
}
