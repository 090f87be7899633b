//go:build unix

package script_test

import (
	"os/exec"
	"syscall"
)

// ownGroup starts the script at the head of a process group, as the room process does.
func ownGroup(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
