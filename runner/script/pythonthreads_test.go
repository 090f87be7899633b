package script_test

import (
	"strings"
	"testing"
)

// What ends in a thread is shown as it is elsewhere: without the bootstrap's frames, and what ends the step not at all.
func TestErrorsInPythonsThreads(t *testing.T) {
	for name, c := range map[string]struct {
		call string
		code int
		want string // at the end of the error stream
	}{
		"failstep":            {"failstep('no')", 1, "no\n"},
		"misspelt":            {"write_error('no')", 1, "docs/scripts.md.\n"},
		"no such variable":    {"octopusvariables['none']", 0, "KeyError: 'none'\n"},
		"output without name": {"set_octopusvariable('', 1)", 0, "ValueError: set_octopusvariable: the output variable has no name\n"},
		"the script's own":    {"raise OSError('x')", 0, "OSError: x\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := "import threading\ndef f():\n    " + c.call + "\nt = threading.Thread(target=f)\nt.start()\nt.join()\n"
			got := run(t, python, step{body: body})
			if got.code != c.code || !strings.HasSuffix(strings.ReplaceAll(got.stderr, "\r\n", "\n"), c.want) {
				t.Errorf("exit %d: %q", got.code, got.stderr)
			}
			if strings.Contains(got.stderr, "sitecustomize") || strings.Contains(got.stderr, "Traceback") == (c.code == 1) {
				t.Errorf("it shows %q", got.stderr)
			}
		})
	}
}
