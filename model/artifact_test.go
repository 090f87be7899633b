package model_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

func TestArtifactName(t *testing.T) {
	long := strings.Repeat("é", 80)
	for text, want := range map[string]string{
		"report.txt": "report.txt", "Bericht für März.pdf": "Bericht für März.pdf",
		"": "artifact", ".": "artifact", "..": "artifact", " ": "artifact", "...": "artifact",
		"../../etc/passwd": "_.._.._etc_passwd", `C:\Windows\win.ini`: "C__Windows_win.ini", "logs/app.log": "logs_app.log",
		"nul": "_nul", "NUL.txt": "_NUL.txt", "com1": "_com1", "COM¹.log": "_COM¹.log", "lpt9 .txt": "_lpt9 .txt", "com10": "com10",
		"console.log": "console.log", "conin$": "_conin$",
		"-rf": "_-rf", ".bashrc": "_.bashrc", "a.txt. . ": "a.txt", " a.txt": "a.txt",
		"a\nb\x1b[31m\x00": "a_b_[31m_", "\u202ecod.exe": "_cod.exe", "a\xffb": "a_b", "a:stream": "a_stream", "what?*": "what__",
		long + ".txt": strings.Repeat("é", 48) + ".txt", "x." + long: "x." + strings.Repeat("é", 49),
	} {
		got := model.ArtifactName(text)
		if got != want {
			t.Errorf("ArtifactName(%q) = %q, want %q", text, got, want)
		}
		if again := model.ArtifactName(got); again != got {
			t.Errorf("the name %q becomes %q", got, again)
		}
	}
}

func FuzzArtifactName(f *testing.F) {
	for _, text := range []string{"a.txt", "..", "CON", "\xff", strings.Repeat("é.", 80)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name := model.ArtifactName(text)
		if name == "" || len(name) > 101 || !utf8.ValidString(name) || strings.ContainsAny(name, "/\\:\x00\n") || strings.Trim(name, ".") == "" {
			t.Errorf("%q gives %q", text, name)
		}
	})
}

func TestNumbered(t *testing.T) {
	taken := map[string]bool{"report.txt": true, "report (2).txt": true, "Makefile": true}
	for name, want := range map[string]string{"other.txt": "other.txt", "report.txt": "report (3).txt", "Makefile": "Makefile (2)"} {
		if got := model.Numbered(name, func(n string) bool { return taken[n] }); got != want {
			t.Errorf("Numbered(%q) = %q, want %q", name, got, want)
		}
	}
}
