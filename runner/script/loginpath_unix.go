//go:build !windows

package script

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// loginPatience is how long a login shell may take.
const loginPatience = 10 * time.Second

// The lines around the shell's answer: profiles print what they like.
const (
	loginBegin = "__stepdeck_path_begins__"
	loginEnd   = "__stepdeck_path_ends__"
)

// LoginPath returns the PATH of the person's login shell, as a new terminal would have it. The shell reads the person's profiles,
// so it can take seconds; it is ended when its time is over.
func LoginPath(ctx context.Context, shell string, environ []string) (string, error) {
	if !filepath.IsAbs(shell) {
		return "", fmt.Errorf("%q is not the path of a shell", shell)
	}
	ctx, cancel := context.WithTimeout(ctx, loginPatience)
	defer cancel()
	question := "echo " + loginBegin + "; /usr/bin/printenv PATH; echo " + loginEnd
	command := exec.CommandContext(ctx, shell, "-i", "-l", "-c", question)
	command.Env = plainEnvironment(environ)
	command.WaitDelay = time.Second
	// A session of its own: an interactive shell must not take over a terminal, and what its profiles start ends with it.
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	var out bytes.Buffer
	command.Stdout = &out
	err := command.Run()
	if path, ok := loginAnswer(out.String()); ok {
		return path, nil // whatever the profiles did after that
	}
	if err == nil {
		err = fmt.Errorf("%s did not answer", shell)
	}
	return "", err
}

// loginAnswer finds the answer in what a login shell printed. ok is false if there is none.
func loginAnswer(out string) (path string, ok bool) {
	lines := strings.Split(strings.ReplaceAll(out, "\r", ""), "\n")
	for i := len(lines) - 3; i >= 0; i-- {
		// Without a line end, the last words of a profile stand before the mark.
		if strings.HasSuffix(lines[i], loginBegin) && lines[i+2] == loginEnd && lines[i+1] != "" {
			return lines[i+1], true
		}
	}
	return "", false
}
