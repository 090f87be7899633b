//go:build unix

package awslist

import (
	"context"
	"os/exec"
	"syscall"
)

// checkProgram accepts every program.
func checkProgram(string) error { return nil }

// command returns a command with a group of its own, which ends with it.
func command(ctx context.Context, program string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, program, args...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	return c
}

// endRest ends what a command has left behind, which still holds its output.
func endRest(c *exec.Cmd) { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
