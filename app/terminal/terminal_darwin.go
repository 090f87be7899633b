package terminal

import (
	"os"
	"strings"
	"syscall"
)

const howToInstall = "Terminal should be in the folder Applications, Utilities."

// candidates returns iTerm if the person uses it, and Terminal. Both run a file that is opened with them; a command that they are told
// to type would end in the history of the shell. The file removes itself, and holds only the command, which names no key.
func candidates(_ string, command []string, env func(string) string) []candidate {
	file, err := commandFile(command)
	if err != nil {
		return nil
	}
	terminal := candidate{program: "/usr/bin/open", args: []string{"-a", "Terminal", file}}
	if env("TERM_PROGRAM") == "iTerm.app" {
		return []candidate{{program: "/usr/bin/open", args: []string{"-a", "iTerm", file}}, terminal}
	}
	return []candidate{terminal}
}

func commandFile(command []string) (string, error) {
	f, err := os.CreateTemp("", "stepdeck-*.command")
	if err != nil {
		return "", err
	}
	quoted := make([]string, len(command))
	for i, word := range command {
		quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	_, err = f.WriteString("#!/bin/sh\nrm -f -- \"$0\"\nclear\nexec " + strings.Join(quoted, " ") + "\n")
	if err == nil {
		err = f.Chmod(0o700)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return f.Name(), err
}

func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// DefaultShell returns the person's shell. env returns a variable of the environment.
func DefaultShell(env func(string) string) string {
	if shell := env("SHELL"); shell != "" {
		return shell
	}
	return "/bin/zsh"
}

// hasDisplay reports whether there is a display on which a window can open: the system's own terminal says it itself.
func hasDisplay(func(string) string) bool { return true }
