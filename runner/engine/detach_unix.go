//go:build !windows

package engine

import "syscall"

// detached starts the command in its own session, so that it survives the end of the window's, such as a closed terminal.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
