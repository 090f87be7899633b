package script_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

func TestValuesArriveByteForByte(t *testing.T) {
	values := awkward()
	var names []string
	var variables []model.InputValue
	for name, value := range values {
		names = append(names, name)
		variables = append(variables, model.InputValue{Name: "My." + name, Value: value, Sensitive: true})
	}
	slices.Sort(names)
	for _, l := range []language{bash, powerShell} {
		t.Run(string(l.name), func(t *testing.T) {
			out := t.TempDir()
			var body strings.Builder
			for _, name := range names {
				file := filepath.Join(out, name)
				if l == bash {
					body.WriteString("get_octopusvariable 'my." + name + "' > '" + file + "'\n")
					body.WriteString("get_octopusvariable 'My." + name + "' v; printf %s \"$v\" > '" + file + ".2'\n")
				} else {
					body.WriteString("[IO.File]::WriteAllText('" + file + "', $OctopusParameters['my." + name + "'])\n")
					body.WriteString("[IO.File]::WriteAllText('" + file + ".2', $" + ownName("My."+name) + ")\n")
				}
			}
			run(t, l, step{body: body.String(), variables: variables}).want(t, 0, "")
			for _, name := range names {
				for _, way := range []string{"", ".2"} {
					got, err := os.ReadFile(filepath.Join(out, name+way))
					if err != nil {
						t.Fatal(err)
					}
					if string(got) != values[name] {
						t.Errorf("%s%s: got %d bytes %.80q, want %d bytes %.80q", name, way, len(got), got, len(values[name]), values[name])
					}
				}
			}
		})
	}
}

// ownName is Octopus's rule for the PowerShell variable of a project variable.
func ownName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == ' ' {
			return -1
		}
		return r
	}, name)
}

func TestOutputsArriveByteForByte(t *testing.T) {
	values := awkward()
	values["300 bytes"] = strings.Repeat("é", 150)
	values["301 bytes"] = strings.Repeat("é", 150) + "x"
	for name, value := range values {
		if len(value) > 1<<20 {
			values[name] = value[:1<<20/32*32]
		}
	}
	for _, l := range []language{bash, powerShell} {
		t.Run(string(l.name), func(t *testing.T) {
			var body strings.Builder
			if l == bash {
				body.WriteString("set -euo pipefail\nIFS=0123\nLC_ALL=C\n")
			} else {
				body.WriteString("Set-StrictMode -Version Latest\n")
			}
			var variables []model.InputValue
			var names []string
			for name, value := range values {
				names = append(names, name)
				variables = append(variables, model.InputValue{Name: name, Value: value})
				if l == bash {
					body.WriteString("get_octopusvariable '" + name + "' v; set_octopusvariable \"Out '" + name + "' é\" \"$v\"\n")
				} else {
					body.WriteString("Set-OctopusVariable \"Out '" + name + "' é\" $OctopusParameters['" + name + "']\n")
				}
			}
			got := run(t, l, step{body: body.String(), variables: variables})
			if got.code != 0 {
				t.Fatalf("exit %d: %s", got.code, got.stderr)
			}
			for _, name := range names {
				gotName, value, sensitive := got.output(t)
				if gotName != "Out '"+name+"' é" || value != values[name] || sensitive {
					t.Errorf("got %q = %.80q (%d bytes), want %q = %.80q (%d bytes)", gotName, value, len(value), name, values[name], len(values[name]))
				}
				got.stdout = got.stdout[strings.Index(got.stdout, "\n")+1:]
			}
			if got.stdout != "" {
				t.Errorf("there is more output: %.200q", got.stdout)
			}
		})
	}
}

func TestSensitiveOutput(t *testing.T) {
	for l, body := range map[language]string{
		bash:       "set_octopusvariable Key 's3 cret' -sensitive\n",
		powerShell: "Set-OctopusVariable -Name Key -Value 's3 cret' -Sensitive\n",
	} {
		t.Run(string(l.name), func(t *testing.T) {
			name, value, sensitive := run(t, l, step{body: body}).output(t)
			if name != "Key" || value != "s3 cret" || !sensitive {
				t.Errorf("got %q = %q, sensitive %t", name, value, sensitive)
			}
		})
	}
}

// Once the script runs, values must be only in the shell's memory.
func TestValuesAreGoneBeforeTheScript(t *testing.T) {
	const secret = "s3cret-canary-value"
	for l, body := range map[language]string{
		bash: `printf 'args=%s [%s]\n' "$#" "$*"; env | grep -c canary; tr '\0' '\n' < /proc/$$/cmdline | grep -c canary
grep -rl canary "$1" | sed "s,.*/,,"; ls "$1"`,
		powerShell: `param($dir)
$leaks = Get-ChildItem Env: | Where-Object { $_.Value -like '*canary*' }
"env=$(@($leaks).Count)"
foreach ($f in [IO.Directory]::GetFiles($dir)) { "$([IO.Path]::GetFileName($f)) $([IO.File]::ReadAllText($f).Contains('czNjcmV0'))" }`,
	} {
		t.Run(string(l.name), func(t *testing.T) {
			if l == bash {
				if _, err := os.Stat("/proc/self/cmdline"); err != nil {
					t.Skip("no /proc")
				}
			}
			dir := t.TempDir()
			file, err := script.WriteInline(t.TempDir(), l.name, body)
			if err != nil {
				t.Fatal(err)
			}
			command, err := script.Prepare(t.Context(), script.Input{
				Language: l.name, Tool: l.tool(t), Script: file, Dir: dir, Bootstraps: bootstraps(t), Parameters: "'" + dir + "'",
				Variables: []model.InputValue{{Name: "Key", Value: secret, Sensitive: true}},
			})
			if err != nil {
				t.Fatal(err)
			}
			planted := 0 // the search finds it before the run
			for _, f := range command.Files {
				info, err := os.Stat(f)
				if err != nil {
					t.Fatal(err)
				}
				if info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
					t.Errorf("%s has mode %v", f, info.Mode())
				}
				if text, err := os.ReadFile(f); err != nil {
					t.Fatal(err)
				} else if strings.Contains(string(text), "canary") || strings.Contains(string(text), "czNjcmV0") {
					planted++
				}
			}
			if planted != 1 {
				t.Fatalf("%d files hold the value before the run, want 1", planted)
			}
			if strings.Contains(strings.Join(append(command.Args, command.Env...), " "), secret) {
				t.Error("the command contains the value")
			}
			got := start(t, command, nil)
			if l == bash {
				got.want(t, 0, "args=1 ["+dir+"]\n0\n0\nbootstrap.sh\nhelpers.sh\nparameters\nvalues\n")
			} else {
				got.want(t, 0, "env=0\nbootstrap.ps1 False\n")
			}
			command.Remove()
			if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

func TestNamesOfValues(t *testing.T) {
	variables := []model.InputValue{
		{Name: "Octopus.Environment.Name", Value: "Production"},
		{Name: "Octopus.Action[Step 1].Output.Url", Value: "http://u"},
		{Name: "My_App.Key", Value: "k"},
		{Name: "it's `odd` \"$x\" *?[a]", Value: "odd"},
		{Name: "ünï", Value: "uni"},
		{Name: "Host", Value: "taken"},
		{Name: "ErrorActionPreference", Value: "taken"},
		{Name: "LastExitCode", Value: "77"},
		{Name: "a.b", Value: "first"},
		{Name: "ab", Value: "itself"},
	}
	t.Run("bash", func(t *testing.T) {
		run(t, bash, step{variables: variables, body: `
p() { printf '[%s]' "$(get_octopusvariable "$@")"; }
p Octopus.Environment.Name; p OCTOPUS.environment.NAME; p 'Octopus.Action[Step 1].Output.Url'; p 'Octopus.ActionS.Output.Url'
p "it's \` + "`odd\\`" + ` \"\$x\" *?[a]"; p ünï; p Undefined; p '*'; p ''; p; p LastExitCode
`}).want(t, 0, "[Production][Production][http://u][][odd][uni][][][][][77]")
	})
	t.Run("powershell", func(t *testing.T) {
		run(t, powerShell, step{variables: variables, body: `
function p($v) { [Console]::Out.Write("[$v]") }
p $OctopusParameters['octopus.environment.name']; p $OctopusParameters["Octopus.Action[Step 1].Output.Url"]
p $OctopusParameters.ab; p $OctopusParameters['Undefined']; p $OctopusEnvironmentName; p $My_AppKey; p $MyAppKey; p $ünï; p $ab
p $Host.GetType().Name.Length.Equals(0); p $ErrorActionPreference; p (Test-Path variable:LASTEXITCODE)
p $OctopusParameters['it''s ` + "`odd`" + ` "$x" *?[a]']
function q { p $OctopusEnvironmentName }; q
`}).want(t, 0, "[Production][http://u][itself][][Production][k][k][uni][itself][False][Stop][False][odd][Production]")
	})
}
