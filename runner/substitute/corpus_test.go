package substitute_test

import (
	"encoding/json"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// corpus holds the results of the reference implementation.
type corpus struct {
	Variables map[string]string
	Cases     []corpusCase
}

type corpusCase struct {
	Name, Template, Result, Outcome string
	Variables                       map[string]string
	Tokens                          []string
	At                              []int
}

// better are the cases with a better result than the reference, by design: it gives up the whole text for one malformed
// expression, we expand the rest.
func better() map[string]string {
	return map[string]string{
		"text/unclosed then closed": "#{Name World",
		"block/extra close":         "x#{/if}",
	}
}

// TestCorpus checks every recorded case.
func TestCorpus(t *testing.T) {
	data, err := os.ReadFile("testdata/substitution.json")
	if err != nil {
		t.Fatal(err)
	}
	var c corpus
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Cases) != 678 {
		t.Errorf("%d cases", len(c.Cases))
	}
	for _, k := range c.Cases {
		t.Run(k.Name, func(t *testing.T) {
			vars := variables{}
			values := c.Variables
			if k.Variables != nil {
				values = k.Variables
			}
			for name, value := range values {
				vars.set(name, value)
			}
			got, err := substitute.Expand(k.Template, vars)
			checkRecorded(t, k, got, err)
		})
	}
}

func checkRecorded(t *testing.T, k corpusCase, got substitute.Result, err error) {
	t.Helper()
	switch k.Outcome {
	case "recursive":
		if model.ErrorCode(err) != "substitute.circle" || !strings.Contains(err.Error(), "Loop1 → Loop2 → Loop1") {
			t.Errorf("got %v, want an error that names the chain", err)
		}
		return
	case "failed":
		checkFailed(t, k, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	want := k.Result
	if ours, ok := better()[k.Name]; ok {
		want = ours
	}
	if got.Text != want {
		t.Errorf("%q became %q, want %q", k.Template, got.Text, want)
	}
	if k.Outcome == "parse" {
		checkUnparsed(t, k, got)
		return
	}
	checkTokens(t, k, got)
}

// checkFailed checks that the error names the filter and the value.
func checkFailed(t *testing.T, k corpusCase, err error) {
	t.Helper()
	_, filter, _ := strings.Cut(strings.TrimRight(k.Template, "}"), "| ")
	filter, _, _ = strings.Cut(filter, " ")
	if model.ErrorCode(err) != "substitute.filter" || !strings.Contains(err.Error(), "Line 1: the filter "+filter+" can't be applied to \"") {
		t.Errorf("got %v, want an error that names %s and the value", err, filter)
	}
}

// checkUnparsed checks where the malformed expression was found. The reference blames the end of a block whose beginning we
// blame.
func checkUnparsed(t *testing.T, k corpusCase, got substitute.Result) {
	t.Helper()
	want := k.At
	if k.Name == "block/each bad" {
		want = []int{1, 1}
	}
	if len(got.Unparsed) == 0 || got.Unparsed[0].Line != want[0] || got.Unparsed[0].Column != want[1] {
		t.Errorf("unparsed at %+v, want %v", got.Unparsed, want)
	}
}

// checkTokens compares what could not be resolved. The reference says nothing of calculations.
func checkTokens(t *testing.T, k corpusCase, got substitute.Result) {
	t.Helper()
	var tokens []string
	for _, u := range slices.Concat(got.Undefined, got.Unapplied) {
		if token := "#{" + u.Written() + "}"; !slices.Contains(tokens, token) {
			tokens = append(tokens, token)
		}
	}
	want := slices.Clone(k.Tokens)
	if strings.HasPrefix(k.Template, "#{calc ") && strings.HasPrefix(k.Result, "#{") {
		want = []string{k.Result}
	}
	slices.Sort(tokens)
	slices.Sort(want)
	if !slices.Equal(tokens, want) {
		t.Errorf("undefined %q, want %q", tokens, want)
	}
}

// variables maps folded names to values.
type variables map[string]variable

type variable struct {
	name, value string
	sensitive   bool
}

func (v variables) set(name, value string) {
	v[model.NameKey(name)] = variable{name: name, value: value}
}

func (v variables) Lookup(name string) (string, bool, bool) {
	found, ok := v[model.NameKey(name)]
	return found.value, found.sensitive, ok
}

func (v variables) Names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, known := range v {
			if !yield(known.name) {
				return
			}
		}
	}
}

// given returns variables; a name that begins with ! is sensitive.
func given(pairs ...string) variables {
	v := variables{}
	for i := 0; i < len(pairs); i += 2 {
		name, secret := strings.CutPrefix(pairs[i], "!")
		v[model.NameKey(name)] = variable{name, pairs[i+1], secret}
	}
	return v
}
