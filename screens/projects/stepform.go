package projects

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// StepForm edits one step. An incomplete step can be saved, unless its name is missing or taken, but not run.
type StepForm struct {
	pageDeps
	step model.Step // as stored; without an id if it is new
	form *form.Form

	name    *control.Entry
	enabled *control.Check
	aws     *awsSection
	script  *scriptSection
	options *optionsSection
	values  *valuesSection
	envVars *envVars

	problems *widget.Label
	result   *feedback.Banner
	warning  *feedback.Banner
	sections []*form.Section
	scroll   *container.Scroll
	content  fyne.CanvasObject

	preview *preview
	edits   int         // so far
	pause   *time.Timer // before the search for keys
	saving  bool
}

func newStepForm(deps pageDeps, s model.Step) *StepForm {
	f := &StepForm{pageDeps: deps, step: s, form: form.New(), result: feedback.NewBanner(), warning: feedback.NewBanner()}
	k := f.form.Keys
	k.Escape = f.leaveStep
	k.Enter = func() { f.Save(nil) }
	f.name, f.enabled = control.NewEntry(k), control.NewCheck(k, lang.L("enabled"))
	f.name.SetPlaceHolder(lang.L("What the step does"))
	basics := form.Rows(f.form.Add("name", lang.L("Step name"), "", f.name), f.form.Add("enabled", "", "", f.enabled))
	f.aws = newAWSSection(f.awsDeps())
	f.script = newScriptSection(f.scriptDeps())
	f.values = newValuesSection(f.form, f.varFormDeps)
	f.envVars = newEnvVars(f.form, f.Window,
		lang.L("The script gets these besides those of the project, which they override."), f.scope)
	f.options = newOptionsSection(f.form)
	column := container.NewVBox(
		f.passWheel(basics),
		f.section(lang.L("AWS"), true, f.passWheel(f.aws.content), f.aws.summary), widget.NewSeparator(),
		f.section(lang.L("Script"), true, f.script.content, f.script.summary), widget.NewSeparator(),
		f.section(lang.L("Values"), len(s.Values) > 0, f.passWheel(f.values.content), f.values.summary), widget.NewSeparator(),
		f.section(lang.L("Environment variables"), len(s.EnvVars) > 0, f.passWheel(f.envVars.content), f.envVars.summary),
		widget.NewSeparator(),
		f.section(lang.L("Options"), false, f.passWheel(f.options.content), f.options.summary),
	)
	f.scroll = focus.Scroll(container.New(layout.NewCustomPaddedLayout(4, 12, 8, 18), column))
	f.content = container.NewBorder(f.header(), f.footer(), nil, nil, f.scroll)
	f.form.Check = f.check
	f.form.OnChanged = f.changed
	f.fill(s)
	f.aws.findProof(s)
	return f
}

// awsDeps returns the needs of the AWS section.
func (f *StepForm) awsDeps() awsDeps {
	return awsDeps{
		form: f.form, lib: f.lib, newAccount: f.newAccount, history: f.Store.Runs, stored: f.stored, edited: f.project,
		values: func() []model.Variable { return f.values.variables() }, scope: f.scope,
	}
}

func (f *StepForm) section(title string, open bool, content fyne.CanvasObject, summary func() string) fyne.CanvasObject {
	s := form.NewSection(f.form.Keys, title, open, content)
	s.Summary = summary
	f.sections = append(f.sections, s)
	return s.Content()
}

func (f *StepForm) header() fyne.CanvasObject {
	back := control.NewButton(f.form.Keys, lang.L("Process"), f.leaveStep).Quiet()
	back.SetIcon(fynetheme.NavigateBackIcon())
	title := widget.NewLabelWithStyle(lang.L("Run an AWS CLI Script"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	return container.NewVBox(container.NewHBox(back, title), widget.NewSeparator())
}

func (f *StepForm) footer() fyne.CanvasObject {
	k := f.form.Keys
	f.problems = widget.NewLabel("")
	f.problems.Truncation = fyne.TextTruncateEllipsis
	buttons := container.NewHBox(control.NewButton(k, lang.L("Preview"), f.Preview),
		control.NewButton(k, lang.L("Save"), func() { f.Save(nil) }))
	if f.Run != nil {
		run := control.NewButton(k, lang.L("Save and run"), f.SaveAndRun).Important()
		run.SetIcon(fynetheme.MediaPlayIcon())
		buttons.Add(run)
	}
	return container.NewVBox(f.warning.Content(), f.result.Content(), widget.NewSeparator(),
		container.New(layout.NewCustomPaddedLayout(2, 4, 0, 8), container.NewBorder(nil, nil, nil, buttons, f.problems)))
}

// fill writes a step into the fields.
func (f *StepForm) fill(s model.Step) {
	f.step = s
	f.form.Fill(func() {
		f.name.SetText(s.Name)
		f.enabled.SetChecked(s.Enabled)
		f.aws.fill(s.AWS)
		f.script.fill(s.Script)
		f.options.fill(s.Options)
		f.values.fill(s.Values)
		f.envVars.fill(s.EnvVars)
	})
	f.update()
}

// Step returns the step as the fields describe it.
func (f *StepForm) Step() model.Step {
	s := f.step
	s.Name = strings.TrimSpace(f.name.Text)
	s.Enabled = f.enabled.Checked
	f.aws.read(&s.AWS)
	f.script.read(&s.Script)
	f.options.read(&s.Options)
	s.Values, s.EnvVars = f.values.variables(), f.envVars.variables()
	return s
}

// project returns the project with the edits of the form.
func (f *StepForm) project() model.Project {
	p := f.stored()
	p.Variables = slices.Clone(p.Variables)
	p.Steps = slices.Clone(p.Steps)
	if v := f.aws.pending(); v != nil {
		p.Variables = append(p.Variables, *v)
	}
	s := f.Step()
	if i := stepByID(&p, s.ID); i >= 0 {
		p.Steps[i] = s
	} else {
		p.Steps = append(p.Steps, s)
	}
	return p
}

func (f *StepForm) scope() scope {
	p := f.project()
	s := newScope(p.Variables, typed(f.values.list), f.environment())
	s.earlier = len(p.Steps) > 0 && p.Steps[0].ID != f.step.ID
	return s
}

func (f *StepForm) check() []form.Problem {
	s := f.Step()
	var list []form.Problem
	for _, p := range s.Check() {
		list = append(list, form.Problem(p))
	}
	for _, other := range f.stored().Steps {
		if other.ID != s.ID && model.NameKey(other.Name) == model.NameKey(s.Name) {
			err := model.NewError("step.name.twice", "Another step is called %q. Choose another name.", other.Name)
			list = append(list, form.Problem{Field: "name", Err: err})
		}
	}
	list = f.script.arguments.named(list)
	return f.script.further.problems(append(append(list, f.aws.check()...), f.options.check()...))
}

func (f *StepForm) changed() {
	f.result.Hide()
	f.update()
}

// update updates the notes, summaries and warnings.
func (f *StepForm) update() {
	f.aws.update()
	f.script.update()
	f.options.update()
	for _, s := range f.sections {
		if !s.Open() {
			s.Refresh()
		}
	}
	f.showProblems()
	f.searchKeys()
}

// showProblems lists the fields with problems beside the buttons.
func (f *StepForm) showProblems() {
	labels := f.problemLabels()
	text := ""
	f.problems.Importance = widget.LowImportance
	switch {
	case len(labels) > 0:
		text = plural.N("{{.Count}} problem:", "{{.Count}} problems:", len(labels)) + " " + strings.Join(labels, " · ")
		f.problems.Importance = widget.WarningImportance
	case f.form.Dirty():
		text = lang.L("Not saved yet")
	}
	if f.problems.Text != text {
		f.problems.SetText(text)
	}
}

// problemLabels returns the labels of the fields with problems.
func (f *StepForm) problemLabels() (labels []string) {
	for _, p := range f.form.Problems() {
		label := p.Field
		for _, path := range f.form.Paths() {
			if p.Field == path || strings.HasPrefix(p.Field, path+"[") {
				label = f.form.Field(path).Label
			}
		}
		if !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return labels
}

// passWheel makes the mouse wheel scroll the form while it is over part.
func (f *StepForm) passWheel(part fyne.CanvasObject) *fyne.Container {
	return form.PassWheel(part, f.scroller)
}

// edition returns the PowerShell that the step asks for.
func (f *StepForm) edition() model.Edition {
	if f.options == nil { // the sections above it are made first
		return model.EditionAuto
	}
	o := model.DefaultOptions()
	f.options.read(&o)
	return o.Edition
}

func (f *StepForm) scroller() *container.Scroll { return f.scroll }

// Dirty reports whether there are unsaved edits.
func (f *StepForm) Dirty() bool { return f.form.Dirty() }

// focus scrolls to a field and moves the focus to it.
func (f *StepForm) focus(field *form.Field) {
	for _, s := range f.sections {
		if !s.Open() {
			s.SetOpen(true)
		}
	}
	field.Focus(f.Window.Canvas())
}

// Preview shows what a run of the step would do with the current edits.
func (f *StepForm) Preview() {
	deps := previewDeps{window: f.Window, fonts: f.Fonts, planner: f.Planner, lib: f.lib}
	f.preview = showPreview(deps, f.project(), f.environment(), f.Step().Name)
}

// libraryChanged updates the form after a change of accounts, packages, variables or the stored step.
func (f *StepForm) libraryChanged() {
	f.storedChanged()
	f.script.libraryChanged()
	f.update()
}

func (f *StepForm) showError(err error) { f.result.Show(err.Error(), display.Bad) }

func (f *StepForm) environmentChanged() { f.update() }

func (f *StepForm) close() {
	f.edits++
	f.pause.Stop()
	f.aws.close()
	f.script.close()
}

// Dropped loads a script, chooses a folder, or imports a package. It reports whether it accepts paths.
func (f *StepForm) Dropped(paths []string) bool { return f.script.dropped(paths) }

func (f *StepForm) openFind() { f.script.openFind() }

// stepByID returns the index of a step, or -1.
func stepByID(p *model.Project, id model.ID) int {
	return slices.IndexFunc(p.Steps, func(s model.Step) bool { return s.ID == id && id != "" })
}
