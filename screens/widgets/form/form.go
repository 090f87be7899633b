package form

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// Problem is what is wrong with one field.
type Problem struct {
	Field string
	Err   error
}

// Form holds fields by their paths. A field shows its error once the person has left it, and from then on whenever there is one.
type Form struct {
	Keys  *control.Keys
	Check func() []Problem // validates the fields; called after every change and whenever a field is left

	OnChanged func()

	fields   []*Field
	changed  bool
	quiet    bool
	problems []Problem
}

func New() *Form { return &Form{Keys: &control.Keys{}} }

// Add adds a field with its label left of the input.
func (f *Form) Add(path, label, help string, input fyne.CanvasObject) *Field {
	return f.add(newField(path, label, help, input, false))
}

// AddWide adds a field whose input takes the whole width, below its label.
func (f *Form) AddWide(path, label, help string, input fyne.CanvasObject) *Field {
	return f.add(newField(path, label, help, input, true))
}

// AddPickList adds a field with a list that is always open.
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
	case *control.Date:
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

// Remove removes the fields whose paths begin with prefix. Their rows are the caller's.
func (f *Form) Remove(prefix string) {
	f.fields = slices.DeleteFunc(f.fields, func(field *Field) bool { return strings.HasPrefix(field.Path, prefix) })
}

// Field returns the field with that path, or nil.
func (f *Form) Field(path string) *Field {
	for _, field := range f.fields {
		if field.Path == path {
			return field
		}
	}
	return nil
}

// Paths returns the paths of all fields, in order.
func (f *Form) Paths() []string {
	paths := make([]string, len(f.fields))
	for i, field := range f.fields {
		paths[i] = field.Path
	}
	return paths
}

// edited is for inputs without OnLeave: a choice counts as an edit and as leaving the field.
func (f *Form) edited(field *Field) {
	field.touched = true
	f.Changed()
}

// Changed records an edit and validates the form.
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

// Left records that the person has left a field, so that its error is shown.
func (f *Form) Left(path string) {
	if field := f.Field(path); field != nil && !f.quiet {
		field.touched = true
		f.Validate()
	}
}

// Fill runs set, which writes values into the fields. They do not count as edits, and no field counts as left.
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

// Quietly runs set, whose changes do not count as edits. Earlier edits and errors stay.
func (f *Form) Quietly(set func()) {
	before := f.quiet
	f.quiet = true
	set()
	f.quiet = before
}

// Dirty reports whether there were edits since the last Fill or Saved.
func (f *Form) Dirty() bool { return f.changed }

// Saved records that the values of the fields were saved.
func (f *Form) Saved() { f.changed = false }

// Validate shows the errors of the fields that the person has left.
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
				err = c.Err() // it can name what the text may mean
			}
		}
		field.setError(err)
	}
}

// Settle resolves the text of every combo, as when the person saves without leaving the field.
func (f *Form) Settle() {
	for _, field := range f.fields {
		if c, ok := field.Input.(*control.Combo); ok {
			c.Settle()
		}
	}
}

// ShowAll shows every error, as when the person saves, and returns the first field with one, or nil.
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

// Problems returns what the last validation found.
func (f *Form) Problems() []Problem { return f.problems }

// Explain shows err at the field with that path until the next validation.
func (f *Form) Explain(path string, err error) {
	if field := f.Field(path); field != nil {
		field.setError(err)
	}
}

// fault returns the first problem of a field. A path with an index, such as scope[1], belongs to the field before the bracket.
func (f *Form) fault(path string) error {
	for _, p := range f.problems {
		if p.Field == path || strings.HasPrefix(p.Field, path+"[") {
			return p.Err
		}
	}
	return nil
}

// Rows returns the fields in a column.
func Rows(fields ...*Field) *fyne.Container {
	box := container.NewVBox()
	for _, f := range fields {
		box.Add(f.Row())
	}
	return box
}
