package script

import (
	"reflect"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"

	"github.com/stepdeck/stepdeck/model"
)

// typed are the parameters that the scripts of the tests declare.
func typed() []model.Parameter {
	return []model.Parameter{
		{Name: "Days", Aliases: []string{"d"}, Type: "int", As: model.ArgumentText, Control: model.ControlNumber},
		{Name: "Name", Type: "string", As: model.ArgumentText, Control: model.ControlText},
		{Name: "Any", As: model.ArgumentText, Control: model.ControlText},
		{Name: "dry-run", Type: "switch", As: model.ArgumentSwitch, Control: model.ControlCheckbox},
		{Name: "Flag", Type: "bool", As: model.ArgumentSwitch, Control: model.ControlCheckbox},
		{Name: "Tag", Type: "string[]", As: model.ArgumentList, Control: model.ControlText},
		{Name: "Ids", Type: "System.Int32[]", As: model.ArgumentList, Control: model.ControlNumber},
		{Name: "Code", Type: "scriptblock", As: model.ArgumentText, Control: model.ControlText, CodeOnly: true},
	}
}

// written returns arguments and the rest of a text in one line.
func written(list []model.Argument, rest []string) string {
	var parts []string
	for _, a := range list {
		parts = append(parts, a.Name+"="+strings.ReplaceAll(a.Value, "\n", "⏎"))
	}
	return strings.Join(parts, "; ") + " | " + strings.Join(rest, "; ")
}

func TestTextArguments(t *testing.T) {
	for _, row := range []struct {
		language   model.Language
		text, want string
	}{
		{model.Bash, "", " | "},
		{model.Bash, "--dry-run --verbose", "dry-run=True | --verbose"},
		{model.Bash, "--Days 7 \\\n  # why\n--Name 'it'\\''s' --Tag a --Tag \"b c\"", "Days=7; Name=it's; Tag=a⏎b c | "},
		{model.Bash, `--Name "a \"b\" \$c \d" --Any a\ b`, `Name=a "b" $c \d; Any=a b | `},
		{model.Bash, `--Name $HOME --Days 1`, "Days=1 | --Name; $HOME"},
		{model.Bash, `--Name "$(id)" --Any *.txt --Days {1,2}`, ` | --Name; "$(id)"; --Any; *.txt; --Days; {1,2}`},
		{model.Bash, `--Name '' --days 7 -Days 7 first --Days`, ` | --Name ''; --days; 7; -Days; 7; first; --Days`},
		{model.Bash, `--Days 1 --Days 2 --Name --dry-run`, "Days=1; dry-run=True | --Days 2; --Name"},
		{model.Bash, `--Days 1 > log`, "Days=1 | > log"},
		{model.Bash, `--Days 1 -- --dry-run`, "Days=1 | --; --dry-run"},
		{model.Bash, `--Name 'open`, " | --Name 'open"},
		{model.Bash, `--Days #{Days} --Name "a #{ B | ToUpper } c"`, "Days=#{Days}; Name=a #{ B | ToUpper } c | "},
		{model.Bash, `--Name #{A | Replace "}" "b"}`, ` | --Name #{A | Replace "}" "b"}`},
		{model.Bash, `#{if A}--dry-run#{/if} --Days 1`, "Days=1 | #{if A}--dry-run#{/if}"},
		{model.Bash, "--Tag 'a\nb' --Code x", " | --Tag 'a\nb'; --Code x"},
		{model.Bash, `--Name a$'\r'b --Any $'\x41'`, "Name=a\rb | --Any; $'\\x41'"},
		{model.Bash, "--Name ~ --Days a=b", "Days=a=b | --Name; ~"},
		{model.Python, `--Name "a \"b\"" --Any 'x --dry-run`, `Name=a "b"; Any='x; dry-run=True | `},
		{model.Python, `--Name C:\temp --Any $HOME --Days=7`, `Name=C:\temp; Any=$HOME | --Days=7`},
		{model.Python, `--Name "open --dry-run`, ` | --Name; "open --dry-run`},
		{model.PowerShell, `-days 7 -Name web -dry-run -Flag $true`, "Days=7; Name=web; dry-run=True; Flag=True | "},
		{model.PowerShell, "-D 7 `\n -Name:'it''s' -dry-run:$False # no\n-Tag a, 'b c',\"d\"",
			"Days=7; Name=it's; dry-run=False; Tag=a⏎b c⏎d | "},
		{model.PowerShell, `-Tag @('a', 'b') -Ids 1,2`, "Tag=a⏎b; Ids=1⏎2 | "},
		{model.PowerShell, `-Tag 007,008 -Any 7 -Name 007 -Flag 1`, "Name=007 | -Tag 007,008; -Any 7; -Flag 1"},
		{model.PowerShell, `-Any '7' -Name "a$b"`, `Any=7 | -Name "a$b"`},
		{model.PowerShell, `-Days (1 + 1) -Name a`, " | -Days (1 + 1) -Name a"},
		{model.PowerShell, `-Verbose -Days 7`, "Days=7 | -Verbose"},
		{model.PowerShell, `-Unknown 7 first -Days 7`, "Days=7 | -Unknown 7; first"},
		{model.PowerShell, `-Code { id } -Days 7`, " | -Code { id } -Days 7"},
		{model.PowerShell, `-Name -Days 7`, "Days=7 | -Name"},
		{model.PowerShell, `-dry-run $true`, "dry-run=True | $true"},
		{model.PowerShell, `-Name 'a'b`, " | -Name 'a'b"},
		{model.PowerShell, `-Name "" -Tag @() -Days -7`, ` | -Name ""; -Tag @() -Days -7`},
		{model.PowerShell, `-Name a; id`, " | -Name a; id"},
		{model.PowerShell, `-Name a,b -Days 1`, "Days=1 | -Name a,b"},
		{model.PowerShell, `-Days #{Days} -Name '#{A}b' -Any #{X}`, "Days=#{Days}; Name=#{A}b | -Any #{X}"},
		{model.PowerShell, "-Name 'a\u2019'", " | -Name 'a\u2019'"},
	} {
		if got := written(TextArguments(row.language, typed(), row.text)); got != row.want {
			t.Errorf("%s: %s\n got %s\nwant %s", row.language, row.text, got, row.want)
		}
	}
}

// FuzzTextArguments checks that a text which becomes arguments without a rest says the same as they do: read by the shell, and made a
// text again.
func FuzzTextArguments(f *testing.F) {
	for _, text := range []string{
		`--Days 7 --Name 'it'\''s' --Tag a --Tag "b c"`, `-Days 7 -Name "a""b" -dry-run:$false -Tag @('a', 'b')`, `--Name "a\\" --dry-run`,
		"--Name a\\\nb --Any $'\\r'", "--Name #{A} --Days \"#{B | C}\"", "-Name \u2018a\u2019", "--Name a\\", "--Name a\r\nb", "-Tag a,\nb", "\r",
	} {
		for i := range 3 {
			f.Add(text, i)
		}
	}
	f.Fuzz(func(t *testing.T, text string, which int) {
		language := []model.Language{model.Bash, model.Python, model.PowerShell}[uint(which)%3]
		list, rest := TextArguments(language, typed(), text)
		if len(rest) > 0 {
			return
		}
		again, ok := ArgumentsText(language, list)
		if !ok {
			t.Fatalf("%s: no text stands for %+v of %q", language, list, text)
		}
		if got, rest := TextArguments(language, typed(), again); len(rest) > 0 || !reflect.DeepEqual(got, list) {
			t.Fatalf("%s: %q gives %+v; as text %q it gives %+v, %q", language, text, list, again, got, rest)
		}
		if words, known := shellWords(t, language, text); known && !reflect.DeepEqual(byName(words), byName(commandLine(list))) {
			t.Fatalf("%s: %q is %q to the shell, and %q as arguments", language, text, words, commandLine(list))
		}
	})
}

// shellWords returns the words that a script gets for a text without expressions.
func shellWords(t *testing.T, language model.Language, text string) (words []string, known bool) {
	if model.HasExpression(text) || language == model.PowerShell {
		return nil, false
	}
	if language == model.Python {
		words, _, err := pythonArguments(text)
		return words, err == nil
	}
	code, err := bashParameters(text)
	if err != nil {
		t.Fatalf("%q became arguments, but can't be read: %v", text, err)
	}
	file, err := syntax.NewParser().Parse(strings.NewReader(code), "")
	if err != nil || len(file.Stmts) == 0 {
		return nil, err == nil
	}
	words, err = expand.Fields(&expand.Config{Env: expand.ListEnviron()}, file.Stmts[0].Cmd.(*syntax.CallExpr).Args[2:]...)
	if err != nil {
		t.Fatalf("%q became arguments, but can't be expanded: %v", code, err)
	}
	return words, true
}

// byName returns the values in order for each name, since the values of a list need not stand side by side.
func byName(words []string) map[string][]string {
	values := map[string][]string{}
	for i := 0; i < len(words); i++ {
		name := words[i]
		if p, _ := model.FindParameter(typed(), strings.TrimPrefix(name, "--")); p.As == model.ArgumentSwitch || i+1 == len(words) {
			values[name] = append(values[name], "")
			continue
		}
		i++
		values[name] = append(values[name], words[i])
	}
	return values
}
