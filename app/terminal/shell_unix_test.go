//go:build !windows

package terminal_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stepdeck/stepdeck/app/terminal"
)

// Each shell reads the person's own file, then shows the mark in its prompt.
func TestPromptsOfRealShells(t *testing.T) {
	for _, tt := range []struct{ shell, own, file, print string }{
		{"bash", ".bashrc", "PS1='> '; mine=1\n", `printf '<%s|%s>' "$mine" "${PS1%%'\['*}"`},
		{"zsh", ".zshrc", "PROMPT='> '; mine=1\n", `printf '<%s|%s>' "$mine" "$PROMPT"`},
		{"fish", ".config/fish/config.fish", "set mine 1\nfunction fish_prompt; echo -n '> '; end\n", `printf '<%s|%s>' $mine (fish_prompt)`},
	} {
		t.Run(tt.shell, func(t *testing.T) {
			path, err := exec.LookPath(tt.shell)
			if err != nil {
				t.Skip("NOT SHOWN: there is no " + tt.shell + " here to show its prompt")
			}
			home, folder := t.TempDir(), t.TempDir()
			t.Setenv("HOME", home)
			t.Setenv("ZDOTDIR", "")
			own := filepath.Join(home, tt.own)
			if err := os.MkdirAll(filepath.Dir(own), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(own, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			shell, err := terminal.Prepare(path, terminal.Mark("My web; $(id)"), folder)
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), shell.Path, shell.Args...)
			cmd.Env = append(os.Environ(), append(shell.Env, "TERM=dumb")...)
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // else it takes the terminal of whoever runs the tests
			cmd.Stdin = strings.NewReader(tt.print + "\nexit\n")
			out, _ := cmd.CombinedOutput() // a shell without a terminal complains, and goes on
			if !strings.Contains(string(out), "<1|[My-web-id] > >") {
				t.Errorf("%s says %s", tt.shell, out)
			}
		})
	}
}

func TestOtherShells(t *testing.T) {
	for path, want := range map[string]string{
		`C:\Windows\System32\cmd.exe`:            "PROMPT=[a@b] $P$G",
		"/bin/dash":                              "PS1=[a@b] $ ",
		`C:\Program Files\PowerShell\7\pwsh.exe`: `'[a@b] '`,
	} {
		shell, err := terminal.Prepare(path, "a@b", t.TempDir())
		if all := strings.Join(append(shell.Args, shell.Env...), " "); err != nil || !strings.Contains(all, want) {
			t.Errorf("%s gets %s, %v", path, all, err)
		}
	}
}

func TestTitle(t *testing.T) {
	if got, want := terminal.Title("a\x1b]0;b\a\u009cc é"), "\x1b]0;a]0;bc é\a"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
