package runs

import (
	"context"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// Artifacts hands out the files that runs have kept.
type Artifacts interface {
	ArtifactPath(a runs.Artifact) (string, error)
	SaveArtifact(ctx context.Context, a runs.Artifact, path string) error
	SaveArtifacts(ctx context.Context, list []runs.Artifact, folder string, replace bool) ([]string, error)
}

// artifactDeps is what the list of artifacts needs.
type artifactDeps struct {
	window     fyne.Window
	artifacts  Artifacts
	save       func(name string, done func(path string))
	saveFolder func(done func(path string))
	open       func(path string) error // with the system's program for it; nil: not offered
}

// artifactList is the list of a run's artifacts, with what can be done with them. None is ever executed.
type artifactList struct {
	artifactDeps
	table   *table.Table[runs.Artifact]
	openBtn *control.Button
	saveBtn *control.Button
	showBtn *control.Button
	allBtn  *control.Button
	note    *widget.Label
	work    async.Task
	content *fyne.Container
}

func newArtifactList(deps artifactDeps) *artifactList {
	l := &artifactList{artifactDeps: deps, note: widget.NewLabel("")}
	l.note.Truncation, l.note.Importance = fyne.TextTruncateEllipsis, widget.LowImportance
	l.openBtn = control.NewButton(nil, lang.L("Open"), func() { l.with(l.openFile) })
	l.saveBtn = control.NewButton(nil, lang.L("Save as…"), func() { l.with(l.saveOne) })
	l.showBtn = control.NewButton(nil, lang.L("Show in folder"), func() { l.with(l.openFolder) })
	l.allBtn = control.NewButton(nil, lang.L("Save all…"), l.saveAll)
	l.content = container.NewStack()
	return l
}

// build makes the table, with a column for the step if there are several.
func (l *artifactList) build(several bool) {
	l.table = table.New(withStep(several, func(a runs.Artifact) model.StepRun { return a.Step },
		table.Column[runs.Artifact]{Title: lang.L("Artifact"), Cell: artifactCell},
		table.Column[runs.Artifact]{Title: lang.L("Size"), Width: 84, Cell: func(a runs.Artifact) table.Cell {
			if !a.Kept() {
				return table.Cell{}
			}
			return table.Cell{Text: model.FormatBytes(a.Size), Muted: true}
		}, Compare: func(a, b runs.Artifact) int { return int(a.Size - b.Size) }})...)
	l.table.Same = func(a, b runs.Artifact) bool { return a.Step.ID == b.Step.ID && a.Number == b.Number }
	l.table.OnSelected = func(runs.Artifact) { l.update() }
	l.table.OnOpened = func(a runs.Artifact) {
		switch {
		case !a.Kept():
		case l.opens(a):
			l.openFile(a)
		default:
			l.saveOne(a)
		}
	}
	buttons := container.New(layout.NewCustomPaddedHBoxLayout(4), l.openBtn, l.saveBtn, l.showBtn, l.allBtn)
	below := container.NewBorder(nil, nil, buttons, nil, l.note)
	l.content.Objects = []fyne.CanvasObject{container.NewBorder(nil, below, nil, nil, l.table.Content())}
	l.update()
}

func artifactCell(a runs.Artifact) table.Cell {
	switch {
	case !a.Kept():
		return table.Cell{Text: a.Name, Badge: lang.L("not kept"), Tone: display.Caution, Muted: true}
	case a.HoldsSecret:
		return table.Cell{Text: a.Name, Badge: lang.L("contains a secret"), Tone: display.Caution}
	}
	return table.Cell{Text: a.Name}
}

// clear forgets what was said of the last run.
func (l *artifactList) clear() {
	l.work.Cancel()
	l.note.SetText("")
}

func (l *artifactList) set(list []runs.Artifact) {
	l.table.SetRows(list)
	l.update()
}

// opens reports whether an artifact can be opened: a document, and no program or script.
func (l *artifactList) opens(a runs.Artifact) bool {
	return l.open != nil && a.Kept() && runs.Opens(a.Name)
}

// update sets what can be done with the selected artifact, and says why something can't.
func (l *artifactList) update() {
	a, ok := l.table.Selected()
	kept := ok && a.Kept()
	setEnabled(l.openBtn, ok && l.opens(a))
	setEnabled(l.saveBtn, kept)
	setEnabled(l.showBtn, kept && l.open != nil)
	setEnabled(l.allBtn, len(keptOf(l.table.Rows())) > 0)
	text := ""
	switch {
	case ok && !kept:
		text = a.Missing
	case kept && !runs.Opens(a.Name):
		text = lang.L("This could be a program. It is only saved.")
	case kept && a.HoldsSecret:
		text = lang.L("A secret of the run stands in it. Nothing is hidden in files.")
	}
	l.note.SetText(legible(text, sentenceRunes, 1))
}

// keptOf returns those of a list that are kept.
func keptOf(list []runs.Artifact) []runs.Artifact {
	return slices.DeleteFunc(slices.Clone(list), func(a runs.Artifact) bool { return !a.Kept() })
}

// artifactCount says how many artifacts are kept, and how many are not.
func artifactCount(list []runs.Artifact) string {
	kept := len(keptOf(list))
	lost := len(list) - kept
	switch {
	case lost == 0:
		return plural.N("{{.Count}} artifact", "{{.Count}} artifacts", kept)
	case kept == 0:
		return plural.N("{{.Count}} artifact not kept", "{{.Count}} artifacts not kept", lost)
	}
	return plural.N("{{.Count}} artifact, {{.Lost}} not kept", "{{.Count}} artifacts, {{.Lost}} not kept", kept, map[string]any{"Lost": lost})
}

// with calls do with the selected artifact.
func (l *artifactList) with(do func(runs.Artifact)) {
	if a, ok := l.table.Selected(); ok {
		do(a)
	}
}

func (l *artifactList) openFile(a runs.Artifact) {
	path, err := l.artifacts.ArtifactPath(a)
	if err == nil {
		err = l.open(path)
	}
	if err != nil {
		dialog.ShowError(l.window, lang.L("The artifact can't be opened"), err)
	}
}

func (l *artifactList) openFolder(a runs.Artifact) {
	path, err := l.artifacts.ArtifactPath(a)
	if err == nil {
		err = l.open(filepath.Dir(path))
	}
	if err != nil {
		dialog.ShowError(l.window, lang.L("The folder can't be opened"), err)
	}
}

func (l *artifactList) saveOne(a runs.Artifact) {
	l.save(a.Name, func(path string) {
		l.saving(1, func(ctx context.Context) (int, error) { return 1, l.artifacts.SaveArtifact(ctx, a, path) })
	})
}

func (l *artifactList) saveAll() {
	list := keptOf(l.table.Rows())
	l.saveFolder(func(folder string) {
		l.saving(len(list), func(ctx context.Context) (int, error) {
			saved, err := l.artifacts.SaveArtifacts(ctx, list, folder, false)
			return len(saved), err
		})
	})
}

// saving saves in the background and says so.
func (l *artifactList) saving(n int, save func(ctx context.Context) (int, error)) {
	l.note.SetText(plural.N("Saving {{.Count}} artifact…", "Saving {{.Count}} artifacts…", n))
	async.Load(&l.work, save, func(n int, err error) {
		l.note.SetText("")
		if err != nil {
			dialog.ShowError(l.window, lang.L("The artifact can't be saved"), err)
			return
		}
		l.note.SetText(plural.N("{{.Count}} artifact was saved.", "{{.Count}} artifacts were saved.", n))
	})
}
