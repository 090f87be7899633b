//go:build unix

package credentialprocess

import (
	"context"
	"os/exec"
	"syscall"
)

// Exit code of a shell whose command is not there.
const notFound = 127

// shell returns a command that runs a command line. It has a group of its own, which ends with it.
func shell(ctx context.Context, line string) *exec.Cmd {
	c := exec.CommandContext(ctx, "/bin/sh", "-c", line)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	return c
}
