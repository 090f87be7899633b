package script

import (
	"context"
	"os/exec"
	"strings"
	"testing"
)

func FuzzQuoteBash(f *testing.F) {
	for _, seed := range []string{"", "it's", "a\r\nb", "$(id) `id` \\", "\x01\x7f\xff", "-n", "\n\n", "!x #y"} {
		f.Add(seed)
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		f.Skip("no bash")
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsRune(text, 0) {
			t.Skip()
		}
		for name, quote := range map[string]func(string) string{"quoteBash": quoteBash, "quoteBashArgument": quoteBashArgument} {
			quoted := quote(text)
			if strings.ContainsRune(quoted, '\r') || name == "quoteBashArgument" && strings.ContainsAny(quoted[2:len(quoted)-1], "'\"\n") {
				t.Errorf("%s(%q) = %s", name, text, quoted)
			}
			command := exec.CommandContext(context.Background(), bash, "--noprofile", "--norc", "-s")
			command.Stdin = strings.NewReader("LC_ALL=C\nprintf %s " + quoted + "\n")
			out, err := command.Output()
			if err != nil || string(out) != text {
				t.Errorf("%s(%q) = %s is %q for bash, %v", name, text, quoted, out, err)
			}
		}
	})
}

func FuzzPatternBash(f *testing.F) {
	for _, seed := range []string{"", "Octopus.Action[Step 1].Output.Url", "a*b?", "[x]", "it's", "ünï\\", "a|b) ;;"} {
		f.Add(seed)
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		f.Skip("no bash")
	}
	f.Fuzz(func(t *testing.T, name string) {
		if strings.ContainsRune(name, 0) {
			t.Skip()
		}
		command := exec.CommandContext(context.Background(), bash, "--noprofile", "--norc", "-s")
		command.Stdin = strings.NewReader("LC_ALL=C\nfor n in " + quoteBash(name) + " " + quoteBash(name+"x") + " " + quoteBash("x"+name) +
			"; do case $n in " + patternBash(name) + ") printf y ;; *) printf n ;; esac; done\n")
		out, err := command.Output()
		if err != nil || string(out) != "ynn" {
			t.Errorf("patternBash(%q) = %s answers %q, %v", name, patternBash(name), out, err)
		}
	})
}

func TestQuotePowerShell(t *testing.T) {
	for text, want := range map[string]string{"": "''", "a": "'a'", "it's": "'it''s'", "‘’‚‛": "'‘‘’’‚‚‛‛'", "$x `": "'$x `'"} {
		if got := quotePowerShell(text); got != want {
			t.Errorf("quotePowerShell(%q) = %s, want %s", text, got, want)
		}
	}
}

// On Windows MSYS parses the command line again, so it must not contain anything that MSYS interprets.
func TestBashArgumentsOnWindows(t *testing.T) {
	if args := bashArguments("C:/Users/me/w 1/script.sh", "windows"); args[len(args)-1] != "C:/Users/me/w 1/script.sh" {
		t.Errorf("%q", args)
	}
	args := bashArguments(`C:/Users/O'Brien/w/1 "2"/script.sh`, "windows")
	code := strings.TrimSuffix(strings.TrimPrefix(args[3], "BASH_ARGV0=$'"), `'; builtin . "$0"`)
	if !strings.Contains(code, " ") || strings.ContainsAny(code, `'"`) {
		t.Errorf("%q", args)
	}
}

// Bash expands the value of BASH_ENV.
func TestEscapeBashEnv(t *testing.T) {
	for path, want := range map[string]string{"/a b/c": "/a b/c", `/it's $x`: `/it's \$x`, "/`id`\\\"": "/\\`id\\`\\\\\\\""} {
		if got := escapeBashEnv(path); got != want {
			t.Errorf("%s becomes %s, want %s", path, got, want)
		}
	}
}
