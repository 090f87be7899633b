// Package terminal opens terminals of this computer, and prepares a person's shell that shows which account it uses.
package terminal

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Shell is a person's shell, as a program to start.
type Shell struct {
	Path string
	Args []string // after the path
	Env  []string // NAME=value, added to the environment
}

// Mark makes text safe to stand in the prompt and title of every shell, where some characters would be commands.
func Mark(text string) string {
	return strings.Trim(regexp.MustCompile(`[^\p{L}\p{N}_.@+-]+`).ReplaceAllString(text, "-"), "-")
}

// Prepare returns a shell whose prompt begins with mark, which must be one of [Mark]. What the shell needs for that is written into
// folder, and has no secret. A shell that is not known is started as it is.
func Prepare(path, mark, folder string) (Shell, error) {
	prompt := "[" + mark + "] "
	switch shellName(path) {
	case "bash":
		file := filepath.Join(folder, "bashrc")
		// The title comes last: the prompts of some systems set one themselves.
		return Shell{Path: path, Args: []string{"--rcfile", file, "-i"}}, write(file, `[ ! -f ~/.bashrc ] || . ~/.bashrc
PS1="`+prompt+`$PS1"'\[\e]0;`+mark+`\a\]'
`)
	case "zsh":
		return prepareZsh(path, prompt, folder)
	case "fish":
		return Shell{Path: path, Args: []string{"--interactive", "--init-command", `
functions -q fish_prompt; and functions -c fish_prompt __stepdeck_prompt
function fish_prompt; echo -n '` + prompt + `'; functions -q __stepdeck_prompt; and __stepdeck_prompt; end`}}, nil
	case "pwsh", "powershell":
		return Shell{Path: path, Args: []string{"-NoLogo", "-NoExit", "-Command",
			`$stepdeckPrompt = $function:prompt; function global:prompt { '` + prompt + `' + (& $stepdeckPrompt) }`}}, nil
	case "cmd":
		return Shell{Path: path, Env: []string{"PROMPT=" + prompt + "$P$G"}}, nil
	}
	return Shell{Path: path, Env: []string{"PS1=" + prompt + "$ "}}, nil
}

// prepareZsh has zsh read the person's own files from a folder in which its prompt is set last.
func prepareZsh(path, prompt, folder string) (Shell, error) {
	own := os.Getenv("ZDOTDIR")
	if own == "" {
		own, _ = os.UserHomeDir() // without one there are no files to read
	}
	shell := Shell{Path: path, Args: []string{"-i"}, Env: []string{"ZDOTDIR=" + folder, "STEPDECK_ZDOTDIR=" + own}}
	if err := write(filepath.Join(folder, ".zshenv"), `[[ ! -f $STEPDECK_ZDOTDIR/.zshenv ]] || . "$STEPDECK_ZDOTDIR/.zshenv"
`); err != nil {
		return shell, err
	}
	return shell, write(filepath.Join(folder, ".zshrc"), `ZDOTDIR=$STEPDECK_ZDOTDIR
unset STEPDECK_ZDOTDIR
[[ ! -f $ZDOTDIR/.zshrc ]] || . "$ZDOTDIR/.zshrc"
PROMPT="`+prompt+`$PROMPT"
`)
}

// shellName returns the name of a shell by its path on any system.
func shellName(path string) string {
	name := strings.ToLower(path[strings.LastIndexAny(path, `/\`)+1:])
	return strings.TrimSuffix(name, ".exe")
}

func write(file, text string) error {
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return fmt.Errorf("prepare the shell: %w", err)
	}
	return nil
}

// Title returns what sets the title of a terminal to a text in which nothing can end it.
func Title(text string) string {
	return "\x1b]0;" + strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 {
			return -1
		}
		return r
	}, text) + "\a"
}
