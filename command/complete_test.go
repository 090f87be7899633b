package command_test

import (
	"slices"
	"strings"
	"testing"
)

func TestCompletion(t *testing.T) {
	d := newDesk(t)
	d.project(sandboxed + "  - {name: Size, prompt: {control: select, options: [s, l], labels: [Small, Large]}}\n" +
		"  - {name: Sure, prompt: {control: checkbox}}\n  - {name: Key, type: sensitive}\n" +
		"environments: [Staging, Production]\nsteps:\n" + bash("First", "true") + bash("Second", "true"))
	d.ok("run", "P", "First", "-e", "Staging")
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{[]string{"run", ""}, []string{"P"}},
		{[]string{"run", "P", ""}, []string{"First", "Second"}},
		{[]string{"run", "P", "First", ""}, []string{"Second"}},
		{[]string{"run", "P", "--environment", ""}, []string{"Staging", "Production"}},
		{[]string{"run", "P", "--set", ""}, []string{"aws.account=", "Size=", "Sure="}},
		{[]string{"run", "P", "--set", "size="}, []string{"size=s", "size=l"}},
		{[]string{"run", "P", "--set", "Sure="}, []string{"Sure=True", "Sure=False"}},
		{[]string{"run", "P", "--set", "aws.account="}, nil},
		{[]string{"run", "--set", ""}, nil},
		{[]string{"run", "Nothing", ""}, nil},
		{[]string{"export", ""}, []string{"P"}},
		{[]string{"export", "P", ""}, nil},
		{[]string{"account", "test", ""}, []string{"instance-role", "Sandbox"}},
		{[]string{"account", "remove", "Sandbox", ""}, nil},
		{[]string{"runs", "show", ""}, []string{"1"}},
		{[]string{"package", "files", ""}, nil},
		{[]string{"settings", "set", "tool.b"}, []string{"tool.bash"}},
	} {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			r := d.ok(append([]string{"__complete"}, tt.args...)...)
			var got []string
			for line := range strings.Lines(r.out) {
				if name, _, _ := strings.Cut(strings.TrimSpace(line), "\t"); !strings.HasPrefix(name, ":") {
					got = append(got, name)
				}
			}
			if tt.args[0] == "settings" { // all keys are offered; the shell keeps those that begin so
				got = slices.DeleteFunc(got, func(name string) bool { return !strings.HasPrefix(name, "tool.b") })
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("offers %q, not %q", got, tt.want)
			}
		})
	}
}
