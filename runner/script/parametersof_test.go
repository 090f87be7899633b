package script_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

func TestHeaderParameters(t *testing.T) {
	const text = `#!/usr/bin/env bash
# Rotates keys.
#
# @param days number(1..30) 7 How many days   are kept
# @param until date(2026-01-01..) - The last day
# @param tier choice(web | db) required Which tier
# @param dry-run flag
# @param note text "two words" What is written
# @param none text "" Empty
# @param from file - A file
# @param size int(1..9) 3 How large
#	@param	tag	list	-	Tags

# @param tier text - twice
# @param $1 string The first argument
# @param string The name
# @param odd number(many) 1 No limits
# @param odd choice() a No options
# @param open text "never closed
# @param --dashed text - A dash
# @params other text -
set -e
# @param late text - Not in the header
`
	text7 := model.ArgumentText
	want := []model.Parameter{
		{Name: "days", Type: "number", As: text7, Control: model.ControlNumber, Default: "7", Min: "1", Max: "30",
			Help: "How many days   are kept"},
		{Name: "until", Type: "date", As: text7, Control: model.ControlDate, Min: "2026-01-01", Help: "The last day"},
		{Name: "tier", Type: "choice", As: text7, Control: model.ControlSelect, Mandatory: true, Options: []string{"web", "db"},
			Help: "Which tier"},
		{Name: "dry-run", Type: "flag", As: model.ArgumentSwitch, Control: model.ControlCheckbox},
		{Name: "note", Type: "text", As: text7, Control: model.ControlText, Default: "two words", Help: "What is written"},
		{Name: "none", Type: "text", As: text7, Control: model.ControlText, Help: "Empty"},
		{Name: "from", Type: "file", As: text7, Control: model.ControlFile, Help: "A file"},
		{Name: "size", Type: "int", As: text7, Control: model.ControlNumber, Whole: true, Default: "3", Min: "1", Max: "9", Help: "How large"},
		{Name: "tag", Type: "list", As: model.ArgumentList, Control: model.ControlText, Help: "Tags"},
	}
	for name, text := range map[string]string{
		"as it is": text, "with a mark": "\ufeff" + text, "with the line ends of Windows": strings.ReplaceAll(text, "\n", "\r\n"),
	} {
		if got := script.HeaderParameters(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got\n%+v\nwant\n%+v", name, got, want)
		}
	}
}

func TestHeaderFaults(t *testing.T) {
	const text = "#!/bin/sh\n# @param a strin\n# @param b\n# @param c text \"open\n# @param d number(30..1)\n# @param e number(1..1)\n" +
		"# @param E text\n# @params f\n# Says @param g\n#@param\n# @param h text(1)\n# @param i choice()\n# @param $1 text\n# @param j int(1\n" +
		"echo\n# @param late"
	got := script.HeaderFaults(text)
	want := []struct{ line, why string }{
		{"Line 2 ", `no type "strin"`}, {"Line 3 ", "no type"}, {"Line 4 ", "never closed"}, {"Line 5 ", "limits"}, {"Line 7 ", "twice"},
		{"Line 10 ", "no name"}, {"Line 11 ", "no brackets"}, {"Line 12 ", "its values"}, {"Line 13 ", "can't be a name"},
		{"Line 14 ", "bracket"},
	}
	for i, fault := range got {
		if i >= len(want) || !strings.HasPrefix(fault, want[i].line) || !strings.Contains(fault, want[i].why) {
			t.Errorf("fault %d is %s", i, fault)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %q, want %d", got, len(want))
	}
	if list := script.HeaderParameters(text); len(list) != 1 || list[0].Name != "e" {
		t.Errorf("the parameters are %+v", list)
	}
}

func FuzzHeaderParameters(f *testing.F) {
	for _, seed := range []string{
		"", "# @param a text - b", "# @param a number(1..2) 1\n# @param b choice(x|y) required", "#!/bin/sh\n\n#@param a text \"",
		"# @param a number(",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		seen := map[string]bool{}
		for _, p := range script.HeaderParameters(text) {
			s := model.Script{Source: model.SourceInline, Language: model.Bash, Body: "x", Arguments: []model.Argument{p.Argument("")}}
			if p.As == model.ArgumentSwitch {
				s.Arguments[0].Value = "False"
			}
			step := model.NewStep("S")
			step.Script, step.AWS.Account = s, model.NoAccount
			if problems := step.Check(); len(problems) > 0 {
				t.Errorf("%+v can't be given: %v", p, problems)
			}
			if seen[model.NameKey(p.Name)] {
				t.Errorf("%q twice", p.Name)
			}
			seen[model.NameKey(p.Name)] = true
		}
	})
}

func TestPowerShellParameters(t *testing.T) {
	dir := t.TempDir()
	trace := filepath.Join(dir, "it-ran")
	module := filepath.Join(dir, "evil.psm1")
	if err := os.WriteFile(module, []byte("[IO.File]::WriteAllText('"+trace+"', 'x')\nclass Evil {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	source := "<#\n.SYNOPSIS\nGrüße\n.PARAMETER Days\nHow many days\nare kept.\n#> using module " + module + "\n using module '" + module + `'
using namespace System.IO
param(
    [Parameter(Mandatory)][ValidateRange(1, 30)][int] $Days,
    [Parameter(Mandatory = $false, HelpMessage = 'Which tier')][ValidateSet('web', 'Dätabase')] [string] $Tier = 'web',
    [switch] $Force,
    [string[]] $Tag = @('a', 'b'),
    [datetime] $Until,
    [Alias('f', 'File')][ValidateLength(1, 8)][ValidatePattern('^a')][string] $From,
    [ValidateCount(1, 2)][ValidatePattern('^b', Options = 'None')][string[]] $Many,
    [ValidatePattern("^$x", Options = 'Multiline')][ValidateLength(0, [int]::MaxValue)][string] $Odd,
    [hashtable] $More = @{},
    [ValidateRange(-1, 2.5)][double] $Rate = -0.5,
    $Anything = (New-Item '` + trace + `')
)
New-Item '` + trace + "'\n"
	want := []model.Parameter{
		{Name: "Days", Type: "int", As: model.ArgumentText, Control: model.ControlNumber, Mandatory: true, Min: "1", Max: "30",
			Rounds: true, Help: "How many days\nare kept."},
		{Name: "Tier", Type: "string", As: model.ArgumentText, Control: model.ControlSelect, Default: "web", Options: []string{"web", "Dätabase"},
			Help: "Which tier"},
		{Name: "Force", Type: "switch", As: model.ArgumentSwitch, Control: model.ControlCheckbox},
		{Name: "Tag", Type: "string[]", As: model.ArgumentList, Control: model.ControlText, Default: "@('a', 'b')"},
		{Name: "Until", Type: "datetime", As: model.ArgumentText, Control: model.ControlText, DateTime: true},
		{Name: "From", Type: "string", As: model.ArgumentText, Control: model.ControlText, Aliases: []string{"f", "File"},
			Length: model.Span{Min: 1, Max: 8}, Pattern: "(?i)^a"},
		{Name: "Many", Type: "string[]", As: model.ArgumentList, Control: model.ControlText, Count: model.Span{Min: 1, Max: 2}, Pattern: "^b"},
		{Name: "Odd", Type: "string", As: model.ArgumentText, Control: model.ControlText},
		{Name: "More", Type: "hashtable", As: model.ArgumentText, Control: model.ControlText, Default: "@{}", CodeOnly: true},
		{Name: "Rate", Type: "double", As: model.ArgumentText, Control: model.ControlNumber, Default: "-0.5", Min: "-1", Max: "2.5"},
		{Name: "Anything", As: model.ArgumentText, Control: model.ControlText, Default: "(New-Item '" + trace + "')"},
	}
	tool := powerShell.tool(t)
	got, err := script.PowerShellParameters(t.Context(), tool, source)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		got[i].Help = strings.ReplaceAll(got[i].Help, "\r\n", "\n")
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if _, err := os.Stat(trace); err == nil {
		t.Error("the script or its module ran")
	}
	if list, err := script.PowerShellParameters(t.Context(), tool, "param([int"); err != nil || len(list) > 1 {
		t.Errorf("an open bracket: %v, %v", list, err)
	}
	if list, err := script.PowerShellParameters(t.Context(), tool, "'hi'"); err != nil || len(list) != 0 {
		t.Errorf("no parameters: %v, %v", list, err)
	}
}

// A parameter is mandatory before the run only if it is in every parameter set. PowerShell decides on the rest.
func TestMandatoryInParameterSets(t *testing.T) {
	tool := powerShell.tool(t)
	for name, tt := range map[string]struct {
		script string
		want   []string
	}{
		"one in each of two sets": {
			"param([Parameter(Mandatory,ParameterSetName='A')]$A,[Parameter(Mandatory,ParameterSetName='B')]$B,[Parameter(Mandatory)]$C)",
			[]string{"C"},
		},
		"in both sets": {
			"param([Parameter(Mandatory,ParameterSetName='A')][Parameter(Mandatory,ParameterSetName='b')]$A,[Parameter(ParameterSetName='B')]$B)",
			[]string{"A"},
		},
		"in one of its two sets": {
			"param([Parameter(Mandatory,ParameterSetName='A')][Parameter(ParameterSetName='B')]$A)", nil,
		},
		"in all sets but one": {"param([Parameter(Mandatory)][Parameter(ParameterSetName='B')]$A)", nil},
		"in the only set":     {"param([Parameter(Mandatory,ParameterSetName='A')]$A, $B)", []string{"A"}},
		"in a set that is not the one used without parameters": {
			"[CmdletBinding(DefaultParameterSetName='None')] param([Parameter(Mandatory,ParameterSetName='A')]$A)", nil,
		},
		"in all sets by their name": {
			"param([Parameter(Mandatory,ParameterSetName='__AllParameterSets')]$A,[Parameter(ParameterSetName='B')]$B)", []string{"A"},
		},
		"no sets": {"param([Parameter(Mandatory=$true)]$A,[Parameter(Mandatory=$false)]$B)", []string{"A"}},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := script.PowerShellParameters(t.Context(), tool, tt.script)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range list {
				if p.Mandatory {
					got = append(got, p.Name)
				}
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("mandatory are %q, want %q", got, tt.want)
			}
		})
	}
}

// Whatever is in a value, the script gets it as one argument.
func TestArgumentsArriveAsTheyAre(t *testing.T) {
	values := []string{
		"plain", "", "two words", "it's", `"quoted"`, "$(touch x)", "`date`", "$HOME", "; echo no", "a #b\\", "-Force", "@('a')", "‘curly’",
		"%PATH%",
		"line one\nline two", "ends with \\", "Grüße 🚀", "*", "#{x}", "a\tb",
	}
	bodies := map[model.Language]string{
		model.PowerShell: "param($One, [switch]$On, [switch]$Off, [bool]$Sure, [string[]]$Many)\n" +
			`$text = @("$One".Replace("` + "`n" + `", "<n>"), $On, $Off, $Sure) + $Many` + "\n" +
			`$PSBoundParameters.ContainsKey('Off'); $text -join '|'`,
		model.Bash: `echo True; for a; do printf '%s|' "${a//$'\n'/<n>}"; done`,
		model.Python: "import sys\nprint(True)\nsys.stdout.reconfigure(encoding='utf-8')\n" +
			"print('|'.join(a.replace('\\n', '<n>') for a in sys.argv[1:]) + '|')",
	}
	for _, l := range []language{powerShell, bash, python} {
		for _, value := range values {
			t.Run(string(l.name)+" "+value, func(t *testing.T) {
				shown := strings.ReplaceAll(value, "\n", "<n>")
				want := "True\n--One|" + shown + "|--On|--Sure|--Many|" + shown + "|--Many|second|"
				many := value + "\nsecond"
				if l.name == model.PowerShell {
					want = "True\n" + shown + "|True|False|True|" + shown + "|second"
				}
				if strings.Contains(value, "\n") || value == "" {
					many, want = "second", strings.NewReplacer("--Many|"+shown+"|", "", "|True|"+shown+"|", "|True|").Replace(want)
				}
				got := run(t, l, step{body: bodies[l.name], arguments: []model.Argument{
					{Name: "One", Value: value, As: model.ArgumentText}, {Name: "On", Value: "true", As: model.ArgumentSwitch},
					{Name: "Off", Value: "False", As: model.ArgumentSwitch}, {Name: "Sure", Value: "True", As: model.ArgumentSwitch},
					{Name: "Many", Value: many, As: model.ArgumentList},
				}})
				if text := strings.TrimSpace(strings.ReplaceAll(got.stdout, "\r\n", "\n")); text != strings.TrimSpace(want) || got.code != 0 {
					t.Errorf("got %q, want %q; %s", text, want, got.stderr)
				}
			})
		}
	}
}
