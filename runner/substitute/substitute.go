// Package substitute replaces #{...} expressions in a text by the values of variables.
//
// An expression is the name of a variable, #{Name}. Names consist of letters, digits, spaces and . - _ : / ~ ( ) @, and
// indexes in brackets, which may be expressions themselves: #{Account[#{Which}].Id}. If a variable's value is JSON,
// paths into it are names too, #{Json.list[2].key}, unless a variable of that very name exists. Filters change a value:
// #{Name | ToUpper}. Blocks choose and repeat text: #{if A == "x"}…#{elseif B}…#{else}…#{/if}, #{unless A}…#{/unless},
// #{each x in List}…#{/each}. #{calc A + 1} calculates. ##{ yields #{ itself. Values are expanded like the text. Source of the
// behaviour: Octostache, as recorded in testdata.
//
// Anything else that begins with #{ is left unchanged and reported: scripts have their own uses of #{ now and then.
package substitute

import (
	"context"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// MaxText is the maximum size of an expanded text in bytes: values that repeat each other grow without bound.
const MaxText = 32 << 20

// maxChain is the maximum length of a chain of variables that refer to each other.
const maxChain = 500

// Hidden is the value of a sensitive variable that must not be known. A path into it is hidden as well.
const Hidden = "********"

// Variables are the values that a text can refer to. The implementation decides which names are equal; Octopus, and so
// Stepdeck, ignores case.
type Variables interface {
	Lookup(name string) (value string, sensitive, ok bool)
	// Names yields all names, in any order. It is called if a collection of names with indexes is looked for.
	Names() iter.Seq[string]
}

// MaxReferences is how many references of a kind Expand reports; nobody reads more.
const MaxReferences = 1000

// Reference is a position in the text that a person may have to look at.
type Reference struct {
	Name       string // as written, without #{ and }; empty if it might reveal part of a sensitive value
	Expression string // all that is between #{ and }, if that is more than the name; empty as the name is
	Why        string // why an expression with a filter or a calculation has no value, or is none, if that is known
	Line       int    // of the text, from 1
	Column     int    // in characters, from 1
	In         string // the variable whose value contains it; empty for the text itself
}

// Written returns what is between #{ and }.
func (r Reference) Written() string {
	if r.Expression != "" {
		return r.Expression
	}
	return r.Name
}

// Result is an expanded text with what there is to know about it.
type Result struct {
	Text       string
	Sensitive  bool        // Text contains a sensitive value, or something that such a value has chosen
	Undefined  []Reference // expressions whose names have no value, which Text has unchanged
	Unapplied  []Reference // filters and calculations that give no value, which Text has unchanged
	Unparsed   []Reference // #{ that doesn't begin an expression; Name is the text that follows, up to the end of its line
	Absent     []Reference // names without a value that conditions, loops and filters took as empty
	Sensitives []Reference // sensitive variables whose values Text contains
	Parts      []Part      // what paths and filters extracted from sensitive values
	UsesClock  bool        // Text depends on the time
}

// Part is what a path or a filter extracted from a sensitive value. Key is the last one of a path.
type Part struct{ Key, Text string }

// Expand replaces the expressions in text by the values of vars. An error is a [*model.Error]: a cycle of values, a filter
// that can't be applied to its value, a text beyond MaxText, or more work than a Budget has. References inside a value have the line
// and column of the expression in the text that led there.
func Expand(text string, vars Variables) (Result, error) {
	return ExpandWithin(context.Background(), NewBudget(), text, vars)
}

// ExpandWithin is [Expand] with a budget that several texts share. It stops when ctx ends.
func ExpandWithin(ctx context.Context, budget *Budget, text string, vars Variables) (Result, error) {
	if !strings.Contains(text, "#{") {
		return Result{Text: text}, nil
	}
	e := expander{ctx: ctx, budget: budget, vars: vars, now: budget.Now, values: map[string]*value{}, json: map[string]*node{},
		at: position{1, 1}}
	if e.now.IsZero() {
		e.now = time.Now()
	}
	var out strings.Builder
	out.Grow(len(text) + len(text)/8)
	p := newParser(text)
	p.where = &counter{text: text, position: position{1, 1}}
	err := p.each(func(t *token) error { return e.token(&out, t, frame{}) })
	if err == nil && *p.left < 0 {
		err = budget.tooMany(e.at)
	}
	if err != nil {
		return Result{}, err
	}
	e.result.Text = out.String()
	return e.result, nil
}

// RefName reports whether text is exactly one expression that is a name without nested expressions, such as #{V}, and
// returns that name.
func RefName(text string) (name string, ok bool) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "#{") {
		return "", false
	}
	tokens := newParser(text).template()
	if len(tokens) != 1 || tokens[0].kind != substitution {
		return "", false
	}
	c := tokens[0].content
	if c.name == nil || c.name.plain == nil || len(c.filters) > 0 {
		return "", false
	}
	return c.name.plain.name, true
}

func tooLong(at position) error {
	return model.NewError("substitute.long",
		"The text grows beyond %d MiB at the expression on line %d. Check the values that it uses: they repeat each other.", MaxText>>20, at.line)
}

// counter converts offsets, given in ascending order, to lines and columns.
type counter struct {
	text     string
	offset   int
	position position
}

func (c *counter) to(offset int) position {
	between := c.text[c.offset:offset]
	if n := strings.Count(between, "\n"); n > 0 {
		c.position = position{c.position.line + n, 1}
		between = between[strings.LastIndexByte(between, '\n')+1:]
	}
	c.position.column += utf8.RuneCountInString(between)
	c.offset = offset
	return c.position
}

func restOfLine(text string) string {
	const most = 40 // characters: enough to find it
	n := 0
	for i, r := range text {
		if r == '\n' || r == '\r' || n == most {
			return text[:i]
		}
		n++
	}
	return text
}
