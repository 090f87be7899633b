// Package substitute writes the values of variables where a text holds #{...} expressions.
//
// An expression is the name of a variable, #{Name}; names hold letters, digits, blanks and . - _ : / ~ ( ), and indexes
// in brackets, which may be expressions themselves: #{Account[#{Which}].Id}. A variable whose value is JSON answers for
// the paths below it, #{Json.list[2].key}, unless a variable of that very name exists. ##{ stands for #{ itself. Values
// are expanded like the text. Source of the behaviour: Octostache, as recorded in testdata.
//
// Whatever is not such an expression stays as it stands and is reported: scripts hold a #{ of their own now and then.
// Conditions, loops, calculations and filters are known and refused.
package substitute

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// MaxText is the longest text that Expand makes, in bytes: values that repeat each other grow without measure.
const MaxText = 32 << 20

// maxChain is how many values may hold one another.
const maxChain = 500

// Hidden stands for a sensitive value that is not to be known. What a path takes out of it is hidden as well.
const Hidden = "********"

// Variables are the values that a text can name. Whoever implements it decides which names are the same; Octopus, and
// so Stepdeck, takes no account of case.
type Variables interface {
	Lookup(name string) (value string, sensitive, ok bool)
}

// MaxReferences is how many places of a kind Expand reports; nobody reads more.
const MaxReferences = 1000

// Reference is a place in the text that a person may have to look at.
type Reference struct {
	Name   string // as written, without #{ and }; empty where it would tell a part of a sensitive value
	Line   int    // of the text, from 1
	Column int    // in characters, from 1
	In     string // the variable whose value holds it; empty: the text itself does
}

// Result is an expanded text and what there is to know of it.
type Result struct {
	Text       string
	Sensitive  bool        // a sensitive value stands in Text
	Undefined  []Reference // expressions without a value; they stand in Text as they were
	Sensitives []Reference // sensitive variables whose value stands in Text
	Unparsed   []Reference // #{ that begins no expression; Name is the text that follows, up to the end of its line
	Parts      []Part      // what was taken out of sensitive values
}

// Part is what a path took out of a sensitive value that is JSON.
type Part struct{ Key, Text string }

// Expand writes the values of vars into text. An error is a *model.Error: values that hold each other in a circle, a
// construct that is not supported yet, a text beyond MaxText, or more work than a Budget has. References inside a value have the line and column of
// the expression in the text that led there.
func Expand(text string, vars Variables) (Result, error) {
	return ExpandWithin(context.Background(), NewBudget(), text, vars)
}

// ExpandWithin is Expand with a budget that several texts share. It ends with ctx.
func ExpandWithin(ctx context.Context, budget *Budget, text string, vars Variables) (Result, error) {
	if !strings.Contains(text, "#{") {
		return Result{Text: text}, nil
	}
	e := expander{ctx: ctx, budget: budget, vars: vars, values: map[string]*value{}, json: map[string]*node{}}
	out, err := e.text(text)
	if err != nil {
		return Result{}, err
	}
	e.result.Text = out
	return e.result, nil
}

// RefName tells whether text is exactly one expression that is a name without any nested expression, such as #{V}, and
// which name that is.
func RefName(text string) (name string, ok bool) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "#{") {
		return "", false
	}
	x, bad := parseExpression(text, 0, 0)
	if bad || x.end != len(text) || x.construct != "" {
		return "", false
	}
	return x.plainName()
}

func later(construct string, at place, in string) error {
	if in != "" {
		return model.NewError("substitute.later", "Line %d: the value of variable %q uses %s, which this version of Stepdeck can't work out. Write the value out, or do it in the script.", at.line, in, construct)
	}
	return model.NewError("substitute.later", "Line %d uses %s, which this version of Stepdeck can't work out. Do it in the script, or write ##{ where #{ itself is meant.", at.line, construct)
}

func tooLong(at place) error {
	return model.NewError("substitute.long", "The text grows beyond %d MiB at the expression on line %d. Look at the values it leads to: they repeat one another.", MaxText>>20, at.line)
}

// counter turns offsets, asked for in ascending order, into lines and columns.
type counter struct {
	text   string
	offset int
	place  place
}

func (c *counter) to(offset int) place {
	between := c.text[c.offset:offset]
	if n := strings.Count(between, "\n"); n > 0 {
		c.place = place{c.place.line + n, 1}
		between = between[strings.LastIndexByte(between, '\n')+1:]
	}
	c.place.column += utf8.RuneCountInString(between)
	c.offset = offset
	return c.place
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
