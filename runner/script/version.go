package script

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// The first start of a program after its installation can be slow: a virus scanner reads all of it.
const versionTimeout = 30 * time.Second

// Numbers with dots and a suffix: 5.2.15(1)-release, 7.5.0-preview.3, 2.9.19.
var versionNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\d+\.\d+(\.\d+)*(\(\d+\))?(-[0-9A-Za-z.]+)?`) })

// A Python of the embeddable package, or behind a wrapper with the option -I, takes nothing from the environment.
const (
	isolatedPython = "isolated"
	askPython      = "import sys; f = sys.flags; " +
		"print('Python', sys.version.split()[0], '" + isolatedPython + "' if f.ignore_environment or f.no_site else '')"
)

// isPython38 reports whether a version is at least 3.8, the oldest that the bootstrap runs on.
func isPython38(version string) bool {
	minor, isThree := strings.CutPrefix(version, "3.")
	minor, _, _ = strings.Cut(minor, ".")
	n, err := strconv.Atoi(minor)
	return isThree && err == nil && n >= 8
}

// askVersion runs the program to get its version.
func askVersion(ctx context.Context, kind Kind, path string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, versionTimeout)
	defer cancel()
	args := []string{"--version"}
	if kind == WindowsPowerShell {
		args = []string{"-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "$PSVersionTable.PSVersion.ToString()"}
	}
	if kind == Python {
		args = []string{"-c", askPython}
	}
	command := exec.CommandContext(ctx, path, args...)
	command.Env = plainEnvironment(os.Environ())
	command.WaitDelay = time.Second
	var out limited
	command.Stdout, command.Stderr = &out, &out // aws 1 with an old Python answers on stderr
	hideWindow(command)
	err := command.Run()
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		if ctx.Err() != nil {
			return "", fmt.Errorf("no answer within %s", model.TimeWords(versionTimeout))
		}
		return "", fmt.Errorf("%w: %s", err, firstLine(out.String()))
	}
	line := firstLine(out.String())
	if kind == Python && strings.HasSuffix(line, isolatedPython) {
		return "", errors.New("it ignores PYTHONPATH, by which Stepdeck hands over a step's variables")
	}
	version := versionNumber().FindString(line)
	if version == "" {
		return "", fmt.Errorf("its answer %q has no version", line)
	}
	return version, nil
}

// plainEnvironment removes what could make a tool run something else, or reveal one of our secrets to it.
func plainEnvironment(environ []string) []string {
	var plain []string
	for _, entry := range environ {
		name, _, _ := strings.Cut(strings.ToUpper(entry), "=")
		switch {
		case name == "BASH_ENV", name == "ENV", name == "SHELLOPTS", name == "BASHOPTS", strings.HasPrefix(name, "BASH_FUNC_"):
		case name == "PYTHONHOME", name == "PYTHONPATH":
		case strings.HasPrefix(name, "STEPDECK_"), strings.HasPrefix(name, "AWS_"):
		default:
			plain = append(plain, entry)
		}
	}
	return plain
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(text, "\ufeff")), "\n")
	return strings.TrimSpace(line)
}

// limited keeps the beginning of a program's output and discards the rest.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if room := 4096 - l.Len(); room > 0 {
		l.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
