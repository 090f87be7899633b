package command

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestProfileLines(t *testing.T) {
	const unix, windows = "/opt/Step deck/stepdeck", `C:\Program Files\Stepdeck\stepdeck.exe`
	for _, tt := range []struct {
		name    string
		roles   []string
		windows bool
		want    string
	}{
		{"Website", nil, false, "[profile Website]\ncredential_process = \"/opt/Step deck/stepdeck\" credentials Website --format process\n"},
		{"My Web", nil, true, "[profile My-Web]\ncredential_process = \"" + windows + "\" credentials \"My Web\" --format process\n"},
		{"a'b$c", nil, false, "[profile a-b-c]\ncredential_process = \"/opt/Step deck/stepdeck\" credentials 'a'\\''b$c' --format process\n"},
		{"-x", []string{"arn:aws:iam::123456789012:role/r"}, false, "[profile x-r]\ncredential_process = \"/opt/Step deck/stepdeck\" " +
			"credentials --format process --role arn:aws:iam::123456789012:role/r -- -x\n"},
		{"]", nil, true, "[profile stepdeck]\ncredential_process = \"" + windows + "\" credentials \"]\" --format process\n"},
		{"a #b", nil, false, ""},
		{"a ;b", nil, true, ""},
		{`a"b`, nil, true, ""},
		{"100%", nil, true, ""},
	} {
		program := map[bool]string{false: unix, true: windows}[tt.windows]
		a := model.Account{Name: tt.name}
		got, err := profileLines(program, profileNameOf(a, tt.roles), a, useFlags{roles: tt.roles}, tt.windows)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%s: %s%v, want\n%s", tt.name, got, err, tt.want)
		}
	}
	elsewhere := model.Account{Name: "a", Region: " eu-west-1 ", Endpoint: " https://aws.example.net/a #b "}
	lines, err := profileLines(unix, "a", elsewhere, useFlags{}, false)
	if err != nil || !strings.HasSuffix(lines, "\nregion = eu-west-1\nendpoint_url = https://aws.example.net/a%20#b\n") {
		t.Errorf("%s%v", lines, err)
	}
}

// What is written means the same to a shell, which some SDKs start.
func TestAShellTakesAQuotedWord(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("NOT SHOWN: there is no sh here to take the quoted words")
	}
	for _, word := range []string{"plain", "two words", "it's", `a"b`, `back\slash`, "$HOME", "`ls`", "a!b", "é", "a;b", "*", "~"} {
		quoted, ok := quotedForProfile(word, false, false)
		if !ok {
			t.Errorf("%q can't be written", word)
			continue
		}
		out, err := exec.CommandContext(t.Context(), sh, "-c", "printf %s "+quoted).Output()
		if err != nil || string(out) != word {
			t.Errorf("%s becomes %q, %v", quoted, out, err)
		}
	}
}
