package engine

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// detached starts the command without a console window, in its own group, which Ctrl-C in another console doesn't reach.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW | windows.CREATE_NEW_PROCESS_GROUP}
}
