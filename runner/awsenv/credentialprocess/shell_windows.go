package credentialprocess

import (
	"context"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/windows"
)

// Exit code of cmd.exe whose command is not there.
const notFound = 9009

// shell returns a command that runs a command line, without a window. The line is passed as it is: cmd.exe doesn't
// understand the quoting that Go would add. /S makes it take away the outer quotation marks only, and /D keeps it from
// running what the registry has for every shell.
func shell(ctx context.Context, line string) *exec.Cmd {
	c := exec.CommandContext(ctx, system("cmd.exe"))
	c.SysProcAttr = &syscall.SysProcAttr{
		CmdLine: `cmd.exe /D /S /C "` + line + `"`, HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW,
	}
	c.Cancel = func() error { return endTree(c.Process) }
	return c
}

// system returns the path of a program of Windows itself, wherever PATH points to.
func system(program string) string {
	folder, err := windows.GetSystemDirectory()
	if err != nil {
		return program
	}
	return filepath.Join(folder, program)
}
