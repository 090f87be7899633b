package octopusimport

import (
	"fmt"
	"slices"
)

// Kind is the kind of a thing in an export.
type Kind string

// The kinds of things.
const (
	KindProject     Kind = "project"
	KindEnvironment Kind = "environment"
	KindAccount     Kind = "account"
	KindVariable    Kind = "variable"
	KindStep        Kind = "step"
	KindParameter   Kind = "parameter" // of a step template; it becomes a value of its step
)

func kinds() []Kind {
	return []Kind{KindProject, KindEnvironment, KindAccount, KindVariable, KindStep, KindParameter}
}

// Outcome says what became of a thing.
type Outcome string

// The outcomes, from the best to the worst.
const (
	Taken   Outcome = "taken"   // as it is
	Changed Outcome = "changed" // it is another thing here, or means another
	Missing Outcome = "missing" // it, or a part of it, is not here until a person adds it
)

// Item is one thing of an export.
type Item struct {
	Kind     Kind
	Name     string
	Step     string // to which a parameter belongs
	Findings []Finding
}

// Finding is one sentence about an item.
type Finding struct {
	Outcome Outcome
	Text    string
	Do      string // what a person can do; empty if there is nothing to do
}

// Outcome returns the worst outcome of an item's findings.
func (i Item) Outcome() Outcome {
	worst := Taken
	for _, f := range i.Findings {
		if f.Outcome == Missing || f.Outcome == Changed && worst == Taken {
			worst = f.Outcome
		}
	}
	return worst
}

// Title returns what the item is called in a list.
func (i Item) Title() string {
	if i.Step != "" {
		return fmt.Sprintf("%s %q of step %q", i.Kind, i.Name, i.Step)
	}
	return fmt.Sprintf("%s %q", i.Kind, i.Name)
}

// Count returns how many of the items have an outcome.
func Count(items []Item, outcome Outcome) (n int) {
	for _, i := range items {
		if i.Outcome() == outcome {
			n++
		}
	}
	return n
}

func (i *Item) taken(format string, args ...any) {
	i.Findings = append(i.Findings, Finding{Taken, fmt.Sprintf(format, args...), ""})
}

// changed and missing take what a person can do first, since the sentence has arguments.
func (i *Item) changed(do, format string, args ...any) {
	i.Findings = append(i.Findings, Finding{Changed, fmt.Sprintf(format, args...), do})
}

func (i *Item) missing(do, format string, args ...any) {
	i.Findings = append(i.Findings, Finding{Missing, fmt.Sprintf(format, args...), do})
}

// report collects the items.
type report struct {
	items []*Item
	first map[thing]*Item
}

// thing is what find looks for.
type thing struct {
	kind Kind
	name string
}

func (r *report) item(kind Kind, name, step string) *Item {
	i := &Item{Kind: kind, Name: name, Step: step}
	r.items = append(r.items, i)
	if r.first == nil {
		r.first = map[thing]*Item{}
	}
	if key := (thing{kind, name}); r.first[key] == nil {
		r.first[key] = i
	}
	return i
}

// find returns the item of a thing, a new one if there is none.
func (r *report) find(kind Kind, name string) *Item {
	if i := r.first[thing{kind, name}]; i != nil {
		return i
	}
	return r.item(kind, name, "")
}

// has reports whether there is an item of a thing.
func (r *report) has(kind Kind, name string) bool {
	return r.first[thing{kind, name}] != nil
}

// once returns the findings, each once: the values of a variable for several environments can have the same.
func once(list []Finding) []Finding {
	var kept []Finding
	for _, f := range list {
		if !slices.Contains(kept, f) {
			kept = append(kept, f)
		}
	}
	return kept
}

// sorted returns the items by their kinds, the parameters of a step behind it.
func (r *report) sorted() []Item {
	rank := func(i *Item) int {
		if i.Kind == KindParameter {
			return slices.Index(kinds(), KindStep)
		}
		return slices.Index(kinds(), i.Kind)
	}
	list := slices.Clone(r.items)
	slices.SortStableFunc(list, func(a, b *Item) int { return rank(a) - rank(b) })
	items := make([]Item, len(list))
	for i, item := range list {
		items[i] = *item
		items[i].Findings = once(item.Findings)
	}
	return items
}
