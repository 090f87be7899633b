package runs

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

func TestLegible(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"unchanged", "Rate exceeded, ü 日本", "Rate exceeded, ü 日本"},
		{"a right-to-left override", "gnp.\u202Eexe", "gnp.\uFFFDexe"},
		{"isolates and marks", "a\u2066b\u2069c\u200Ed\u061Ce", "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe"},
		{"controls", "a\x1bb\rc\td\u2028e", "a\uFFFDb\uFFFDc d\uFFFDe"},
		{"too long", strings.Repeat("ü", 25), strings.Repeat("ü", 24) + "…"},
		{"just short enough", strings.Repeat("ü", 24), strings.Repeat("ü", 24)},
		{"too many lines", "a\nb\nc\nd", "a\nb\nc…"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := legible(row.text, 24, 3); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

func TestAHugeErrorDoesNotHideTheLog(t *testing.T) {
	f, ok := readFault("An error occurred (Evil) when calling the Put operation: " + strings.Repeat("m", 300_000))
	if !ok {
		t.Fatal("it is not a fault")
	}
	o := newOutcome()
	o.resized = func() {}
	o.setFault(f, 2)
	code := 4
	step := model.StepRun{Status: model.Failed, ExitCode: &code, ResultMessage: strings.Repeat("line\n", 400)}
	o.set(model.Run{Status: model.Failed, Message: strings.Repeat("word ", 100_000)}, step, time.Now())
	if n := utf8.RuneCountInString(o.text.Text); n > sentenceRunes+1 {
		t.Errorf("the panel shows %d characters", n)
	}
	if n := strings.Count(o.text.Text, "\n"); n >= sentenceLines {
		t.Errorf("the panel has %d lines", n)
	}
	if n := utf8.RuneCountInString(o.raw.Text); n > rawRunes+1 {
		t.Errorf("the error of AWS has %d characters", n)
	}
}
