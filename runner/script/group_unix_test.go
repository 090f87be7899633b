//go:build unix

package script_test

import (
	"os/exec"
	"syscall"
)

// ownGroup starts the script as the leader of a process group, as package process does.
func ownGroup(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
