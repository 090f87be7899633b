package script_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// held prints objects of a table until PowerShell no longer holds them back.
const held = "[pscustomobject]@{ A = 0 }; Start-Sleep -Milliseconds 400; [pscustomobject]@{ A = 1 }; "

// objects are scripts whose objects PowerShell formats late, when it knows the widths of a table: 300 ms after the first
// of them, with the next one, or at the end. What the script writes meanwhile in another way, such as a warning, comes
// first. So that no outcome depends on the speed of the system, scripts that do so let the 300 ms pass and print one more
// object (held), and the columns of long tables are as wide as their titles.
var objects = []struct{ name, body string }{
	{"text alone", "'a'; 'b'"},
	{"an object between texts", `'Instances:'; '[{"Name":"web-1"}]' | ConvertFrom-Json | ForEach-Object { $_ }; 'end of report'`},
	{"an object at the end", "'a'; [pscustomobject]@{ Name = 'web-1'; State = 'running' }"},
	{"an object at the beginning", "[pscustomobject]@{ A = 1 }; 'end'"},
	{"many objects", "1..60 | ForEach-Object { [pscustomobject]@{ Number = $_; Square = $_ * $_ } }; 'end'"},
	{"objects of several shapes",
		"[pscustomobject]@{ A = 1 }; [pscustomobject]@{ B = 2; C = 3 }; [version]'1.2'; 42; 'x'; [timespan]::FromMinutes(1); @{ k = 'v' }"},
	{"a list", "[pscustomobject]@{ A = 1; B = 2; C = 3; D = 4; E = 5; F = 6 }; 'end'"},
	{"empty and null", "''; $null; @(); [pscustomobject]@{}; 'end'"},
	{"Format-Table", "'a'; [pscustomobject]@{ A = 1; B = 2 }, [pscustomobject]@{ A = 3; B = 4 } | Format-Table; 'end'"},
	{"Format-List", "'a'; [pscustomobject]@{ A = 1; B = 2 } | Format-List; [pscustomobject]@{ A = 5 }; 'end'"},
	{"Format-Table in a function", "function f { [pscustomobject]@{ A = 1 } | Format-Table -AutoSize }; f; 'end'; f"},
	{"half a format", "'a'; [pscustomobject]@{ A = 1 } | Format-Table | Select-Object -First 1; 'end'"},
	{"half a format, and then one more", "[pscustomobject]@{ A = 1 } | Format-Table | Select-Object -Last 1; 'end'"},
	{"Out-Default, Out-Host and Out-String",
		"[pscustomobject]@{ A = 1 } | Out-Default; [pscustomobject]@{ A = 2 } | Out-String; [pscustomobject]@{ A = 3 } | Out-Host; 'end'"},
	{"Write-Host between", held + "Write-Host 'host'; [pscustomobject]@{ A = 2 }; Write-Host 'host'; 'end'"},
	{"warnings and verbose lines between",
		"$VerbosePreference = 'Continue'; " + held + "Write-Warning 'w'; 'text'; Write-Verbose 'v'; [pscustomobject]@{ A = 2 }"},
	{"information between", "$InformationPreference = 'Continue'; " + held + "Write-Information 'i'; 'end'"},
	{"a program between", "[pscustomobject]@{ A = 1 }; " + printsOnBoth + "; [pscustomobject]@{ A = 2 }; 'end'"},
	{"the output of a program as text",
		"[pscustomobject]@{ A = 1 }; $x = " + printsOnBoth + "; $x; " + printsNonASCII + " | ForEach-Object Length"},
	{"a failed program before another", exits7 + "; [pscustomobject]@{ A = 1 }; \"$LASTEXITCODE\"; " + exits0},
	{"an error that goes on",
		"$ErrorActionPreference = 'Continue'; [pscustomobject]@{ A = 1 }; Write-Error 'bad'; [pscustomobject]@{ A = 2 }; 'end'"},
	{"an error caught", "[pscustomobject]@{ A = 1 }; try { throw 'bad' } catch { [pscustomobject]@{ A = 2 } }; 'end'"},
	{"an object that can't tell its value",
		"'a'; $o = [pscustomobject]@{ A = 1 }; $o | Add-Member ScriptProperty B { throw 'bad' }; $o; 'end'"},
	{"return", "[pscustomobject]@{ A = 1 }; 'x'; return; 'never'"},
	{"return of an object", "'x'; return [pscustomobject]@{ A = 1 }"},
	{"break", "[pscustomobject]@{ A = 1 }; foreach ($i in 1..3) { $i; break }; 'end'"},
	{"a function with an end block", "function f { begin { [pscustomobject]@{ A = 1 } } end { [pscustomobject]@{ A = 2 } } }; f; 'end'"},
	{"a file of its own",
		"Set-Content (Join-Path $PSScriptRoot other.ps1) '[pscustomobject]@{ A = 1 }; exit 3'; & (Join-Path $PSScriptRoot other.ps1); 'end'; " +
			"\"$LASTEXITCODE\"; $global:LASTEXITCODE = 0"},
	{"strict", "Set-StrictMode -Version Latest; [pscustomobject]@{ A = 1 }; 'end'"},
	{"the last error and the last answer", "[pscustomobject]@{ A = 1 }; $?; $Error.Count; @($input).Count; $args.Count"},
}

// The output of a script, its order and its exit code are the same as in PowerShell itself.
func TestObjectsArePrintedAsByPowerShell(t *testing.T) {
	for _, c := range objects {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			body := "$ErrorActionPreference = 'Stop'\n" + c.body
			plain := runPlain(t, body)
			got := run(t, powerShell, step{body: body})
			got.stdout = withoutLevels(got.stdout)
			got.want(t, plain.code, strings.ReplaceAll(plain.stdout, "\r\n", "\n"))
			if (got.stderr == "") != (plain.stderr == "") {
				t.Errorf("on the error stream: %q; PowerShell itself writes %q", got.stderr, plain.stderr)
			}
		})
	}
}

// PowerShell itself loses what it holds back when a script ends by exit or by an error; a step must not.
func TestObjectsBeforeTheEndOfAScript(t *testing.T) {
	const before = "[pscustomobject]@{ Name = 'web-1' }\n'between'\n[pscustomobject]@{ Name = 'web-2' }\n"
	printed := runPlain(t, before).stdout
	for _, c := range []struct {
		name, end string
		stop      bool
		code      int
		says      string
	}{
		{name: "exit 0", end: "exit 0"},
		{name: "exit 3", end: "exit 3", code: 3},
		{name: "exit in a function", end: "function f { exit 3 }; f", code: 3},
		{name: "exit in a pipeline", end: "1..3 | ForEach-Object { exit 3 }", code: 3},
		{name: "throw", end: "throw 'bad thing'", code: 1, says: "script.ps1:4"},
		{name: "throw in a function", end: "function f { throw 'bad thing' }; f", code: 1, says: "at f, "},
		{name: "an error that ends the script", end: "Get-Item /no/such/thing", code: 1, says: "script.ps1:4"},
		{name: "a command that is missing", end: "No-SuchThing", code: 1, says: "script.ps1:4"},
		{name: "a division by zero", end: "$x = 0; 1 / $x", code: 1, says: "script.ps1:4"},
		{name: "a failed program, by choice", end: exits7, stop: true, code: 7, says: "script.ps1:4"},
		{name: "a failed program", end: exits7 + "; return", code: 7},
		{name: "Fail-Step", end: "Fail-Step 'bad thing'", code: 1, says: "bad thing"},
		{name: "a helper that is missing", end: "Write-Highlite 'x'", code: 1, says: "script.ps1, line 4"},
		{name: "break without a loop", end: "break"},
		{name: "continue without a loop", end: "continue"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, powerShell, step{body: before + c.end + "\n'never'", stop: c.stop})
			got.stdout = resultMessage.ReplaceAllString(got.stdout, "")
			got.want(t, c.code, strings.ReplaceAll(printed, "\r\n", "\n"))
			if !strings.Contains(got.stderr, c.says) || strings.Contains(got.stderr, "bootstrap") {
				t.Errorf("the error output should name %q, and never the bootstrap:\n%s", c.says, got.stderr)
			}
		})
	}
}

// An error while objects are printed is an error of the script.
func TestErrorInPrinting(t *testing.T) {
	got := run(t, powerShell, step{body: "'a'\n[pscustomobject]@{ A = 1 } | Format-Table | Select-Object -Last 1\n'never'"})
	if plain := runPlain(t, "'a'\n[pscustomobject]@{ A = 1 } | Format-Table | Select-Object -Last 1\n'never'"); got.code != plain.code {
		t.Errorf("exit %d, %q; PowerShell itself: %d, %q", got.code, got.stderr, plain.code, plain.stderr)
	}
	if got.code != 0 && strings.Contains(got.stderr, "bootstrap") {
		t.Errorf("the error output leads into the bootstrap:\n%s", got.stderr)
	}
}

var levelMessages = regexp.MustCompile(`##octopus\[stdout-default\]\r?\n|##octopus\[stdout-\w+\]`)

// withoutLevels removes the messages around warnings and the like, which the log never shows.
func withoutLevels(output string) string { return levelMessages.ReplaceAllString(output, "") }

// runPlain runs a script in PowerShell without the bootstrap.
func runPlain(t *testing.T, body string) outcome {
	t.Helper()
	file, err := script.WriteInline(t.TempDir(), model.PowerShell, body)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, script.Command{
		Path: powerShell.tool(t).Path, Args: []string{"-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", file},
		Env: []string{"NO_COLOR=1", "TERM=dumb"}, Dir: filepath.Dir(file),
	}, nil)
}
