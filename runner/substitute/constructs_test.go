package substitute_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

const steps = "Octopus.Action[My [odd] step].Output."

// TestConstructs has what the recorded cases do not.
func TestConstructs(t *testing.T) {
	vars := given("A", "1", "No", "no", "Name", "World", "List", "a,b", "Empty", "", "Json", `{"x":{"k":[1,"two"]},"y":"z"}`,
		"Servers[10].Port", "3", "Servers[2].Port", "2", "Servers[1].Port", "1", "Servers[b].Port", "5", "Servers[a]", "own",
		steps+"X", "odd", steps+"Db[main].Url", "u", "Octopus.Action[Build #3 {x}].Output.Y", "three",
		"Spec", "yyyy", "Date", "2024-02-03", "Big", "1,200", "@team", "at", "Self", "#{Self.Name}/x")
	for _, c := range []struct{ name, text, want string }{
		{"elseif", "#{if No}a#{elseif A}b#{else}c#{/if}#{if No}a#{elseif No}b#{elseif A == \"1\"}c#{/if}", "bc"},
		{"elseif to the end", "#{if No}a#{elseif No}b#{else}c#{/if}", "c"},
		{"elseif is part of an if alone", "#{unless A}a#{elseif A}b#{/unless}|#{elseif A}", "|#{elseif A}"},
		{"unless with an operator", `#{unless A == "2"}y#{/unless}#{unless A != "2"}n#{else}e#{/unless}`, "ye"},
		{"text on the left", `#{if "1" == A}y#{/if}#{if "1" != A}n#{else}e#{/if}`, "ye"},
		{"quotes of a JSON text", `#{if A == \"1\"}y#{/if}#{Name | Replace \"o\" \"0\"}`, "yW0rld"},
		{"blanks in the tag", "#{ if A }y#{/if}#{if\n A\n}y#{/if}", "yy"},
		{"blocks in blocks", "#{if A}#{each x in List}#{unless x == \"a\"}#{x}#{/unless}#{/each}#{else}n#{/if}", "b"},
		{"an else in a loop is a name", "#{if A}#{each x in List}#{else}#{/each}#{/if}", "#{else}#{else}"},
		{"loops in loops", "#{each x in List}#{each y in List}#{x}#{y}#{Octopus.Template.Each.Index} #{/each}#{/each}", "aa0 ab1 ba0 bb1 "},
		{"names in order", "#{each s in Servers}#{s}=#{s.Port} #{/each}", "1=1 2=2 10=3 own=#{s.Port} b=5 "},
		{"names below a loop's variable", "#{each s in " + steps + "Db}#{s}:#{s.Url}#{/each}", "main:u"},
		{"a collection of collections",
			"#{each a in Octopus.Action}#{each d in a.Output.Db}<#{a}|#{d}|#{d.Url}>#{/each}#{/each}", "<My [odd] step|main|u>"},
		{"brackets in an index", "#{" + steps + "X} #{Octopus.Action[Build #3 {x}].Output.Y}", "odd three"},
		{"an index is its own value", "#{Servers[10]}#{if Servers[10]}y#{/if}#{Servers[11]}", "10y#{Servers[11]}"},
		{"an index with a loop's variable", "#{each i in JsonList}#{Servers[#{i}].Port}#{/each}", ""},
		{"JSON in a loop", "#{each m in Json}#{m.Key}=#{m.Value} #{m.Value.k[1]} #{/each}", `x={"k":[1,"two"]} two y=z #{m.Value.k[1]} `},
		{"a list in JSON", "#{each e in Json.x.k}#{e}#{unless Octopus.Template.Each.Last},#{/unless}#{/each}", "1,two"},
		{"a loop's name hides a variable", "#{each Name in List}#{Name}#{if Name == \"a\"}!#{/if}#{/each}#{Name}", "a!bWorld"},
		{"a name that the loop's variable lacks", "#{each Json in List}#{Json.y}#{/each}", "zz"},
		{"any case", "#{EACH X in LIST}#{x | TOUPPER}#{OCTOPUS.template.each.INDEX}#{/each}", "A0B1"},
		{"filters with expressions", "#{Name | Append #{A} \"-\" #{if No}n#{else}y#{/if} | Replace #{A} #{calc A + 1}}", "World2-y"},
		{"a format from a variable", "#{Date | Format DateTime #{Spec}}", "2024"},
		{"a filter in an index", "#{Servers[#{Name | Replace \".*\" \"10\" | Substring 2}].Port}", "3"},
		{"calculations", "#{calc (A + 2) * 3} #{calc {A} - 2} #{calc Big / 7}|#{calc {Big} / 4 + .5} #{calc A+A*A}", "9 -1 #{Big / 7}|300.5 2"},
		{"no result", "#{calc A * Name} #{calc 1 / 0} #{calc (A + No) * 2}", "#{A*Name} #{1/0} #{(A+No)*2}"},
		{"no calculation", "#{calc A +} #{calc (A + 1} #{calc A ^ 2}", "#{calc A +} #{calc (A + 1} #{calc A ^ 2}"},
		{"at sign", "#{@team}", "at"},
		{"a value below its own name", "#{Self}", "#{Self.Name}/x"},
		{"an empty index", "#{Octopus.Action[].Output.X}", "#{Octopus.Action[].Output.X}"},
		{"malformed blocks stay whole", "#{if A == \"\"x\"\"}#{A}#{else}#{Name}#{/if} #{A}", "#{if A == \"\"x\"\"}#{A}#{else}#{Name}#{/if} 1"},
		{"malformed filters stay whole", "#{A | Append \"#{Name}\"} #{A}", "#{A | Append \"#{Name}\"} 1"},
		{"a malformed elseif", "#{if No}#{A}#{elseif A &&}x#{/if}", "#{if No}#{A}#{elseif A &&}x#{/if}"},
		{"literal tags", "##{if A}x##{/if} #{if A}##{/if}y#{/if}", "#{if A}x#{/if} #{/if}y"},
		{"a condition without a value", "#{if Nope | ToUpper == \"x\"}a#{else}b#{/if}", "#{if Nope | ToUpper == \"x\"}a#{else}b#{/if}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			vars.set("JsonList", "[]")
			got, err := substitute.Expand(c.text, vars)
			if err != nil {
				t.Fatal(err)
			}
			if got.Text != c.want {
				t.Errorf("%q became %q, want %q", c.text, got.Text, c.want)
			}
		})
	}
}

// TestReportsOfConstructs checks what is said of names in blocks and filters, with the line.
func TestReportsOfConstructs(t *testing.T) {
	vars := given("A", "1", "List", "a,b", "Uses", "<#{Deep | Trim}>", "Bad", "x #{if A && A}y#{/if}")
	text := "#{if Nope}x#{/if}\n#{Gone | ToUpper | Nop}\n#{A | Truncate x}#{A | Trimm}\n#{each x in List}#{Lost}#{/each}\n" +
		"#{each x in Missing}#{/each}\n" +
		"#{Nothing | Append y}\n#{calc List + 1}\n#{Uses}#{Bad}\n#{if A ==}\n#{/if}"
	got, err := substitute.Expand(text, vars)
	if err != nil {
		t.Fatal(err)
	}
	type ref = substitute.Reference
	for what, lists := range map[string][2][]ref{
		"undefined": {got.Undefined, {{Name: "Lost", Line: 4, Column: 18},
			{Name: "Deep", Expression: "Deep | Trim", Line: 8, Column: 1, In: "Uses"}}},
		"absent": {got.Absent, {{Name: "Nope", Line: 1, Column: 1},
			{Name: "Missing", Line: 5, Column: 1}, {Name: "Nothing", Line: 6, Column: 1}}},
		"unapplied": {got.Unapplied, {
			{Name: "Gone", Expression: "Gone | ToUpper | Nop", Why: "there is no filter called Nop", Line: 2, Column: 1},
			{Expression: `A | Truncate "x"`, Why: "the filter Truncate gives no value here", Line: 3, Column: 1},
			{Expression: "A | Trimm", Why: "there is no filter called Trimm; did you mean Trim?", Line: 3, Column: 18},
			{Name: "List", Expression: "List+1", Why: "the value of List is not a number", Line: 7, Column: 1},
		}},
		"unparsed": {got.Unparsed, {{Name: "if A && A}y#{/if}", Line: 8, Column: 8, In: "Bad"}, {Name: "if A ==}", Line: 9, Column: 1}}},
	} {
		if !slices.Equal(lists[0], lists[1]) {
			t.Errorf("%s:\n%+v, want\n%+v", what, lists[0], lists[1])
		}
	}
}

// TestConstructsOfSecrets: what is derived from a secret is sensitive, and reported as a part of it. In a plan, where secrets are
// hidden, it is hidden as a whole.
func TestConstructsOfSecrets(t *testing.T) {
	for _, c := range []struct {
		name, text, open, hidden string
		sensitive                bool
		parts                    []string
	}{
		{"filter", "#{Key | ToUpper}", "S3CRET", substitute.Hidden, true, []string{"S3CRET"}},
		{"filter that hidden text would not suit", "#{Key | VersionMajor}", "0", substitute.Hidden, true, []string{"0"}},
		{"option", "#{A | Append #{Key}}", "1s3cret", substitute.Hidden, true, []string{"1s3cret"}},
		{"a secret is there", "#{if Key}y#{else}n#{/if}", "y", "y", false, nil},
		{"comparison", `#{if Key == "s3cret"}y#{else}n#{/if}`, "y", substitute.Hidden, true, nil},
		{"filter in a condition", `#{if Key | StartsWith "s"}y#{else}n#{/if}`, "y", substitute.Hidden, true, []string{"true"}},
		{"loop", "#{each x in Keys}<#{x}>#{/each}", "<k1><k2>", "<" + substitute.Hidden + ">", true, []string{"k1", "k2"}},
		{"calculation", "#{calc Pin + 1}", "42", substitute.Hidden, true, nil},
		{"value with a secret in it", "#{Url | UriPart Host}", "h", substitute.Hidden, true, []string{"h"}},
		{"what a secret chooses in a value", "#{Chosen}", "n", substitute.Hidden, true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			vars := given("A", "1", "!Key", "s3cret", "!Keys", "k1,k2", "!Pin", "41", "Url", "https://u:#{Key}@h/p",
				"Chosen", `#{if Key == "x"}y#{else}n#{/if}`)
			got, err := substitute.Expand(c.text, vars)
			if err != nil {
				t.Fatal(err)
			}
			var parts []string
			for _, p := range got.Parts {
				parts = append(parts, p.Text)
			}
			if got.Text != c.open || got.Sensitive != c.sensitive || !slices.Equal(parts, c.parts) {
				t.Errorf("%q, sensitive %t, parts %q", got.Text, got.Sensitive, parts)
			}
			for _, name := range []string{"Key", "Keys", "Pin"} {
				vars[model.NameKey(name)] = variable{name, substitute.Hidden, true}
			}
			if got, err = substitute.Expand(c.text, vars); err != nil || got.Text != c.hidden || got.Sensitive != c.sensitive {
				t.Errorf("hidden: %q, sensitive %t, %v", got.Text, got.Sensitive, err)
			}
		})
	}
}

func TestFilterErrors(t *testing.T) {
	vars := given("Text", strings.Repeat("n", 100)+"!", "!Key", "s3cret!", "Uses", "#{Key | FromBase64}")
	for text, says := range map[string]string{
		"\n#{Text | FromBase64}": `Line 2: the filter FromBase64 can't be applied to "` + strings.Repeat("n", 60) + `…": it is not Base64.`,
		"#{Key | FromBase64}":    "Line 1: the filter FromBase64 can't be applied to a sensitive value: it is not Base64.",
		"\n\n#{Uses}": "Line 3: the filter FromBase64" +
			` in the value of the variable "Uses" can't be applied to a sensitive value: it is not Base64.`,
		`#{Text | Match "("}`: "its pattern is not a regular expression",
	} {
		_, err := substitute.Expand(text, vars)
		if model.ErrorCode(err) != "substitute.filter" || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestMultiplyingConstructs: loops and filters that multiply a text end at a limit that the error names.
func TestMultiplyingConstructs(t *testing.T) {
	list := strings.TrimSuffix(strings.Repeat("x,", 2000), ",")
	vars := given("L", list, "V0", strings.Repeat("y", 1000), "Lines", strings.Repeat("\n", 1000))
	for i := range 20 {
		vars.set(fmt.Sprintf("V%d", i+1), fmt.Sprintf("#{V%d | Append #{V%d}}", i, i))
	}
	for text, code := range map[string]string{
		"#{each a in L}#{each b in L}#{each c in L}#{/each}#{/each}#{/each}":           "substitute.many",
		"#{each a in L}#{each b in L}" + strings.Repeat("x", 100) + "#{/each}#{/each}": "substitute.long",
		"#{V20}": "substitute.long",
		"#{each a in L}#{each b in L}#{if a | Append #{V5} == b}#{/if}#{/each}#{/each}": "substitute.total",
		"#{Lines | Indent #{V9}}":    "substitute.long",
		"#{V2 | Replace \"\" #{V9}}": "substitute.long",
	} {
		_, err := substitute.Expand(text, vars)
		if model.ErrorCode(err) != code || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%s: %v, want %s", text, err, code)
		}
	}
}

func TestClock(t *testing.T) {
	budget := substitute.NewBudget()
	budget.Now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got, err := substitute.ExpandWithin(t.Context(), budget, `#{ | NowDate yyyy}#{ | NowDateUtc "-MM"}`, given())
	if err != nil || got.Text != "2026-01" || !got.UsesClock {
		t.Errorf("%q, %t, %v", got.Text, got.UsesClock, err)
	}
	if got, err = substitute.Expand("#{ | NowDate yyyy}", given()); err != nil || len(got.Text) != len("2026") {
		t.Errorf("%q, %v", got.Text, err)
	}
}

func TestCheck(t *testing.T) {
	text := "#{A | Trim}\n#{A | Trimm}#{if B | Nope}\n#{each x in L}#{ \n#{x | Append #{y | Lower}}#{/each}#{/if}\n#{if &&}#{/if}"
	want := []substitute.Reference{
		{Expression: "A | Trimm", Why: "there is no filter called Trimm; did you mean Trim?", Line: 2, Column: 1},
		{Expression: "B | Nope", Why: "there is no filter called Nope", Line: 2, Column: 13},
		{Name: " ", Line: 3, Column: 15},
		{Expression: "y | Lower", Why: "there is no filter called Lower; did you mean ToLower?", Line: 4, Column: 1},
		{Name: "if &&}#{/if}", Line: 5, Column: 1},
	}
	if got := substitute.Check(text); !slices.Equal(got, want) {
		t.Errorf("%+v, want\n%+v", got, want)
	}
}

// A text in single quotes is left as it is, as Octopus does it, and the reference says what is wrong. A quote elsewhere is not blamed.
func TestSingleQuotes(t *testing.T) {
	for text, told := range map[string]bool{
		`#{if A == 'no'}x#{/if}`: true, `#{if 'no' != A}x#{/if}`: true, `#{unless A | ToLower == 'no'}x#{/unless}`: true,
		`#{if No}x#{elseif A == 'no'}y#{/if}`: true, `#{A | Replace 'a' 'b'}`: true, `#{if A == 'no'}`: true,
		`#{each x in L}#{if x == 'no'}y#{/if}#{/each}`: true,
		`#{if A == "it's" && B}x#{/if}`:                false, `#{if A &&}it == 'x'#{/if}`: false, "#{'A'}": false, "#{*}\n' == '": false,
	} {
		got, err := substitute.Expand(text, given())
		if err != nil {
			t.Fatal(err)
		}
		list := slices.Concat(got.Unparsed, substitute.Check(text))
		if got.Text != text && told && !strings.HasPrefix(text, "#{each") || len(list) == 0 {
			t.Errorf("%s became %s, with %v", text, got.Text, list)
		}
		for _, u := range list {
			if strings.Contains(u.Why, "double quotes") != told {
				t.Errorf("%s: %+v", text, u)
			}
		}
	}
}
