//go:build !windows && !darwin

package terminal

import (
	"path/filepath"
	"slices"
	"syscall"
)

const howToInstall = "Install one such as xterm, or name yours in the variable TERMINAL."

// candidates returns the terminal programs to try: the one that the person names, the system's, then those that are common.
func candidates(title string, command []string, env func(string) string) []candidate {
	with := func(program string, before ...string) candidate {
		return candidate{program: program, args: slices.Concat(before, command)}
	}
	known := []candidate{
		with("x-terminal-emulator", "-T", title, "-e"),
		with("gnome-terminal", "--title", title, "--"),
		with("konsole", "-e"),
		with("xfce4-terminal", "-T", title, "-x"),
		with("ptyxis", "--new-window", "--title", title, "--"),
		with("kitty", "--title", title),
		with("alacritty", "-T", title, "-e"),
		with("foot", "-T", title),
		with("wezterm", "start", "--"),
		with("xterm", "-T", title, "-e"),
	}
	chosen := env("TERMINAL")
	switch {
	case chosen == "" && !hasDisplay(env):
		return nil // each of them would fail
	case chosen == "":
		return known
	}
	i := slices.IndexFunc(known, func(c candidate) bool { return c.program == filepath.Base(chosen) })
	first := with(chosen, "-e")
	if i >= 0 {
		first.args = known[i].args
	}
	if !hasDisplay(env) { // what the person names may need none
		return []candidate{first}
	}
	return append([]candidate{first}, known...)
}

// hasDisplay reports whether there is a display on which a window can open.
func hasDisplay(env func(string) string) bool {
	return env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != ""
}

func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// DefaultShell returns the person's shell. env returns a variable of the environment.
func DefaultShell(env func(string) string) string {
	if shell := env("SHELL"); shell != "" {
		return shell
	}
	return "/bin/sh"
}
