//go:build unix

package awsenv

import (
	"os/exec"
	"strings"
	"testing"
)

func TestShellWord(t *testing.T) {
	for text, want := range map[string]string{
		"dev": `"dev"`, "my team": `"my team"`, "it's": `"it's"`, "a$(id)": `'a$(id)'`, "a\u202eb": `$'a\u202eb'`,
	} {
		if got := shellWord(text); got != want {
			t.Errorf("%q is written as %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{
		"dev", "a b", "a$(echo x)", "`echo x`", `a"b`, `a\b`, "a'b$c", "!!", "%PATH%", "a\nb", "ü$", "a\u202eb", "a\u2066$b",
	} {
		out, err := exec.Command("bash", "-c", "printf %s "+shellWord(text)).Output()
		if err != nil || string(out) != strings.ToValidUTF8(text, "") {
			t.Errorf("%q is %q in Bash (%v)", text, out, err)
		}
	}
}
