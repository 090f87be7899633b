package script_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

func TestExitCodes(t *testing.T) {
	// How a program looks that PowerShell starts, and what Go reports for an exit code below zero.
	program, minusOne := "bash -c 'exit %d'", 255
	if runtime.GOOS == "windows" {
		program, minusOne = "cmd /d /c 'exit %d'", math.MaxUint32
	}
	ends := func(code int) string { return fmt.Sprintf(program, code) }
	for _, c := range []struct {
		name string
		l    language
		body string
		stop bool
		code int
		out  string
	}{
		{name: "end", l: bash, body: "echo hello", out: "hello\n"},
		{name: "exit", l: bash, body: "echo a; exit 42; echo b", code: 42, out: "a\n"},
		{name: "last command", l: bash, body: "(exit 7)", code: 7},
		{name: "an early failure goes on", l: bash, body: "false; echo on", out: "on\n"},
		{name: "an early failure stops by choice", l: bash, body: "(exit 3); echo on", stop: true, code: 3},
		{name: "in a pipe", l: bash, body: "false | true; echo on", stop: true, code: 1},
		{name: "in a pipe, without the choice", l: bash, body: "false | true", code: 0},
		{name: "strict by itself", l: bash,
			body: "set -euo pipefail\nget_octopusvariable Nope\nset_octopusvariable A >/dev/null\nget_octopusvariable >/dev/null\necho " +
				"\"$Undefined\"", code: 1},
		{name: "strict all the way", l: bash, body: "set -euo pipefail\nx=$(get_octopusvariable Nope)\necho \"[$x]\"", out: "[]\n"},
		{name: "exit trap", l: bash, body: "trap 'echo bye' EXIT\nexit 5", code: 5, out: "bye\n"},
		{name: "missing command", l: bash, body: "stepdeck-no-such-command", code: 127},
		{name: "syntax error", l: bash, body: "echo a\nif then\n", code: 2, out: "a\n"},
		{name: "background", l: bash, body: "sleep 0 &\nwait", out: ""},
		{name: "options as in a script of its own", l: bash, body: "echo $- $#", out: "hB 0\n"},

		{name: "end", l: powerShell, body: "'hello'", out: "hello\n"},
		{name: "exit", l: powerShell, body: "'a'; exit 42; 'b'", code: 42, out: "a\n"},
		{name: "exit in a function", l: powerShell, body: "function f { exit 42 }; f; 'b'", code: 42},
		{name: "exit -1", l: powerShell, body: "exit -1", code: minusOne},
		{name: "last program", l: powerShell, body: ends(7), code: 7},
		{name: "an early failure goes on", l: powerShell, body: ends(7) + "; " + ends(0) + "; 'on'", out: "on\n"},
		{name: "an early failure stops by choice", l: powerShell, body: ends(7) + "; 'on'", stop: true, code: 7},
		{name: "throw", l: powerShell, body: "'a'; throw 'bad'; 'b'", code: 1, out: "a\n"},
		{name: "Write-Error", l: powerShell, body: "Write-Error 'bad'; 'b'", code: 1},
		{name: "throw after a failed program", l: powerShell, body: ends(7) + "; throw 'bad'", code: 1},
		{name: "strict without a program", l: powerShell, body: "Set-StrictMode -Version Latest; 'a'", out: "a\n"},
		{name: "strict, undefined", l: powerShell, body: "Set-StrictMode -Version Latest; $Undefined", code: 1},
		{name: "caught", l: powerShell, body: "try { throw 'bad' } catch { 'caught' }", out: "caught\n"},
		{name: "errors that go on by choice", l: powerShell, body: "$ErrorActionPreference = 'Continue'; Write-Error 'bad' 2>$null; 'on'",
			out: "on\n"},
		{name: "syntax error", l: powerShell, body: "'a'\nif {\n", code: 1},
		{name: "asking for input is an error", l: powerShell, body: "$null = Read-Host", code: 1},
	} {
		t.Run(string(c.l.name)+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, c.l, step{body: c.body, stop: c.stop})
			got.want(t, c.code, c.out)
		})
	}
}

func TestUncaughtErrorsHaveAPosition(t *testing.T) {
	for name, c := range map[string]struct {
		l    language
		body string
		want []string
	}{
		"bash syntax":  {bash, "echo a\nif then\n", []string{"script.sh: line 2: syntax error"}},
		"bash command": {bash, "\n\nno-such-command", []string{"script.sh: line 3: no-such-command"}},
		"powershell throw": {powerShell, "'a'\nfunction f {\n  throw 'bad thing'\n}\nf\n",
			[]string{"bad thing", "script.ps1:3", "at f, ", "script.ps1: line 3", "at <ScriptBlock>, ", "script.ps1: line 5"}},
		"powershell syntax": {powerShell, "'a'\n$x = (5\n", []string{"ParserError:", "script.ps1:2", "(5", "Missing closing"}},
		"powershell cmdlet": {powerShell, "Get-Item /no/such/thing", []string{"ObjectNotFound:", "/no/such/thing", "script.ps1:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := run(t, c.l, step{body: c.body})
			if got.code == 0 {
				t.Error("it succeeded")
			}
			for _, want := range c.want {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("the error output lacks %q:\n%s", want, got.stderr)
				}
			}
			if strings.Contains(got.stderr, "bootstrap") {
				t.Errorf("the error output leads into the bootstrap:\n%s", got.stderr)
			}
		})
	}
}

func TestParameters(t *testing.T) {
	const args = `printf '[%s]' "$@"`
	for _, c := range []struct {
		name, body, parameters, want string
		l                            language
		code                         int
	}{
		{name: "none", l: bash, body: `echo "$#"`, want: "0\n"},
		{name: "quoted", l: bash, body: `printf '[%s]' "$@"`, parameters: ` "Para meter0" 'Para $meter1' $(get_octopusvariable V) -x `,
			want: "[Para meter0][Para $meter1][v][-x]"},
		{name: "a comment", l: bash, body: `printf '[%s]' "$@"`, parameters: "a # b", want: "[a]"},
		{name: "what looks like a place", l: bash, body: `printf '[%s]' "$@"`, parameters: "'@values@'", want: "[@values@]"},
		{name: "two lines", l: bash, body: args, parameters: "--region eu-west-1\n--dry-run", want: "[--region][eu-west-1][--dry-run]"},
		{name: "Windows line ends", l: bash, body: args, parameters: "a\r\nb\r\n\r\nc\r\n", want: "[a][b][c]"},
		{name: "blank lines", l: bash, body: args, parameters: "\n\n a \n\n  \n\tb\n\n", want: "[a][b]"},
		{name: "backslashes at the ends of lines", l: bash, body: args, parameters: "a \\\nb \\\n", want: "[a][b]"},
		{name: "backslash at the end", l: bash, body: args, parameters: "a\nb \\", want: "[a][b]"},
		{name: "backslash at the end of one line", l: bash, body: args, parameters: `a b\\ \`, want: `[a][b\]`},
		{name: "comments on several lines", l: bash, body: args, parameters: "# first\na # b\nc#d\n# last", want: "[a][c#d]"},
		{name: "quotes over lines", l: bash, body: args, parameters: "a 'b\r\nc'\n\"d\n\n$(get_octopusvariable V)\" e\n",
			want: "[a][b\nc][d\n\nv][e]"},
		{name: "expansions on several lines", l: bash, body: args, parameters: "$(\n echo a\n)\n{b,c}\n\"${NOPE:-x y}\"\n[k]=v",
			want: "[a][b][c][x y][[k]=v]"},
		{name: "quoted operators on several lines", l: bash, body: args, parameters: "'a;b'\n\"c & d\"\n\\|", want: "[a;b][c & d][|]"},
		{name: "words of the language", l: bash, body: args, parameters: "if\ndone\n!\n}", want: "[if][done][!][}]"},
		{name: "redirection", l: bash, body: `echo hidden; echo shown >&2`, parameters: "> /dev/null", want: ""},
		{name: "shift", l: bash, body: `shift; printf '[%s]' "$@"`, parameters: "a b", want: "[b]"},

		{name: "none", l: powerShell, body: "$args.Count", want: "0\n"},
		{
			name: "named, quoted", l: powerShell,
			body:       "param([string]$Parameter0, [string]$Parameter1, [switch]$On)\n\"$Parameter0$Parameter1$On\"",
			parameters: `-Parameter0 "Para meter0" -Parameter1 'Para $meter1' -On`, want: "Para meter0Para $meter1True\n",
		},
		{name: "code", l: powerShell, body: "param([int]$N, $V)\n$N + 1; $V", parameters: "-N (40 + 1) -V $OctopusParameters['V']",
			want: "42\nv\n"},
		{name: "by position", l: powerShell, body: "param($A, $B)\n\"$B$A\"", parameters: "1 2", want: "21\n"},
		{name: "args", l: powerShell, body: "$args -join ','", parameters: "a 'b c' @(1,2)", want: "a,b c,System.Object[]\n"},
		{name: "a comment", l: powerShell, body: "$args -join ','", parameters: "a # b", want: "a\n"},
		{name: "two lines", l: powerShell, body: "param($Region, [switch]$DryRun)\n\"$Region $DryRun\"", parameters: "-Region eu-west-1\n-DryRun",
			want: "eu-west-1 True\n"},
		{name: "two lines with dashes", l: powerShell, body: "$args -join ','", parameters: "--region eu-west-1\n--dry-run\n5#x",
			want: "--region,eu-west-1,--dry-run,5#x\n"},
		{name: "Windows line ends", l: powerShell, body: "$args -join ','", parameters: "a\r\nb\r\n\r\nc\r\n", want: "a,b,c\n"},
		{name: "backticks at the ends of lines", l: powerShell, body: "$args -join ','", parameters: "a `\nb `\r\n-c `", want: "a,b,-c\n"},
		{name: "comments on several lines", l: powerShell, body: "$args -join ','", parameters: "# first\na # b\nc#d <# e\n#> f\n# last",
			want: "a,c#d,f\n"},
		{name: "quotes over lines", l: powerShell, body: "$args -join ','", parameters: "'a\r\nb'\n\"c\n$V\"\n@'\nd'e\n'@",
			want: "a\nb,c\nv,d'e\n"},
		{name: "code on several lines", l: powerShell, body: "param($N, $T, $B)\n\"$N $($T.b) $(& $B)\"",
			parameters: "-N (40 +\n 1 + # one\n 1)\n-T @{\n a = 1\n b = 2\n}\n-B {\n 'x'\n 'y'\n}", want: "42 2 x y\n"},
		{name: "redirection", l: powerShell, body: "Write-Error 'hidden' -ErrorAction Continue; 'on'", parameters: "2> $null", want: "on\n"},
		{name: "mandatory is missing", l: powerShell, body: "[CmdletBinding()]param([Parameter(Mandatory)]$A)\n$A", code: 1},
		{name: "unknown", l: powerShell, body: "[CmdletBinding()]param($A)\n$A", parameters: "-B 1", code: 1},
	} {
		t.Run(string(c.l.name)+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			run(t, c.l, step{body: c.body, parameters: c.parameters, variables: []model.InputValue{{Name: "V", Value: "v"}}}).want(t, c.code, c.want)
		})
	}
}

// Parameters that would end the command, or that never end, are rejected before the script starts.
func TestInvalidParameters(t *testing.T) {
	for _, c := range []struct {
		name, parameters string
		l                language
	}{
		{"another command", "a; touch AFTER", bash},
		{"and", "a && touch AFTER", bash},
		{"or", "a || touch AFTER", bash},
		{"pipe", "a | tee AFTER", bash},
		{"background", "a & touch AFTER", bash},
		{"background alone", "a &", bash},
		{"on a later line", "a\nb; touch AFTER", bash},
		{"the end of a list", "a\n) ; touch AFTER ; (", bash},
		{"single quote", "it's", bash},
		{"double quote on a later line", "a\nb \"c", bash},
		{"substitution", "$(echo a", bash},
		{"NUL", "a\x00b", bash},
		{"comment with a backslash", "a x # in C:\\temp\\\n--dry-run", bash},
		{"here document", "a<<E\n--dry-run\nE", bash},
		{"another command", "a; Set-Content AFTER x", powerShell},
		{"pipe", "a | Set-Content AFTER", powerShell},
		{"on a later line", "a\nb; Set-Content AFTER x", powerShell},
		{"single quote", "it's", powerShell},
		{"double quote on a later line", "a\nb \"c", powerShell},
		{"brace", "a\n} ; Set-Content AFTER x ; {", powerShell},
		{"parenthesis", "(1 + ", powerShell},
	} {
		t.Run(string(c.l.name)+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			after := filepath.ToSlash(filepath.Join(t.TempDir(), "after"))
			file, err := script.WriteInline(t.TempDir(), c.l.name, "echo started")
			if err != nil {
				t.Fatal(err)
			}
			command, err := script.Prepare(t.Context(), script.Input{
				Language: c.l.name, Tool: c.l.tool(t), Script: file, Dir: t.TempDir(), Bootstraps: bootstraps(t),
				Parameters: strings.ReplaceAll(c.parameters, "AFTER", after),
			})
			said := fmt.Sprint(err)
			if err == nil {
				got := start(t, command, nil)
				got.stdout = resultMessage.ReplaceAllString(got.stdout, "")
				got.want(t, 1, "")
				said = got.stderr
			}
			if !strings.Contains(said, "The script parameters ") || strings.Contains(said, "bootstrap") {
				t.Errorf("it says %q", said)
			}
			if _, err := os.Stat(after); err == nil {
				t.Error("the parameters ran another command")
			}
		})
	}
}

// Folders and names as people have them, several at once: PowerShell is slow to start.
var awkwardNames = []string{"it's 100% %PATH% $HOME", "-n [x] naïve 🚀", "`id` a&b;c $(id) #{V}", `q"uote ‘curly’ ‚`}

func TestAwkwardPaths(t *testing.T) {
	for _, l := range []language{bash, powerShell} {
		for _, name := range awkwardNames {
			t.Run(string(l.name)+"/"+name, func(t *testing.T) {
				t.Parallel()
				if runtime.GOOS == "windows" && strings.Contains(name, `"`) {
					t.Skip("no name of a file there")
				}
				dir := filepath.Join(t.TempDir(), name)
				if err := os.MkdirAll(filepath.Join(dir, "private"), 0o700); err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(dir, name+filepath.Ext(l.file))
				body := `. "$(dirname "$0")/functions"; here; echo "$0"; echo "${BASH_SOURCE[0]}"; pwd; get_octopusvariable V`
				functions := "here() { echo here; }\n"
				if l == powerShell {
					body = ". (Join-Path $PSScriptRoot 'functions.ps1'); here; $PSCommandPath; $MyInvocation.MyCommand.Path; (Get-Location).Path; $V"
					functions = "function here { 'here' }\n"
				}
				for path, text := range map[string]string{file: body, filepath.Join(dir, "functions"): functions,
					filepath.Join(dir, "functions.ps1"): functions} {
					if err := os.WriteFile(path, []byte("\ufeff"+text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if l == bash {
					if err := os.WriteFile(filepath.Join(dir, "functions"), []byte(functions), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				command, err := script.Prepare(t.Context(), script.Input{
					Language: l.name, Tool: l.tool(t), Script: file, Dir: filepath.Join(dir, "private"), Bootstraps: bootstraps(t),
					Variables: []model.InputValue{{Name: "V", Value: "v"}},
				})
				if err != nil {
					t.Fatal(err)
				}
				if command.Dir != dir {
					t.Errorf("runs in %q, want %q", command.Dir, dir)
				}
				want := "here\n" + file + "\n" + file + "\n" + dir + "\nv"
				if l == powerShell {
					want += "\n"
				}
				start(t, command, nil).want(t, 0, want)
			})
		}
	}
}

func TestMainGuard(t *testing.T) {
	run(t, bash, step{body: `main() { echo "main $1"; }; if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi`, parameters: "x"}).want(t,
		0, "main x\n")
}

func TestPlainOutput(t *testing.T) {
	run(t, bash, step{body: `echo "$NO_COLOR $TERM naïve 🚀"`}).want(t, 0, "1 dumb naïve 🚀\n")
	run(t, powerShell,
		step{body: `"$env:NO_COLOR naïve 🚀"; [Console]::OutputEncoding.WebName + ' ' + $OutputEncoding.CodePage; $ProgressPreference; 'é🚀' | ` +
			`bash -c 'cat'`}).
		want(t, 0, "1 naïve 🚀\nutf-8 65001\nSilentlyContinue\né🚀\n")
}
