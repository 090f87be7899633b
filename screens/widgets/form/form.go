package form

import (
	"strings"

	"github.com/stepdeck/stepdeck/screens/widgets/control"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Problem is one field that is wrong.
type Problem struct {
	Field string
	Err   error
}

// Form holds the fields of one thing by their paths. A field's fault shows once the person has left the field, and from then on as it is.
type Form struct {
	Keys  *control.Keys
	Check func() []Problem // what is wrong now; called whenever something changed or was left

	OnChanged func()

	fields   []*Field
	changed  bool
	quiet    bool
	problems []Problem
}

// New returns a form without fields.
func New() *Form { return &Form{Keys: &control.Keys{}} }

// Add makes a field and remembers it.
func (f *Form) Add(path, label, help string, input fyne.CanvasObject) *Field {
	return f.add(newField(path, label, help, input, false))
}

// AddWide makes a field whose input takes the whole width, below its label.
func (f *Form) AddWide(path, label, help string, input fyne.CanvasObject) *Field {
	return f.add(newField(path, label, help, input, true))
}

// AddPickList makes a field of a list that is always open.
func (f *Form) AddPickList(path, label, help string, list *control.PickList) *Field {
	field := f.Add(path, label, help, list.Content())
	list.OnPicked = chain(list.OnPicked, func(control.Item) { f.edited(field) })
	return field
}

func (f *Form) add(field *Field) *Field {
	f.fields = append(f.fields, field)
	switch in := field.Input.(type) {
	case *control.Entry:
		f.watch(field, in)
	case *control.Secret:
		f.watch(field, in.Entry)
	case *control.Combo:
		f.watch(field, in.Entry)
	case *control.Check:
		in.OnChanged = chain(in.OnChanged, func(bool) { f.edited(field) })
	case *control.Select:
		in.OnChosen = chain(in.OnChosen, func(string) { f.edited(field) })
	case *control.Choice:
		in.OnChosen = chain(in.OnChosen, func(string) { f.edited(field) })
	case *control.Picker:
		in.OnPicked = chain(in.OnPicked, func(control.Item) { f.edited(field) })
	}
	return field
}

func chain[T any](first, then func(T)) func(T) {
	return func(v T) {
		if first != nil {
			first(v)
		}
		then(v)
	}
}

func (f *Form) watch(field *Field, e *control.Entry) {
	e.OnChanged = chain(e.OnChanged, func(string) { f.Changed() })
	before := e.OnLeave
	e.OnLeave = func() {
		if before != nil {
			before()
		}
		f.Left(field.Path)
	}
}

// Field finds a field by its path, or nil.
func (f *Form) Field(path string) *Field {
	for _, field := range f.fields {
		if field.Path == path {
			return field
		}
	}
	return nil
}

// Paths lists the paths of all fields, in order.
func (f *Form) Paths() []string {
	paths := make([]string, len(f.fields))
	for i, field := range f.fields {
		paths[i] = field.Path
	}
	return paths
}

// edited is for fields without leaving: choosing is both.
func (f *Form) edited(field *Field) {
	field.touched = true
	f.Changed()
}

// Changed says that something was edited.
func (f *Form) Changed() {
	if f.quiet {
		return
	}
	f.changed = true
	f.Validate()
	if f.OnChanged != nil {
		f.OnChanged()
	}
}

// Left says that the person went on from a field.
func (f *Form) Left(path string) {
	if field := f.Field(path); field != nil && !f.quiet {
		field.touched = true
		f.Validate()
	}
}

// Fill runs set, which writes values into the fields, without taking that for edits, and starts afresh.
func (f *Form) Fill(set func()) {
	f.quiet = true
	set()
	f.quiet = false
	f.changed = false
	for _, field := range f.fields {
		field.touched = false
	}
	f.Validate()
}

// Quietly runs set without taking it for edits, and keeps the rest.
func (f *Form) Quietly(set func()) {
	was := f.quiet
	f.quiet = true
	set()
	f.quiet = was
}

// Dirty reports whether something was edited since the last Fill or Saved.
func (f *Form) Dirty() bool { return f.changed }

// Saved says that what is in the fields is kept.
func (f *Form) Saved() { f.changed = false }

// Validate shows the faults of the fields that were left.
func (f *Form) Validate() {
	if f.Check == nil || f.quiet {
		return
	}
	f.problems = f.Check()
	for _, field := range f.fields {
		var err error
		if field.touched {
			err = f.fault(field.Path)
			if c, ok := field.Input.(*control.Combo); ok && err != nil && c.Err() != nil {
				err = c.Err() // it knows what the text may have been meant for
			}
		}
		field.setError(err)
	}
}

// Settle makes of what stands in each field what it is meant for, as when the person saves without leaving the field.
func (f *Form) Settle() {
	for _, field := range f.fields {
		if c, ok := field.Input.(*control.Combo); ok {
			c.Settle()
		}
	}
}

// ShowAll shows every fault, as when the person wants to run or save, and gives the first field that has one, or nil.
func (f *Form) ShowAll() *Field {
	f.Settle()
	for _, field := range f.fields {
		field.touched = true
	}
	f.Validate()
	for _, field := range f.fields {
		if field.err != nil {
			return field
		}
	}
	return nil
}

// Problems are those of the last validation.
func (f *Form) Problems() []Problem { return f.problems }

// Explain shows err at the field of that path, until the next validation.
func (f *Form) Explain(path string, err error) {
	if field := f.Field(path); field != nil {
		field.setError(err)
	}
}

// fault finds the first problem of a field; a path with an index, such as scope[1], belongs to the field before the bracket.
func (f *Form) fault(path string) error {
	for _, p := range f.problems {
		if p.Field == path || strings.HasPrefix(p.Field, path+"[") {
			return p.Err
		}
	}
	return nil
}

// Rows puts fields below each other.
func Rows(fields ...*Field) *fyne.Container {
	box := container.NewVBox()
	for _, f := range fields {
		box.Add(f.Row())
	}
	return box
}
