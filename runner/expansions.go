package runner

import (
	"errors"
	"iter"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// expansions are what the values of variables came to when they were expanded last, by name key. Steps for which a value comes to
// the same share it, so that a plan of many steps needs the time and the memory of one.
type expansions map[string]expansion

type expansion struct {
	written string
	looked  []lookedUp // all that the result depends on
	result  substitute.Result
	err     error
}

// lookedUp is what the lookup of a name returned.
type lookedUp struct {
	name, text    string
	sensitive, ok bool
}

// noted is values that note what is looked up in them.
type noted struct {
	*values
	looked []lookedUp
	listed bool // all names were looked at
}

// Lookup implements substitute.Variables.
func (n *noted) Lookup(name string) (text string, sensitive, ok bool) {
	text, sensitive, ok = n.values.Lookup(name)
	n.looked = append(n.looked, lookedUp{name, text, sensitive, ok})
	return text, sensitive, ok
}

// Names implements substitute.Variables.
func (n *noted) Names() iter.Seq[string] {
	n.listed = true
	return n.values.Names()
}

// valueOf replaces the expressions in the value of a variable within a budget, or returns what they came to before if nothing that they
// use has changed.
func (v *values) valueOf(e entry, budget *substitute.Budget) (substitute.Result, error) {
	key := model.NameKey(e.name)
	kept, known := v.kept[key]
	if !known || kept.written != e.text || !v.still(kept.looked) {
		n := &noted{values: v}
		kept = expansion{written: e.text}
		kept.result, kept.err = substitute.ExpandWithin(v.ctx, budget, e.text, n)
		kept.looked = n.looked
		delete(v.kept, key)
		if !n.listed && !kept.result.UsesClock && lasting(kept.err) && v.used.failed == nil {
			v.kept[key] = kept
		}
	}
	v.takeParts(kept.result)
	if kept.err == nil {
		return kept.result, v.used.failed
	}
	return kept.result, kept.err
}

// still reports whether all lookups return what they did.
func (v *values) still(looked []lookedUp) bool {
	for _, l := range looked {
		if text, sensitive, ok := v.Lookup(l.name); text != l.text || sensitive != l.sensitive || ok != l.ok {
			return false
		}
	}
	return true
}

// lasting reports whether an expansion would end in the same way again: what a budget or a context has ended may not.
func lasting(err error) bool {
	var own *model.Error
	return err == nil || errors.As(err, &own) && !substitute.Exhausted(err)
}
