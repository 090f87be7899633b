//go:build !windows

package engine

import "syscall"

// detached puts the command into a session of its own: what ends the window's, a closed terminal among it, leaves it be.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
