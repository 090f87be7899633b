package script_test

import (
	"strings"
	"testing"
)

// TestAnOutputWithoutAName is an ordinary error at the call. Bash goes on after one, so a message makes the step end with a warning.
func TestAnOutputWithoutAName(t *testing.T) {
	for _, c := range []struct {
		name     string
		l        language
		body     string
		code     int
		out, err string
	}{
		{"empty", bash, "echo a\nset_octopusvariable '' x || echo \"caught $?\"", 0, "a\n##octopus[setVariable name='' value='eA==']\ncaught 1\n",
			"line 2: set_octopusvariable: the output variable has no name"},
		{"blank, at once", bash, "set -eu\nset_octopusvariable ' ' x\necho on", 1, "##octopus[setVariable name='IA==' value='eA==']\n",
			"line 2: "},
		{"empty", python, "print('a')\nset_octopusvariable('', 'x')\nprint('on')", 1, "a\n", "line 2, in <module>"},
		{"blank", python, "set_octopusvariable(' ', 'x')", 1, "", "ValueError: set_octopusvariable: the output variable has no name"},
		{"caught", python, "try:\n    set_octopusvariable(None, 'x')\nexcept ValueError:\n    print('caught')", 0, "caught\n", ""},
		{"empty", powerShell, "'a'\nSet-OctopusVariable '' x\n'on'", 1, "a\n", "line 2): the output variable has no name"},
		{"caught", powerShell, "try { Set-OctopusVariable -Value x } catch { 'caught' }", 0, "caught\n", ""},
	} {
		t.Run(string(c.l.name)+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, c.l, step{body: c.body})
			got.want(t, c.code, c.out)
			if !strings.Contains(got.stderr, c.err) || strings.Contains(got.stderr, "sitecustomize") {
				t.Errorf("it says %q, want %q", got.stderr, c.err)
			}
		})
	}
}
