package script

import "testing"

// Whatever the parameters, Bash runs one command with them or none.
func FuzzBashParameters(f *testing.F) {
	for _, seed := range []string{
		"", "a", "a\nb", "a # b\nc", "'a\nb'\n\"c\n$(d)\"", "a \\\nb \\", `a\\`, "> a\n", "a <<E\nb\nE\n", "a\n) ; b ; (", "$(a\nb)\n{c,d}",
		"[k]=v\n!", "a &", "`a\nb`\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := bashParameters(text)
		if err == nil && !oneCommand(got) {
			t.Errorf("%q becomes %q, which is not one command", text, got)
		}
	})
}
