package projects

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// StepForm edits one step. Saving always works, but for a name that is missing or taken; running names what is missing.
type StepForm struct {
	of   *project
	step model.Step // as it is stored; without id: new
	form *form.Form

	name    *control.Entry
	enabled *control.Check
	aws     *awsSection
	script  *scriptSection
	options *optionsSection
	values  *valuesSection

	mend    *widget.Label
	result  *feedback.Banner
	warning *feedback.Banner
	save    *control.Button
	run     *control.Button
	look    *control.Button
	folds   []*form.Section
	scroll  *container.Scroll
	content fyne.CanvasObject

	preview *preview
	turn    int         // of the search for keys
	pause   *time.Timer // before it
	saving  bool
}

func newStepForm(o *project, s model.Step) *StepForm {
	f := &StepForm{of: o, step: s, form: form.New(), result: feedback.NewBanner(), warning: feedback.NewBanner()}
	k := f.form.Keys
	f.name, f.enabled = control.NewEntry(k), control.NewCheck(k, lang.L("enabled"))
	f.name.SetPlaceHolder(lang.L("What the step does"))
	k.Escape = o.leaveStep
	k.Enter = func() { f.Save(nil) }

	nameField := f.form.Add("name", lang.L("Step name"), "", f.name)
	enabledField := f.form.Add("enabled", "", "", f.enabled)
	f.aws = newAWSSection(f)
	f.script = newScriptSection(f)
	f.values = newValuesSection(f)
	f.options = newOptionsSection(f)

	back := control.NewButton(k, lang.L("Process"), o.leaveStep).Quiet()
	back.SetIcon(fynetheme.NavigateBackIcon())
	title := widget.NewLabelWithStyle(lang.L("Run an AWS CLI Script"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	head := container.NewVBox(container.NewHBox(back, title), widget.NewSeparator())

	fold := func(title string, open bool, content fyne.CanvasObject, summary func() string) *form.Section {
		fo := form.NewSection(k, title, open, content)
		fo.Summary = summary
		f.folds = append(f.folds, fo)
		return fo
	}
	column := container.NewVBox(
		f.rolls(form.Rows(nameField, enabledField)),
		fold(lang.L("AWS"), true, f.rolls(f.aws.content), f.aws.summary).Content(), widget.NewSeparator(),
		fold(lang.L("Script"), true, f.script.content, f.script.summary).Content(), widget.NewSeparator(),
		fold(lang.L("Values"), len(s.Values) > 0, f.rolls(f.values.content), f.values.summary).Content(), widget.NewSeparator(),
		fold(lang.L("Options"), false, f.rolls(f.options.content), f.options.summary).Content(),
	)
	f.scroll = focus.Scroll(container.New(layout.NewCustomPaddedLayout(4, 12, 8, 18), column))

	f.mend = widget.NewLabel("")
	f.mend.Truncation = fyne.TextTruncateEllipsis
	f.look = control.NewButton(k, lang.L("Preview"), f.Preview)
	f.save = control.NewButton(k, lang.L("Save"), func() { f.Save(nil) })
	f.run = control.NewButton(k, lang.L("Save and run"), f.SaveAndRun).Important()
	f.run.SetIcon(fynetheme.MediaPlayIcon())
	buttons := container.NewHBox(f.look, f.save)
	if o.place.deps.Run != nil {
		buttons.Add(f.run)
	}
	foot := container.NewVBox(f.warning.Content(), f.result.Content(), widget.NewSeparator(),
		container.New(layout.NewCustomPaddedLayout(2, 4, 0, 8), container.NewBorder(nil, nil, nil, buttons, f.mend)))
	f.content = container.NewBorder(head, foot, nil, nil, f.scroll)

	f.form.Check = f.check
	f.form.OnChanged = f.changed
	f.fill(s)
	f.aws.learn()
	return f
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
	})
	f.shown()
}

// Step gives what the fields say.
func (f *StepForm) Step() model.Step {
	s := f.step
	s.Name = strings.TrimSpace(f.name.Text)
	s.Enabled = f.enabled.Checked
	f.aws.read(&s.AWS)
	f.script.read(&s.Script)
	f.options.read(&s.Options)
	s.Values = f.values.variables()
	return s
}

// project is the project as it would be with what the fields say.
func (f *StepForm) project() model.Project {
	p := f.of.project
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
	s := newScope(p.Variables, typed(f.values.list), f.of.place.environment)
	s.earlier = len(p.Steps) > 0 && p.Steps[0].ID != f.step.ID
	return s
}

func (f *StepForm) check() []form.Problem {
	s := f.Step()
	var list []form.Problem
	for _, p := range s.Check() {
		list = append(list, form.Problem(p))
	}
	for _, other := range f.of.project.Steps {
		if other.ID != s.ID && model.NameKey(other.Name) == model.NameKey(s.Name) {
			list = append(list, form.Problem{Field: "name", Err: model.NewError("step.name.twice", "Another step is called %q. Choose another name.", other.Name)})
		}
	}
	return append(append(list, f.aws.check()...), f.options.check()...)
}

// changed hears every edit.
func (f *StepForm) changed() {
	f.result.Hide()
	f.shown()
}

// shown renews what follows from the fields.
func (f *StepForm) shown() {
	f.aws.shown()
	f.script.shown()
	f.options.shown()
	for _, fo := range f.folds {
		if !fo.Open() {
			fo.Refresh()
		}
	}
	f.showMend()
	f.searchKeys()
}

func (f *StepForm) showMend() {
	var labels []string
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
	text := ""
	f.mend.Importance = widget.LowImportance
	switch n := len(labels); {
	case n == 1:
		text = lang.L("1 thing to mend:") + " " + labels[0]
		f.mend.Importance = widget.WarningImportance
	case n > 1:
		text = fmt.Sprintf(lang.L("%d things to mend:"), n) + " " + strings.Join(labels, " · ")
		f.mend.Importance = widget.WarningImportance
	case f.form.Dirty():
		text = lang.L("Not saved yet")
	}
	if f.mend.Text != text {
		f.mend.SetText(text)
	}
}

// rolls lets the wheel move the form over a part of it.
func (f *StepForm) rolls(part fyne.CanvasObject) *fyne.Container {
	return form.PassWheel(part, f.scroller)
}

func (f *StepForm) scroller() *container.Scroll { return f.scroll }

// Dirty reports whether there are edits that are not saved.
func (f *StepForm) Dirty() bool { return f.form.Dirty() }

// Save saves the step and calls then. What can't be kept is said at its field, and nothing typed is lost.
func (f *StepForm) Save(then func()) {
	if f.saving {
		return
	}
	f.form.Settle()
	f.form.Left("name")
	if field := f.form.Field("name"); field.Err() != nil {
		f.result.Show(field.Err().Error(), display.Bad)
		f.focus(field)
		return
	}
	s, pending, values := f.Step(), f.aws.pending(), f.values.list
	wasNew := s.ID == ""
	f.saving = true
	f.of.save(projects.Change{
		Apply: func(p *model.Project) error {
			if pending != nil && !hasVariable(*p, pending.Name) {
				p.Variables = append(p.Variables, *pending)
			}
			if i := stepByID(p, s.ID); i >= 0 {
				s.Pinned = p.Steps[i].Pinned // changed elsewhere
				p.Steps[i] = s
			} else {
				p.Steps = append(p.Steps, s)
			}
			return nil
		},
		Secrets: typedSecrets(s.Name, values),
		Done: func(p model.Project, err error) {
			f.saving = false
			if err != nil {
				f.result.Show(err.Error(), display.Bad)
				return
			}
			saved, at := p.Step(s.Name)
			if at < 0 {
				return
			}
			f.kept(s, saved)
			if wasNew {
				f.of.process.table.Select(func(r stepRow) bool { return r.ID == saved.ID })
			}
			f.result.Show(lang.L("Saved."), display.Good)
			if then != nil {
				then()
			}
		},
	})
}

// kept takes what was stored of sent. What was typed since then stays, and stays to be saved.
func (f *StepForm) kept(sent, saved model.Step) {
	now := f.Step()
	f.step = saved
	now.ID, now.Pinned = sent.ID, sent.Pinned
	if reflect.DeepEqual(now, sent) {
		f.values.fill(saved.Values)
		f.aws.saved()
		f.form.Saved()
	}
	f.shown()
}

func hasVariable(p model.Project, name string) bool {
	return slices.ContainsFunc(p.Variables, func(v model.Variable) bool { return model.NameKey(v.Name) == model.NameKey(name) })
}

// SaveAndRun saves and runs this step, or says what keeps it from running.
func (f *StepForm) SaveAndRun() {
	f.Save(func() {
		if field := f.form.ShowAll(); field != nil || len(f.form.Problems()) > 0 {
			f.result.Show(lang.L("Saved, but it can't be run yet.")+" "+f.mend.Text, display.Caution)
			if field != nil {
				f.focus(field)
			}
			return
		}
		f.of.place.deps.Run(f.of.project.Name, f.of.place.environment, []string{f.step.Name})
	})
}

// focus shows a field and puts the keyboard into it.
func (f *StepForm) focus(field *form.Field) {
	for _, fo := range f.folds {
		if !fo.Open() {
			fo.SetOpen(true)
		}
	}
	field.Focus(f.of.place.deps.Window.Canvas())
}

// Preview shows what a run of the step would do, with what the fields say now.
func (f *StepForm) Preview() {
	f.preview = showPreview(f.of.place, f.project(), f.Step().Name)
}

// searchKeys looks for text that looks like a key, once the person pauses.
func (f *StepForm) searchKeys() {
	f.turn++
	turn := f.turn
	if f.pause != nil {
		f.pause.Stop()
	}
	const pause = 400 * time.Millisecond
	f.pause = time.AfterFunc(pause, func() {
		fyne.Do(func() {
			if turn == f.turn {
				f.warnOfKeys()
			}
		})
	})
}

func (f *StepForm) warnOfKeys() {
	if f.script.source.Value() != string(model.SourceInline) {
		f.warning.Hide()
		return
	}
	found := leaks(f.script.editor.Text())
	f.script.mark(found)
	if len(found) == 0 {
		f.warning.Hide()
		return
	}
	first := found[0]
	text := fmt.Sprintf(lang.L("Line %d holds what looks like a secret key. Everybody who sees the project can read it."), first.Line)
	if first.Key {
		text = fmt.Sprintf(lang.L("Line %d holds an access key. A step gets its keys from its AWS account; a script need not hold any."), first.Line)
	}
	move := control.NewButton(f.form.Keys, lang.L("Move to a Sensitive variable"), func() { f.moveKey(first) })
	f.warning.Show(text, display.Caution, move)
}

// moveKey makes a sensitive variable of what looks like a key, and names it in the script instead.
func (f *StepForm) moveKey(l leak) {
	name := "aws.secretKey"
	if l.Key {
		name = "aws.accessKey"
	}
	name = model.FreeName(name, func(n string) bool { return hasVariable(f.of.project, n) })
	moved := model.Variable{Name: name, Type: model.TypeSensitive}
	f.of.save(projects.Change{
		Apply: func(p *model.Project) error {
			p.Variables = append(p.Variables, moved)
			return nil
		},
		Secrets: []model.ValueSecret{{Key: moved.Key(), Value: l.Text}},
		Done: func(_ model.Project, err error) {
			if err != nil {
				f.result.Show(err.Error(), display.Bad)
				return
			}
			f.script.editor.SetText(strings.ReplaceAll(f.script.editor.Text(), l.Text, "#{"+name+"}"))
			f.form.Changed()
			f.result.Show(quoted(lang.L("The key is kept in the vault as the sensitive variable %q; the script names it."), name), display.Good)
			f.warnOfKeys()
		},
	})
}

// libraryChanged hears that accounts, packages or variables are others now.
func (f *StepForm) libraryChanged() {
	f.script.libraryChanged()
	f.shown()
}

func (f *StepForm) environmentChanged() { f.shown() }

func (f *StepForm) close() {
	f.turn++
	f.pause.Stop()
	f.aws.looking.Cancel()
	f.script.close()
}

// Dropped takes a script file as the text, or a package into the library.
func (f *StepForm) Dropped(paths []string) bool { return f.script.dropped(paths) }

func (f *StepForm) openFind() { f.script.openFind() }

// stepByID finds a step's place, or -1.
func stepByID(p *model.Project, id model.ID) int {
	return slices.IndexFunc(p.Steps, func(s model.Step) bool { return s.ID == id && id != "" })
}
