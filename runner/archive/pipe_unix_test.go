//go:build unix

package archive

import "syscall"

func makePipe(path string) error { return syscall.Mkfifo(path, 0o600) }
