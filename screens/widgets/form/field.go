package form

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

const LabelWidth = 168

// Field is a row of a form: the label, the input, and below it the help text, the note and the error.
type Field struct {
	Path  string // of the field in the model, such as aws.region
	Label string
	Input fyne.CanvasObject

	row        *fyne.Container
	help, note *widget.Label
	fault      *widget.Label
	touched    bool
	err        error
}

func newField(path, label, help string, input fyne.CanvasObject, wide bool) *Field {
	f := &Field{
		Path: path, Label: label, Input: input,
		help: display.NewCaption(widget.LowImportance), note: display.NewCaption(widget.LowImportance),
		fault: display.NewCaption(widget.DangerImportance),
	}
	name := widget.NewLabel(label)
	name.Wrapping = fyne.TextWrapWord
	f.row = container.New(fieldLayout{wide}, name, control.Row(input), f.help, f.note, f.fault)
	f.SetHelp(help)
	f.SetNote("", false)
	f.setError(nil)
	return f
}

func (f *Field) Row() fyne.CanvasObject { return f.row }

// Focus gives the focus to the field's input. A Scroll around the form follows.
func (f *Field) Focus(c fyne.Canvas) {
	first := focus.Find(control.Face(f.Input), func(o fyne.CanvasObject) bool { _, ok := o.(fyne.Focusable); return ok })
	if in, ok := first.(fyne.Focusable); ok {
		c.Focus(in)
	}
}

// SetHelp replaces the help text; empty hides it.
func (f *Field) SetHelp(text string) { display.SetCaption(f.help, text) }

// SetNote shows what the field comes to, such as the value of an expression; bad shows it as a warning.
func (f *Field) SetNote(text string, bad bool) {
	f.note.Importance = widget.LowImportance
	if bad {
		f.note.Importance = widget.WarningImportance
	}
	display.SetCaption(f.note, text)
}

func (f *Field) Note() string { return f.note.Text }

// Err returns the error that is shown, or nil.
func (f *Field) Err() error { return f.err }

func (f *Field) SetVisible(on bool) {
	if on == f.row.Visible() {
		return
	}
	if on {
		f.row.Show()
	} else {
		f.row.Hide()
	}
}

func (f *Field) Visible() bool { return f.row.Visible() }

func (f *Field) setError(err error) {
	f.err = err
	text := ""
	if err != nil {
		text = err.Error()
	}
	display.SetCaption(f.fault, text)
}

// fieldLayout puts the label left of the rest, or above it if the input takes the whole width. Captions get less padding than a label
// has by itself.
type fieldLayout struct{ wide bool }

func (l fieldLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	label, input := objects[0], objects[1]
	pad := fynetheme.Size(fynetheme.SizeNameInnerPadding)
	left := float32(LabelWidth)
	label.Resize(fyne.NewSize(left, label.MinSize().Height))
	label.Move(fyne.NewPos(0, 0))
	y := float32(0)
	if l.wide {
		label.Resize(fyne.NewSize(size.Width, label.MinSize().Height))
		left, y = 0, label.MinSize().Height
	}
	height := input.MinSize().Height
	input.Move(fyne.NewPos(left, y))
	input.Resize(fyne.NewSize(size.Width-left, height))
	y += height
	for _, o := range objects[2:] {
		if !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(size.Width-left+2*pad, o.MinSize().Height))
		o.Resize(fyne.NewSize(size.Width-left+2*pad, o.MinSize().Height)) // wrapped text knows its height only at its final width
		o.Move(fyne.NewPos(left-pad, y-pad+1))
		y += o.Size().Height - 2*pad + 3
	}
}

func (l fieldLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	pad := fynetheme.Size(fynetheme.SizeNameInnerPadding)
	input := objects[1].MinSize()
	height := input.Height
	for _, o := range objects[2:] {
		if o.Visible() {
			height += o.MinSize().Height - 2*pad + 3
		}
	}
	if l.wide {
		return fyne.NewSize(input.Width, height+objects[0].MinSize().Height)
	}
	return fyne.NewSize(LabelWidth+input.Width, max(height, objects[0].MinSize().Height))
}
