package substitute

import (
	"errors"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute/filters"
)

// filterWork is how many bytes of a filter's text cost as much as one expression.
const filterWork = 16 << 10

// filter applies a filter to what stands before it.
func (e *expander) filter(call *filterCall, o outcome, f frame) (outcome, error) {
	c := filters.Call{Name: call.name, Defined: o.ok(), Now: e.now, Limit: MaxText}
	result := &value{}
	if o.ok() {
		c.Text = o.value.text
		e.collect(f, o.value.refs, false)
		result.sensitive, result.refs = o.value.sensitive, sensitives(o.value.refs)
	}
	for i := range call.options {
		text, err := e.option(&call.options[i], f, result)
		if err != nil {
			return outcome{}, err
		}
		c.Options = append(c.Options, text)
	}
	if result.sensitive && (strings.Contains(c.Text, Hidden) || strings.Contains(strings.Join(c.Options, " "), Hidden)) {
		result.text = Hidden
		return outcome{value: result}, nil
	}
	return e.apply(c, o, f, result)
}

// option expands an option of a filter. It adds to result what is sensitive in it.
func (e *expander) option(t *token, f frame, result *value) (string, error) {
	if t.kind == literal {
		return t.text, nil
	}
	var out strings.Builder
	own := &value{secret: f.value != nil && f.value.secret}
	if err := e.token(&out, t, frame{value: own, locals: f.locals}); err != nil {
		return "", err
	}
	e.collect(f, own.refs, false)
	result.sensitive = result.sensitive || own.sensitive
	result.refs = append(result.refs, sensitives(own.refs)...)
	return out.String(), nil
}

// apply calls the filter.
func (e *expander) apply(c filters.Call, o outcome, f frame, result *value) (outcome, error) {
	if err := e.budget.work(e.ctx, len(c.Text)/filterWork, e.at); err != nil {
		return outcome{}, err
	}
	e.result.UsesClock = e.result.UsesClock || filters.UsesClock(c.Name)
	text, ok, err := filters.Apply(c)
	switch {
	case errors.Is(err, filters.ErrTooLong):
		return outcome{}, tooLong(e.at)
	case err != nil:
		return outcome{}, e.failed(c, err, result.sensitive)
	case !ok:
		return outcome{fault: unappliedFilter(c, o)}, nil
	}
	if !o.ok() && o.fault.name != "" {
		e.add(f, pending{kind: absent, name: o.fault.name})
	}
	result.text = text
	e.secretPart("", result)
	return outcome{value: result}, e.budget.write(len(text), e.at)
}

// unappliedFilter says why a filter gives no value.
func unappliedFilter(c filters.Call, before outcome) pending {
	p := pending{kind: unapplied, name: before.fault.name}
	switch {
	case !filters.Known(c.Name):
		p.why = noFilter(c.Name)
	case !before.ok() && before.fault.why+before.fault.name != "":
		return before.fault
	default:
		p.why = "the filter " + c.Name + " gives no value here"
	}
	return p
}

func noFilter(name string) string {
	why := "there is no filter called " + name
	if near := model.Nearest(name, filters.Names()); near != "" {
		why += "; did you mean " + near + "?"
	}
	return why
}

// failed says what a filter can't be applied to.
func (e *expander) failed(c filters.Call, why error, secret bool) error {
	shown := "a sensitive value"
	if !secret {
		shown = quote(c.Text)
	}
	in := ""
	if holder := e.holder(); holder != "" {
		in = " in the value of the variable " + quote(holder)
	}
	return model.NewError("substitute.filter", "Line %d: the filter %s%s can't be applied to %s: %s.", e.at.line, c.Name, in, shown, why)
}

// quote returns a text in quotes, shortened to what fits into a sentence.
func quote(text string) string {
	const most = 60 // characters
	if runes := []rune(text[:min(len(text), 4*most)]); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.Quote(text)
}
