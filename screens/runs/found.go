package runs

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// highlight is a line that a step printed to be seen.
type highlight struct {
	model.Highlight
	step model.StepRun
}

// output is a variable that a step set.
type output struct {
	model.Output
	step model.StepRun
}

// found is what came of a run besides its log: highlights, artifacts and outputs, each a list below the log that a button opens.
type found struct {
	goTo      func(stepRun, line int64)
	resized   func()
	several   bool   // steps: the lists name them
	shown     string // the open list; empty: none
	updating  bool   // the rows change, and nobody has chosen one
	buttons   map[string]*control.Button
	bar       *fyne.Container
	panel     *fyne.Container
	content   *fyne.Container
	artifacts *artifactList

	highlights *table.Table[highlight]
	outputs    *table.Table[output]
	lists      map[string]fyne.CanvasObject
	has        contents
}

// contents are the rows of the lists.
type contents struct {
	highlights []highlight
	artifacts  []runs.Artifact
	outputs    []output
}

// The lists of found.
const (
	foundHighlights = "highlights"
	foundArtifacts  = "artifacts"
	foundOutputs    = "outputs"
)

func newFound(artifacts artifactDeps, goTo func(stepRun, line int64)) *found {
	f := &found{goTo: goTo, resized: func() {}, buttons: map[string]*control.Button{}, artifacts: newArtifactList(artifacts)}
	f.bar = container.New(layout.NewCustomPaddedHBoxLayout(0))
	for _, name := range []string{foundHighlights, foundArtifacts, foundOutputs} {
		f.buttons[name] = control.NewButton(nil, "", func() { f.toggle(name) }).Quiet()
		f.buttons[name].Hide()
		f.bar.Add(f.buttons[name])
	}
	f.panel = container.New(rowsHigh{}, container.NewStack())
	f.panel.Hide()
	f.content = container.New(layout.NewCustomPaddedVBoxLayout(0), widget.NewSeparator(), f.bar, f.panel)
	f.content.Hide()
	f.build()
	return f
}

// rowsHigh gives a list the height of some rows.
type rowsHigh struct{}

func (rowsHigh) MinSize(o []fyne.CanvasObject) fyne.Size {
	const height = 180
	return fyne.NewSize(o[0].MinSize().Width, height)
}

func (rowsHigh) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }

// build makes the lists, with a column for the step if there are several.
func (f *found) build() {
	f.highlights = table.New(withStep(f.several, func(h highlight) model.StepRun { return h.step },
		table.Column[highlight]{Title: lang.L("Highlight"), Cell: func(h highlight) table.Cell { return table.Cell{Text: h.Text} }},
		table.Column[highlight]{Title: lang.L("Line"), Width: 70, Cell: func(h highlight) table.Cell {
			return table.Cell{Text: grouped(int(h.Line)), Muted: true}
		}, Compare: func(a, b highlight) int { return int(a.Line - b.Line) }})...)
	f.highlights.OnSelected = f.choose
	f.highlights.OnOpened = f.choose
	f.outputs = table.New(withStep(f.several, func(o output) model.StepRun { return o.step },
		table.Column[output]{Title: lang.L("Output"), Cell: func(o output) table.Cell { return table.Cell{Text: o.Name} }},
		table.Column[output]{Title: lang.L("Value"), Cell: outputCell})...)
	f.outputs.OnShortcut = copyOutput
	f.artifacts.build(f.several)
	f.lists = map[string]fyne.CanvasObject{
		foundHighlights: f.highlights.Content(), foundArtifacts: f.artifacts.content, foundOutputs: f.outputs.Content(),
	}
}

// withStep adds the column for the step.
func withStep[T any](several bool, step func(T) model.StepRun, columns ...table.Column[T]) []table.Column[T] {
	if several {
		columns = append(columns, table.Column[T]{Title: lang.L("Step"), Width: 150, Cell: func(row T) table.Cell {
			return table.Cell{Text: stepName(step(row)), Muted: true}
		}})
	}
	return columns
}

func outputCell(o output) table.Cell {
	if o.Sensitive {
		return table.Cell{Text: lang.L("sensitive, not kept"), Muted: true}
	}
	return table.Cell{Text: legible(o.Value, sentenceRunes, 1), Mono: true}
}

// copyOutput copies the value of an output.
func copyOutput(o output, s fyne.Shortcut) bool {
	if _, ok := s.(*fyne.ShortcutCopy); !ok || o.Sensitive {
		return false
	}
	fyne.CurrentApp().Clipboard().SetContent(o.Value)
	return true
}

// choose shows the line of a highlight.
func (f *found) choose(h highlight) {
	if !f.updating {
		f.goTo(h.step.ID, h.Line)
	}
}

// toggle opens a list, or closes it.
func (f *found) toggle(name string) {
	if f.shown == name {
		name = ""
	}
	f.show(name)
	f.resized()
}

func (f *found) show(name string) {
	f.shown = name
	setShown(f.panel, name != "")
	for n, b := range f.buttons {
		b.Importance = widget.LowImportance
		if n == name {
			b.Importance = widget.HighImportance
		}
		b.Refresh()
	}
	if stack, ok := f.panel.Objects[0].(*fyne.Container); ok && name != "" {
		stack.Objects = []fyne.CanvasObject{f.lists[name]}
		stack.Refresh()
	}
}

// clear closes the lists, for another run.
func (f *found) clear() {
	f.has = contents{}
	f.show("")
	setShown(f.content, false)
	f.artifacts.clear()
}

// set shows what came of a run so far.
func (f *found) set(run model.Run) {
	if several := len(run.Steps) > 1; several != f.several {
		f.several, f.has = several, contents{}
		f.build()
		f.show(f.shown)
	}
	has := contentsOf(run)
	if reflect.DeepEqual(has, f.has) {
		return
	}
	f.has = has
	f.updating = true
	f.highlights.SetRows(has.highlights)
	f.outputs.SetRows(has.outputs)
	f.artifacts.set(has.artifacts)
	f.updating = false
	f.label(foundHighlights, len(has.highlights), highlightCount(run, len(has.highlights)))
	f.label(foundArtifacts, len(has.artifacts), artifactCount(has.artifacts))
	f.label(foundOutputs, len(has.outputs), plural.N("{{.Count}} output", "{{.Count}} outputs", len(has.outputs)))
	setShown(f.content, len(has.highlights)+len(has.artifacts)+len(has.outputs) > 0)
	f.resized()
}

// highlightCount says how many highlights there are. Of a step with as many as are recorded there may be more.
func highlightCount(run model.Run, n int) string {
	for _, step := range run.Steps {
		if len(step.Highlights) == model.MaxHighlights {
			return lang.L("{{.Count}} highlights or more", map[string]any{"Count": n})
		}
	}
	return plural.N("{{.Count}} highlight", "{{.Count}} highlights", n)
}

func (f *found) label(name string, n int, text string) {
	f.buttons[name].SetText(text)
	setShown(f.buttons[name], n > 0)
	if n == 0 && f.shown == name {
		f.show("")
	}
}

func contentsOf(run model.Run) contents {
	c := contents{artifacts: runs.Artifacts(run)}
	for i, a := range c.artifacts {
		c.artifacts[i].Step = named(a.Step)
	}
	for _, step := range run.Steps {
		for _, h := range step.Highlights {
			c.highlights = append(c.highlights, highlight{h, named(step)})
		}
		for _, o := range step.Outputs {
			c.outputs = append(c.outputs, output{o, named(step)})
		}
	}
	return c
}

// named returns what the lists need of a step: the rest changes with each line.
func named(s model.StepRun) model.StepRun {
	return model.StepRun{ID: s.ID, RunID: s.RunID, Number: s.Number, Attempt: s.Attempt, Step: s.Step}
}
