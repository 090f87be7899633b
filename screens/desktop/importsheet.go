package desktop

import (
	"context"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// importRead is what was read of the files of an import.
type importRead struct {
	imports []*projects.Import
	skipped []string // files that are nothing of Octopus
}

func (r importRead) octopus() []*projects.Import {
	return slices.DeleteFunc(slices.Clone(r.imports), func(imp *projects.Import) bool { return imp.Octopus == nil })
}

// importDeps are what the sheet needs of the window and the computer.
type importDeps struct {
	window   fyne.Window
	projects []string        // names
	accounts []model.Account // that can take the places of Octopus's

	read  func(context.Context, projects.OctopusOptions) (importRead, error)
	apply func([]*projects.Import)
}

// importSheet shows the report of an import from Octopus before anything is saved, and asks for what the export does not decide: the
// project's name, the accounts, and values. The report is always that of the choices, so another choice reads the files again.
type importSheet struct {
	importDeps
	importRead
	options projects.OctopusOptions // with which they were read
	task    async.Task

	dialog  *dialog.Dialog
	keys    *control.Keys
	choices *importChoices
	values  *importValues
	others  *otherValues
	problem *feedback.Banner
	lower   *fyne.Container // what depends on the choices
	report  *widget.Label
	titles  []string // of the groups of values
}

func newImportSheet(deps importDeps, read importRead) *importSheet {
	s := &importSheet{importDeps: deps, keys: &control.Keys{}, problem: feedback.NewBanner(), lower: container.NewVBox()}
	s.report = widget.NewLabel("")
	s.report.Wrapping = fyne.TextWrapWord
	content := container.NewVBox()
	s.values, s.others = newImportValues(s.keys), newOtherValues(s.keys, func() []string { return givable(s.octopus()) })
	if octopus := read.octopus(); len(octopus) > 0 {
		s.choices = newImportChoices(s.keys, deps, octopus, s.look)
		content.Add(s.choices.content)
		content.Add(widget.NewSeparator())
	}
	content.Add(s.problem.Content())
	content.Add(s.lower)
	s.dialog = &dialog.Dialog{
		Title: importTitle(read), Content: focus.Scroll(content), Keys: s.keys, Confirm: lang.L("Import"),
		Danger: removes(read.imports), Size: fyne.NewSize(720, 640), OnConfirm: s.confirm, OnClosed: s.task.Cancel,
		Dirty: func() bool { return s.values.filled() || s.others.filled() || s.choices.filled() },
	}
	s.arrange(read)
	return s
}

func importTitle(read importRead) string {
	if len(read.octopus()) > 0 {
		return lang.L("Import from Octopus")
	}
	return lang.L("Import {{.Count}} projects", map[string]any{"Count": len(read.imports)})
}

func removes(imports []*projects.Import) bool {
	return slices.ContainsFunc(imports, func(imp *projects.Import) bool { return len(imp.Removed) > 0 })
}

// arrange shows what was read.
func (s *importSheet) arrange(read importRead) {
	s.importRead, s.titles = read, nil
	if s.choices != nil {
		s.choices.update(read.octopus())
	}
	s.report.SetText(reportText(read.imports, read.skipped))
	s.lower.Objects = nil
	server, undefined := s.values.fields(read.octopus())
	s.group(lang.L("Only an Octopus server knows these values. Leave one empty, and runs ask for it."), server)
	s.group(lang.L("Nothing in the export defines these names. Leave one empty, and runs ask for it."), undefined)
	if len(read.octopus()) > 0 {
		s.lower.Add(s.others.content)
		s.lower.Add(widget.NewSeparator())
	}
	s.lower.Add(s.report)
	s.lower.Refresh()
}

// group adds fields below what they have in common.
func (s *importSheet) group(title string, fields []*form.Field) {
	if len(fields) == 0 {
		return
	}
	hint := widget.NewLabel(title)
	hint.Wrapping = fyne.TextWrapWord
	s.lower.Add(hint)
	s.lower.Add(form.Rows(fields...))
	s.lower.Add(widget.NewSeparator())
	s.titles = append(s.titles, title)
}

func (s *importSheet) show() { s.dialog.Show(s.window) }

// chosen returns the choices as they stand.
func (s *importSheet) chosen() projects.OctopusOptions {
	if s.choices == nil {
		return projects.OctopusOptions{}
	}
	return s.choices.options()
}

// isRead reports whether the report is that of the choices.
func (s *importSheet) isRead() bool {
	o := s.chosen()
	return o.Project == s.options.Project && o.Account == s.options.Account && maps.Equal(o.Instead, s.options.Instead)
}

// look reads the files again if the choices are others than those of the report.
func (s *importSheet) look() {
	if s.isRead() && !s.task.Busy() {
		s.problem.Hide()
		return
	}
	o := s.chosen()
	s.dialog.SetBusy(true)
	async.Load(&s.task, func(ctx context.Context) (importRead, error) { return s.read(ctx, o) }, func(read importRead, err error) {
		s.dialog.SetBusy(false)
		if err != nil {
			s.problem.Show(err.Error(), display.Bad)
			return
		}
		s.options = o
		s.problem.Hide()
		s.arrange(read)
		s.dialog.SetDanger(removes(read.imports))
	})
}

// confirm imports what the report says. If a choice is newer than the report, it shows that of the choice instead.
func (s *importSheet) confirm() {
	if s.task.Busy() {
		return
	}
	if !s.isRead() {
		s.look()
		return
	}
	if err := s.give(); err != nil {
		s.problem.Show(err.Error(), display.Bad)
		return
	}
	s.dialog.Close()
	s.apply(s.imports)
}

// give gives the variables the values that were typed.
func (s *importSheet) give() error {
	for _, g := range append(s.values.given(), s.others.given()...) {
		found := false
		for _, imp := range s.octopus() {
			isOne, err := imp.Give(g.Name, g.Value.Reveal())
			if err != nil {
				return err
			}
			found = found || isOne
		}
		if !found {
			return model.NewError("import.octopus.given", "The import has no variable %q. The report lists those that it has.", g.Name)
		}
	}
	return nil
}
