package command

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

func keysToPrint(secret, token string) runner.Credentials {
	return runner.Credentials{
		AccessKeyID: "ASIAIOSFODNN7EXAMPLE", SecretKey: secret, SessionToken: token,
		Expires: time.Date(2026, 11, 27, 12, 0, 0, 0, time.FixedZone("", 3600)),
	}
}

// The formats are those of aws configure export-credentials.
func TestFormatsOfKeys(t *testing.T) {
	for name, want := range map[string]string{
		"process": `{
  "Version": 1,
  "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
  "SecretAccessKey": "wJalr/K7+b=",
  "SessionToken": "IQoJ//==",
  "Expiration": "2026-11-27T11:00:00Z"
}
`,
		"env": `export AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
export AWS_SECRET_ACCESS_KEY=wJalr/K7+b=
export AWS_SESSION_TOKEN=IQoJ//==
export AWS_CREDENTIAL_EXPIRATION=2026-11-27T11:00:00Z
`,
		"env-no-export": `AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=wJalr/K7+b=
AWS_SESSION_TOKEN=IQoJ//==
AWS_CREDENTIAL_EXPIRATION=2026-11-27T11:00:00Z
`,
		"powershell": `$Env:AWS_ACCESS_KEY_ID="ASIAIOSFODNN7EXAMPLE"
$Env:AWS_SECRET_ACCESS_KEY="wJalr/K7+b="
$Env:AWS_SESSION_TOKEN="IQoJ//=="
$Env:AWS_CREDENTIAL_EXPIRATION="2026-11-27T11:00:00Z"
`,
		"windows-cmd": `set AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
set AWS_SECRET_ACCESS_KEY=wJalr/K7+b=
set AWS_SESSION_TOKEN=IQoJ//==
set AWS_CREDENTIAL_EXPIRATION=2026-11-27T11:00:00Z
`,
		"fish": `set -gx AWS_ACCESS_KEY_ID ASIAIOSFODNN7EXAMPLE
set -gx AWS_SECRET_ACCESS_KEY wJalr/K7+b=
set -gx AWS_SESSION_TOKEN IQoJ//==
set -gx AWS_CREDENTIAL_EXPIRATION 2026-11-27T11:00:00Z
`,
	} {
		format, err := formatNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := format(keysToPrint("wJalr/K7+b=", "IQoJ//==")); err != nil || got != want {
			t.Errorf("%s prints\n%s%v, want\n%s", name, got, err, want)
		}
		long, err := format(runner.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretKey: "s"})
		if err != nil || strings.Contains(long, "oken") || strings.Contains(strings.ToLower(long), "expiration") {
			t.Errorf("%s prints of a long-lived key\n%s%v", name, long, err)
		}
	}
	if len(formatNames()) != len(assignments())+1 {
		t.Error("a format has no name")
	}
}

// hostile are values that a shell could take for commands.
func hostile() []string {
	return []string{
		"a b", "$(echo x)", "`echo x`", "';echo x;'", `";echo x;"`, "a;echo x", "a&echo x", "a|cat", "$HOME", "%PATH%", "~", "=ls", "*", "#x",
		`\`, `\'`, `a\nb`, "!!", "‘;echo x;’", "‛‚", "(x)", "{a,b}", "-x", "é",
	}
}

func TestHostileKeysAreQuoted(t *testing.T) {
	for name, shell := range map[string]struct {
		command []string
		print   string
	}{
		"env":           {[]string{"bash", "-c"}, "printf %s \"$AWS_SECRET_ACCESS_KEY\""},
		"env-no-export": {[]string{"sh", "-c"}, "printf %s \"$AWS_SECRET_ACCESS_KEY\""},
		"fish":          {[]string{"fish", "-c"}, "printf %s \"$AWS_SECRET_ACCESS_KEY\""},
		"powershell":    {[]string{"pwsh", "-NoProfile", "-NonInteractive", "-Command"}, "[Console]::Out.Write($Env:AWS_SECRET_ACCESS_KEY)"},
	} {
		t.Run(name, func(t *testing.T) {
			program, err := exec.LookPath(shell.command[0])
			if err != nil {
				if os.Getenv("STEPDECK_REQUIRE_TOOLS") == "1" {
					t.Fatal(shell.command[0] + " is not here, and " + name + " is for it")
				}
				t.Skip("NOT SHOWN: " + shell.command[0] + " is not here, and " + name + " is for it")
			}
			values := hostile()
			if name == "powershell" { // it takes long to start
				values = []string{strings.Join(values, "")}
			}
			for _, value := range values {
				text, err := assigned(keysToPrint(value, ""), assignments()[name])
				if err != nil {
					t.Errorf("%q: %v", value, err)
					continue
				}
				args := append(shell.command[1:len(shell.command):len(shell.command)], text+shell.print)
				out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
				if err != nil || string(out) != value {
					t.Errorf("%q becomes %q, %v, by\n%s", value, out, err, text)
				}
			}
		})
	}
}

func TestKeysThatNoShellTakes(t *testing.T) {
	for name, assign := range assignments() {
		for _, value := range []string{"a\nb", "a\rb", "a\x00b", "a\x1b[0m"} {
			if _, err := assigned(keysToPrint(value, ""), assign); model.ErrorCode(err) != "credentials.control" {
				t.Errorf("%s takes %q: %v", name, value, err)
			}
		}
	}
	for _, value := range hostile() {
		if text, err := assigned(keysToPrint(value, ""), assignments()["windows-cmd"]); model.ErrorCode(err) != "credentials.cmd" {
			t.Errorf("cmd takes %q: %s%v", value, text, err)
		}
	}
	if text, err := processFormat(keysToPrint("a\n\"<&", "")); err != nil || !strings.Contains(text, `"a\n\"<&"`) {
		t.Errorf("%s%v", text, err)
	}
}

func TestKeysPrintHidden(t *testing.T) {
	if text := keysToPrint("s3cret", "t0ken"); strings.Contains(strings.Join([]string{text.LogValue().String()}, ""), "s3cret") {
		t.Error("the log shows keys")
	}
}
