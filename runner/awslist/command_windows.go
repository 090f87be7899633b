package awslist

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"

	"github.com/stepdeck/stepdeck/model"
)

// checkProgram refuses a batch file: Windows runs it by a shell, to which a query could be more than an argument.
func checkProgram(program string) error {
	switch strings.ToLower(filepath.Ext(program)) {
	case ".cmd", ".bat":
		return model.NewError("choices.batch",
			"%s is a batch file, which can't list choices. Install version 2 of aws, or type the value.", program)
	}
	return nil
}

// command returns a command without a window. Version 2 of aws, which it is, starts no process of its own.
func command(ctx context.Context, program string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, program, args...)
	c.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
	return c
}

// endRest does nothing: a command leaves nothing behind.
func endRest(*exec.Cmd) {}
