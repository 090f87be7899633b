package process

import "golang.org/x/sys/unix"

// growPipe enlarges a pipe to pipeSize. It fails for a user who has many such pipes already; the default 64 KiB work too.
func growPipe(fd uintptr) {
	_, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeSize)
}
