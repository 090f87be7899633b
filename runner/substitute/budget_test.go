package substitute

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

type fixed map[string]string

func (f fixed) Lookup(name string) (value string, sensitive, ok bool) {
	value, ok = f[name]
	return value, false, ok
}

func (f fixed) Names() iter.Seq[string] { return maps.Keys(f) }

// doubling returns variables each of which contains the previous one twice; the first has size bytes.
func doubling(bytes, times int) fixed {
	vars := fixed{"V0": strings.Repeat("x", bytes)}
	for i := range times {
		vars[fmt.Sprintf("V%d", i+1)] = fmt.Sprintf("#{V%d}#{V%d}", i, i)
	}
	return vars
}

// TestBudgetIsShared: many texts that are short enough on their own use up the budget together, and the error names the
// limit.
func TestBudgetIsShared(t *testing.T) {
	vars := doubling(1, 24) // 16 MiB
	budget := NewBudget()
	var made int
	var err error
	for made = 0; err == nil && made < 1000; made++ {
		_, err = ExpandWithin(t.Context(), budget, "#{V24}", vars)
	}
	if model.ErrorCode(err) != codeTotal || !Exhausted(err) || !strings.Contains(err.Error(), "256 MiB") ||
		!strings.Contains(err.Error(), "line 1") {
		t.Errorf("after %d texts: %v", made, err)
	}
	if bytes, _ := budget.Spent(); bytes > MaxTotal+MaxText || made < 4 {
		t.Errorf("%d texts of %d bytes", made, bytes)
	}
}

// TestTextWithinBudget: a single text is limited as well, whatever is left.
func TestTextWithinBudget(t *testing.T) {
	if _, err := Expand("#{V26}", doubling(1, 26)); model.ErrorCode(err) != "substitute.long" {
		t.Errorf("64 MiB: %v", err)
	}
	budget := NewBudget()
	if _, err := ExpandWithin(t.Context(), budget, "a #{V3}", doubling(3, 3)); err != nil {
		t.Error(err)
	}
	// V1 to V3 are expanded once each, and the text is V3 after "a ".
	if bytes, expressions := budget.Spent(); bytes != 6+12+24+2+24 || expressions != 7 {
		t.Errorf("%d bytes, %d expressions", bytes, expressions)
	}
}

// TestBudgetOfExpressions: expressions that produce no text are limited too.
func TestBudgetOfExpressions(t *testing.T) {
	var many strings.Builder
	for i := range MaxReferences {
		fmt.Fprintf(&many, "#{N%d}", i)
	}
	for name, vars := range map[string]fixed{
		"empty values":                  {"V": "", "W": strings.Repeat("#{V}", 100)},
		"values with many undefined":    {"V": many.String(), "W": "#{V}"},
		"names that are no expressions": {"W": "x"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat("#{W}#{V}", 30_000)
			switch name {
			case "values with many undefined":
				text = text[:len(text)/30]
			case "names that are no expressions":
				text = strings.Repeat("#{", 60_000)
			}
			budget := NewBudget()
			var err error
			for range 100 {
				if _, err = ExpandWithin(t.Context(), budget, text, vars); err != nil {
					break
				}
			}
			if !Exhausted(err) {
				t.Errorf("%v", err)
			}
			if _, expressions := budget.Spent(); expressions > MaxExpressions+MaxReferences {
				t.Errorf("%d expressions", expressions)
			}
		})
	}
}

// TestBudgetOfJSON: a value with very many members is not parsed.
func TestBudgetOfJSON(t *testing.T) {
	list := "[0" + strings.Repeat(",0", 20) + "]"
	if res, err := Expand("#{J[20]}#{J[3]}", fixed{"J": list}); err != nil || res.Text != "00" {
		t.Errorf("%q, %v", res.Text, err)
	}
	huge := "[" + strings.Repeat("0,", maxMembers+1) + "0]"
	if _, err := Expand("#{J[20]}", fixed{"J": huge}); model.ErrorCode(err) != "substitute.json" {
		t.Errorf("got %v", err)
	}
	if res, err := Expand("#{J}", fixed{"J": huge}); err != nil || res.Text != huge { // as a text it is fine
		t.Error(err)
	}
}

// ended is a context that ends after a number of calls.
type ended struct {
	context.Context
	left int
}

func (c *ended) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestExpandEndsWithItsContext(t *testing.T) {
	budget := NewBudget()
	_, err := ExpandWithin(&ended{t.Context(), 10}, budget, strings.Repeat("#{V}", 1000), fixed{"V": "x"})
	if _, expressions := budget.Spent(); !errors.Is(err, context.Canceled) || expressions > 11 {
		t.Errorf("%v after %d expressions", err, expressions)
	}
}

// TestPartsOfABudget have limits of their own, and together those of the whole.
func TestPartsOfABudget(t *testing.T) {
	vars := doubling(1, 24) // 16 MiB, of 32 MiB of work
	whole := NewWhole()
	spend := func() error {
		part := whole.Part()
		for {
			if _, err := ExpandWithin(t.Context(), part, "\n#{V24}", vars); err != nil {
				return err
			}
		}
	}
	for i := range parts + 1 {
		err := spend()
		all := strings.Contains(err.Error(), "of all steps") && strings.Contains(err.Error(), "512 MiB")
		if !Exhausted(err) || all != (i == parts) {
			t.Errorf("part %d: %v", i, err)
		}
	}
	if _, err := ExpandWithin(t.Context(), whole.Part(), "text\n#{V1}", vars); !Exhausted(err) || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("before the first expression: %v", err)
	}
}
