package process

import "golang.org/x/sys/unix"

// growPipe is refused to a user who has many pipes of that size; then the usual 64 KiB must do.
func growPipe(fd uintptr) {
	_, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeSize)
}
