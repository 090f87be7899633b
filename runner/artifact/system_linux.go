package artifact

import (
	"os"

	"golang.org/x/sys/unix"
)

// ofSystem reports whether a file is one that the kernel makes up. Those of /proc/self are about whoever reads them, here this
// process with all that is in its environment, and reading others can wait forever.
func ofSystem(file *os.File) bool {
	var at unix.Statfs_t
	if err := unix.Fstatfs(int(file.Fd()), &at); err != nil {
		return false
	}
	switch at.Type {
	case unix.PROC_SUPER_MAGIC, unix.SYSFS_MAGIC, unix.DEBUGFS_MAGIC, unix.TRACEFS_MAGIC, unix.SECURITYFS_MAGIC, unix.CGROUP2_SUPER_MAGIC:
		return true
	}
	return false
}
