package terminal

import (
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

const howToInstall = "Install Windows Terminal from the Microsoft Store."

// candidates returns Windows Terminal, and a console of its own for the command, which every Windows has.
func candidates(title string, command []string, _ func(string) string) []candidate {
	own := candidate{program: command[0], args: command[1:], start: func(cmd *exec.Cmd) {
		cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_CONSOLE}
	}}
	return []candidate{{program: "wt.exe", args: tab(title, command)}, own}
}

// tab returns the arguments with which Windows Terminal runs a command in a new tab.
func tab(title string, command []string) []string {
	args := slices.Concat([]string{"new-tab", "--title", title, "--"}, command)
	for i := range args { // a semicolon begins another tab
		args[i] = strings.ReplaceAll(args[i], ";", `\;`)
	}
	return args
}

func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{HideWindow: true} }

// DefaultShell returns the newest PowerShell, or cmd.
func DefaultShell(env func(string) string) string {
	for _, name := range []string{"pwsh.exe", "powershell.exe"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if shell := env("COMSPEC"); shell != "" {
		return shell
	}
	return "cmd.exe"
}

// hasDisplay reports whether there is a display on which a window can open: the system's own terminal says it itself.
func hasDisplay(func(string) string) bool { return true }
