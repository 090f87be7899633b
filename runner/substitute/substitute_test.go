package substitute_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

func TestExpandReports(t *testing.T) {
	for _, c := range []struct {
		name, text, want                string
		vars                            variables
		undefined, sensitives, unparsed []substitute.Reference
	}{
		{
			name: "undefined on its line, in characters", text: "a\nnaïve 🚀 #{Nope} #{Nope}\n#{ Nope }",
			want: "a\nnaïve 🚀 #{Nope} #{Nope}\n#{Nope}",
			undefined: []substitute.Reference{{Name: "Nope", Line: 2, Column: 9}, {Name: "Nope", Line: 2, Column: 17},
				{Name: "Nope", Line: 3, Column: 1}},
		},
		{
			name: "undefined inside a value", vars: given("A", "<#{B}>"), text: "\n #{A}", want: "\n <#{B}>",
			undefined: []substitute.Reference{{Name: "B", Line: 2, Column: 2, In: "A"}},
		},
		{
			name: "sensitive", vars: given("!Key", "s3cret"), text: "x=#{Key}\ny=#{key}", want: "x=s3cret\ny=s3cret",
			sensitives: []substitute.Reference{{Name: "Key", Line: 1, Column: 3}, {Name: "key", Line: 2, Column: 3}},
		},
		{
			name: "sensitive through a value", vars: given("!Key", "s3cret", "Url", "https://u:#{Key}@h"), text: "#{Url}",
			want:       "https://u:s3cret@h",
			sensitives: []substitute.Reference{{Name: "Key", Line: 1, Column: 1, In: "Url"}},
		},
		{
			name: "sensitive by itself and through a value", vars: given("!Key", "s3cret", "Url", "https://u:#{Key}@h"), text: "#{Key} #{Url}",
			want:       "s3cret https://u:s3cret@h",
			sensitives: []substitute.Reference{{Name: "Key", Line: 1, Column: 1}, {Name: "Key", Line: 1, Column: 8, In: "Url"}},
		},
		{
			name: "sensitive through JSON", vars: given("!Json", `{"a":"s3cret"}`), text: "#{Json.a}", want: "s3cret",
			sensitives: []substitute.Reference{{Name: "Json", Line: 1, Column: 1}},
		},
		{
			name: "what is inside of a hidden value is hidden", vars: given("!Json", substitute.Hidden), text: "#{Json.a} #{Json.b[0].c}",
			want:       substitute.Hidden + " " + substitute.Hidden,
			sensitives: []substitute.Reference{{Name: "Json", Line: 1, Column: 1}, {Name: "Json", Line: 1, Column: 11}},
		},
		{
			name: "what a secret chooses is sensitive", vars: given("!Key", "a", "X[a]", "v"), text: "#{X[#{Key}]}", want: "v",
			sensitives: []substitute.Reference{{Name: "Key", Line: 1, Column: 1}},
		},
		{
			name: "a secret that looks like a broken expression stays whole", vars: given("!Key", "a#{Key2 }{b", "Key2", "x"), text: "#{Key}",
			want:       "ax{b",
			sensitives: []substitute.Reference{{Name: "Key", Line: 1, Column: 1}},
		},
		{
			name: "a secret that holds a stray #{ is not quoted", vars: given("!Key", "pw#{1+1}"), text: "#{Key}", want: "pw#{1+1}",
			sensitives: []substitute.Reference{{Name: "Key", Line: 1, Column: 1}}, unparsed: []substitute.Reference{{Line: 1, Column: 1, In: "Key"}},
		},
		{
			name: "a secret that looks like an expression is not quoted", vars: given("!Key", "pw#{abc}"), text: "#{Key}", want: "pw#{abc}",
			sensitives: []substitute.Reference{{Name: "Key", Line: 1, Column: 1}},
			undefined:  []substitute.Reference{{Line: 1, Column: 1, In: "Key"}},
		},
		{
			name: "a secret as an index shows in no report", vars: given("!Key", "s3cret"), text: "#{X[#{Key}]}", want: "#{X[#{Key}]}",
			undefined: []substitute.Reference{{Name: "X[#{Key}]", Line: 1, Column: 1}},
		},
		{
			name: "bash and comments", vars: given("A", "1"), text: "n=${#array[@]} # see #{\necho \"#{A}\" \"${x#{y}\" #{*}\n",
			want:      "n=${#array[@]} # see #{\necho \"1\" \"${x#{y}\" #{*}\n",
			undefined: []substitute.Reference{{Name: "y", Line: 2, Column: 17}},
			unparsed:  []substitute.Reference{{Name: "", Line: 1, Column: 22}, {Name: "*}", Line: 2, Column: 23}},
		},
		{name: "several hashes", vars: given("A", "1"), text: "##{A} ###{A} ####{A} #####{A} ##{##{A}#{A}", want: "#{A} #1 ###{A} ###1 #{#{A}1"},
		{name: "a literal right behind an expression", vars: given("A", "1"), text: "#{A}##{A}", want: "1#{A}"},
		{name: "explicit name beats the JSON path", vars: given("J", `{"a":1}`, "J.a", "2"), text: "#{J.a}", want: "2"},
		{name: "numbers in JSON", vars: given("J", `{"a":1e3,"b":12345678901234567890,"c":-0.50,"d":1e20,"e":{"x": [1.50]}}`),
			text: "#{J.a} #{J.b} #{J.c} #{J.d} #{J.e}", want: `1000 12345678901234567890 -0.5 1E+20 {"x":[1.50]}`},
		{name: "JSON below a nested index", vars: given("J[a]", `[{"k":"v"}]`, "I", "a"), text: "#{J[#{I}][0].k}", want: "v"},
		{
			name: "an array has no such place", vars: given("J", `[1]`), text: "#{J[1]}", want: "#{J[1]}",
			undefined: []substitute.Reference{{Name: "J[1]", Line: 1, Column: 1}},
		},
		{name: "an empty value is a value", vars: given("A", ""), text: "[#{A}]", want: "[]"},
		{name: "parts of an index", vars: given("Octopus.Action[Step 1 & co].Output.X", "v", "N", "1"),
			text: "#{Octopus.Action[Step #{N} & co].Output.X}", want: "v"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.vars == nil {
				c.vars = variables{}
			}
			got, err := substitute.Expand(c.text, c.vars)
			if err != nil {
				t.Fatal(err)
			}
			if got.Text != c.want {
				t.Errorf("text %q, want %q", got.Text, c.want)
			}
			if !slices.Equal(got.Undefined, c.undefined) {
				t.Errorf("undefined %+v, want %+v", got.Undefined, c.undefined)
			}
			if !slices.Equal(got.Sensitives, c.sensitives) {
				t.Errorf("sensitives %+v, want %+v", got.Sensitives, c.sensitives)
			}
			if got.Sensitive != (c.sensitives != nil) {
				t.Errorf("sensitive is %t with %+v", got.Sensitive, got.Sensitives)
			}
			if !slices.Equal(got.Unparsed, c.unparsed) {
				t.Errorf("unparsed %+v, want %+v", got.Unparsed, c.unparsed)
			}
		})
	}
}

func TestExpandRejects(t *testing.T) {
	doubling := variables{}
	for i := range 40 {
		doubling.set(fmt.Sprintf("V%d", i), fmt.Sprintf("#{V%d}#{V%d}", i+1, i+1))
	}
	doubling.set("V40", "x")
	long := variables{}
	for i := range 1000 {
		long.set(fmt.Sprintf("V%d", i), fmt.Sprintf("#{V%d}", i+1))
	}
	for _, c := range []struct {
		name, text, code, says string
		vars                   variables
	}{
		{name: "itself", vars: given("A", "x#{a}"), text: "#{A}", code: "substitute.circle", says: "A → a → a"},
		{name: "a circle through an index", vars: given("A", "#{X[#{A}]}"), text: "#{A}", code: "substitute.circle", says: "A → A"},
		{name: "a circle does not tell the secret in it", vars: given("!K", "s3cret", "X[s3cret]", "#{X[#{K}]}"), text: "#{X[#{K}]}",
			code: "substitute.circle", says: "X[#{K}] → X[#{K}]"},
		{name: "too long", vars: doubling, text: "#{V0}", code: "substitute.long", says: "line 1"},
		{name: "too deep", vars: long, text: "#{V0}", code: "substitute.deep", says: `"V0" on line 1`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.vars == nil {
				c.vars = given("A", "1")
			}
			got, err := substitute.Expand(c.text, c.vars)
			var told *model.Error
			if !errors.As(err, &told) || told.Code != c.code || !strings.Contains(told.Sentence, c.says) {
				t.Fatalf("got %.100q, %v; want %s: …%s…", got.Text, err, c.code, c.says)
			}
			if strings.Contains(err.Error(), "s3cret") || strings.Contains(fmt.Sprint(told.Args...), "s3cret") {
				t.Errorf("the error contains the secret: %v", err)
			}
		})
	}
}

func TestRefName(t *testing.T) {
	for text, want := range map[string]string{
		"#{V}":               "V",
		" #{ aws.account } ": "aws.account",
		"#{A[b c].D}":        "A[b c].D",
		"V":                  "",
		"":                   "",
		"#{V}x":              "",
		"x#{V}":              "",
		"#{V}#{W}":           "",
		"##{V}":              "",
		"#{V[#{W}]}":         "",
		"#{V | ToLower}":     "",
		"#{if V}":            "if V",
		"#{if V}x#{/if}":     "",
		"#{calc V}":          "",
		"#{V":                "",
	} {
		if got, ok := substitute.RefName(text); got != want || ok != (want != "") {
			t.Errorf("RefName(%q) = %q, %t; want %q", text, got, ok, want)
		}
	}
}

// Expressions that are never closed must not make the time quadratic.
func TestExpandIsLinear(t *testing.T) {
	const size = 1 << 18
	for name, text := range map[string]string{
		"open":           strings.Repeat("#{", size/2),
		"open names":     strings.Repeat("#{aaaa", size/6),
		"open indexes":   strings.Repeat("#{a[", size/4),
		"deep indexes":   strings.Repeat("#{a[#{b[#{c", size/11),
		"one long name":  "#{" + strings.Repeat("a", size),
		"one long index": strings.Repeat("#{a["+strings.Repeat("b", 1000), size/1004),
		"dots":           "#{a" + strings.Repeat(".a", size/2) + "}",
		"open filters":   strings.Repeat("#{a|b", size/5),
		"open quotes":    strings.Repeat(`#{a|b "`, size/7),
		"open blocks":    strings.Repeat("#{if a", size/6),
		"open ifs":       strings.Repeat("#{if a}", size/7),
		"closed ifs":     strings.Repeat("#{if a}", size/14) + strings.Repeat("#{/if}", size/14),
		"crossed blocks": strings.Repeat("#{if a}#{unless b}", size/32) + strings.Repeat("#{/if}", size/32) +
			strings.Repeat("#{/each}", size/32),
		"closing tags":          strings.Repeat("#{/if}", size/6),
		"blocks in bad filters": strings.Repeat("#{a|b #{if a}", size/32) + strings.Repeat("#{/if} !}", size/32),
		"bad blocks":            strings.Repeat("#{if a &&}#{else}#{/if}", size/22),
		"parentheses":           strings.Repeat("#{calc ((((((", size/13),
		"one sum":               "#{calc 1" + strings.Repeat("+1", size/2) + "}",
		"hashes":                strings.Repeat("#", size) + "{",
		"undefined paths":       strings.Repeat("#{J.a.b.c.d.e.f.g}", size/18),
	} {
		t.Run(name, func(t *testing.T) {
			// The time limit of the test run is the measure: quadratic time would be minutes.
			_, err := substitute.Expand(text, given("J", "{"+strings.Repeat(" ", size)+"}"))
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"#{A}", "a ##{A} #{X[#{A}]}", "#{J.list[0].k}", "#{if A}x#{/if}", "#{A | ToUpper \"}\"}", "${#a[@]} #{",
		"#{\nA\n}", "\xff#{A}\x00", "#{each x in J}#{x.Key}#{/each}", "#{calc (A + 1) * {B}}", "#{unless A == \"x\"}#{else}#{/unless}",
		"#{if A}#{elseif B}#{/if}", "#{A | Replace \"a\" #{B} | Indent 2/4}", "#{X[a [b] c].D}", "###{A}####{A}"} {
		f.Add(seed, "#{B}", "v")
	}
	f.Fuzz(func(t *testing.T, text, a, b string) {
		vars := given("A", a, "B", b, "!S", "s", "J", `{"list":[{"k":"v"}]}`)
		got, err := substitute.Expand(text, vars)
		if err != nil {
			if model.ErrorCode(err) == "" {
				t.Fatalf("%v is not a model.Error", err)
			}
			return
		}
		if !strings.Contains(text, "#{") && got.Text != text {
			t.Fatalf("%q became %q", text, got.Text)
		}
		lines := strings.Count(text, "\n") + 1
		for _, r := range slices.Concat(got.Undefined, got.Unparsed, got.Sensitives) {
			if r.Line < 1 || r.Line > lines || r.Column < 1 {
				t.Fatalf("%+v is outside of %q", r, text)
			}
		}
		// A # before a literal #{ can't be written.
		if again, err := substitute.Expand(strings.ReplaceAll(text, "#{", "##{"), vars); !strings.Contains(text, "##{") && (err != nil ||
			again.Text != strings.ReplaceAll(strings.ReplaceAll(text, "#{", "##{"), "##{", "#{")) {
			t.Fatalf("%q written as literal became %q, %v", text, again.Text, err)
		}
		samePlaces(t, vars, text, got)
		if name, ok := substitute.RefName(text); ok && (name == "" || strings.Contains(name, "#{")) {
			t.Fatalf("RefName(%q) = %q", text, name)
		}
	})
}

// samePlaces checks that a text comes to the same as the value of a variable, as an item of a loop's body, and in a block.
func samePlaces(t *testing.T, vars variables, text string, got substitute.Result) {
	t.Helper()
	if len(got.Unparsed) > 0 || strings.Contains(strings.ToLower(text), "whole") {
		return
	}
	vars.set("Whole", text)
	wrapped := []string{"#{Whole}"}
	if !strings.Contains(text, "#{else") && !strings.Contains(text, "#{/") && !strings.HasSuffix(text, "#") {
		wrapped = append(wrapped, "#{if J}"+text+"#{/if}", "#{each whole in J}"+text+"#{/each}")
	}
	for _, w := range wrapped {
		again, err := substitute.Expand(w, vars)
		if err != nil || again.Text != got.Text {
			t.Fatalf("%q is %q, and in %q %q, %v", text, got.Text, w, again.Text, err)
		}
	}
}

func TestExpandReportsPartsOfSecrets(t *testing.T) {
	vars := given("!Json", `{"pass":"s3cret","list":[{"pin":12}],"none":null}`, "Plain", `{"a":"b"}`, "Uses", "<#{Json.pass}>", "!Whole", "w")
	got, err := substitute.Expand("#{Uses} #{Json.list[0].pin} #{Plain.a} #{Json.none}#{Json.missing} #{Whole}", vars)
	if err != nil {
		t.Fatal(err)
	}
	want := []substitute.Part{{Key: "pass", Text: "s3cret"}, {Key: "pin", Text: "12"}}
	if got.Text != "<s3cret> 12 b  w" || !slices.Equal(got.Parts, want) {
		t.Errorf("%q with the parts %+v", got.Text, got.Parts)
	}
}
