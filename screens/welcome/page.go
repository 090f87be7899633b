package welcome

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/region"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// page has everything that a script or package needs to run: the script, the account, the region, and the names to save it under.
type page struct {
	place   *Place
	stage   *feedback.LoadState
	content fyne.CanvasObject
	load    async.Task
	look    async.Task // reads the chosen project
	work    async.Task

	waiting string // a file that was dropped before the page was loaded
	known   known
	built   bool

	form    *form.Form
	title   *widget.Label
	script  *scriptPart
	account *accountPart
	region  *control.Combo
	project *control.Combo
	step    *control.Entry
	scroll  *container.Scroll
	result  *feedback.Banner
	summary *widget.Label
	buttons []*control.Button

	stepNames []string // of the chosen project, if it exists
	stepWish  string   // the name from the file; empty once the person has entered one
	suggested string   // stepWish made unique in the project
}

// known is what exists already.
type known struct {
	accounts []model.Account
	projects []model.ProjectInfo
}

func newPage(p *Place) *page {
	g := &page{place: p, stage: feedback.NewLoadState()}
	g.content = g.stage.Content()
	return g
}

func (g *page) reload() {
	async.Load(&g.load, func(ctx context.Context) (k known, err error) {
		if k.accounts, err = g.place.deps.Accounts.Accounts(ctx); err != nil {
			return k, err
		}
		k.projects, err = g.place.deps.Projects.Projects(ctx)
		return k, err
	}, func(k known, err error) {
		if err != nil {
			g.stage.Error(err, func() { g.stage.Loading(); g.reload() })
			return
		}
		g.known = k
		if !g.built {
			g.build()
		}
		g.lookAtProject()
		if g.waiting != "" {
			g.take(g.waiting)
		}
	})
}

func (g *page) build() {
	g.built = true
	f := form.New()
	k := f.Keys
	g.form = f
	k.Escape = func() { g.place.Leave(g.place.close) }
	g.result = feedback.NewBanner()
	g.script, g.account = newScriptPart(g), newAccountPart(g)
	g.region = region.NewPicker(k)
	g.project, g.step = control.NewCombo(k, g.projectItems), control.NewEntry(k)

	g.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	g.title.SizeName, g.title.Truncation = fynetheme.SizeNameSubHeadingText, fyne.TextTruncateEllipsis
	back := control.NewButton(k, lang.L("Back"), func() { g.place.Leave(g.place.close) }).Quiet()
	back.SetIcon(fynetheme.NavigateBackIcon())

	where := f.Add("aws.region", lang.L("Region"), "", g.region)
	project := f.Add("project", lang.L("Project"), "", g.project)
	step := f.Add("name", lang.L("Step"), "", g.step)
	saved := container.NewVBox(project.Row(), step.Row(), g.account.nameRow())
	column := container.NewVBox(
		section("1", lang.L("Script"), g.script.content),
		g.rolls(section("2", lang.L("Account"), g.account.content)),
		g.rolls(section("3", lang.L("Region"), where.Row())),
		g.rolls(section("4", lang.L("Saved as"), saved)),
	)
	g.scroll = focus.Scroll(container.New(layout.NewCustomPaddedLayout(2, 8, 0, 16), column))

	save := control.NewButton(k, lang.L("Save"), func() { g.save(false) })
	run := control.NewButton(k, lang.L("Save and run"), func() { g.save(true) }).Important()
	run.SetIcon(fynetheme.MediaPlayIcon())
	g.buttons = []*control.Button{save, run}
	k.Enter = func() { g.save(true) }
	g.summary = widget.NewLabel("")
	g.summary.Importance, g.summary.Wrapping = widget.LowImportance, fyne.TextWrapWord
	buttons := container.NewCenter(container.NewHBox(save, run))
	foot := container.NewVBox(g.result.Content(), container.NewBorder(nil, nil, nil, buttons, g.summary))
	all := container.NewBorder(container.NewBorder(nil, nil, back, nil, g.title), foot, nil, nil, g.scroll)

	f.Check = g.check
	f.OnChanged = func() {
		if g.script.failed == nil {
			g.result.Hide() // it is about the old values
		}
		g.shown()
	}
	f.Fill(func() {
		g.account.fill()
		g.project.SetText(defaultProject)
		g.region.SetText(g.account.region())
	})
	g.step.OnChanged = chain(g.step.OnChanged, func(text string) {
		if text != g.suggested {
			g.stepWish = "" // the person has entered a name
		}
	})
	g.project.OnChanged = chain(g.project.OnChanged, func(string) { g.lookAtProject() })
	g.stage.Show(all)
	g.shown()
}

// rolls wraps a part of the page, so that the mouse wheel over its fields scrolls the page.
func (g *page) rolls(part fyne.CanvasObject) fyne.CanvasObject {
	return form.PassWheel(part, func() *container.Scroll { return g.scroll })
}

func chain(first, then func(string)) func(string) {
	return func(text string) {
		if first != nil {
			first(text)
		}
		then(text)
	}
}

// defaultProject is the suggested project for dropped scripts.
const defaultProject = "My scripts"

// section returns a card with a number and a heading.
func section(number, title string, content fyne.CanvasObject) fyne.CanvasObject {
	name := widget.NewLabelWithStyle(title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	head := container.NewHBox(display.NewBadge(number, display.Neutral), name)
	return display.Card(container.New(layout.NewCustomPaddedLayout(2, 6, 8, 8), container.NewVBox(container.NewHBox(head), content)))
}

// take puts a file on the page. The other fields keep their values.
func (g *page) take(path string) {
	if !g.built {
		g.waiting = path
		return
	}
	g.waiting = ""
	name := filepath.Base(path)
	g.title.SetText(name)
	g.result.Hide()
	if isScript(path) {
		g.script.load(path)
	} else {
		g.script.imported(path)
	}
}

// suggest suggests a name for the step, unless the person has entered one.
func (g *page) suggest(file string) {
	base := filepath.Base(filepath.FromSlash(file))
	base = strings.TrimSpace(strings.TrimSuffix(base, filepath.Ext(base)))
	if base == "" || g.suggested != strings.TrimSpace(g.step.Text) {
		return
	}
	g.stepWish = base
	g.nameStep()
}

// nameStep fills in the suggested name, made unique in the project.
func (g *page) nameStep() {
	if g.stepWish == "" {
		return
	}
	g.suggested = model.FreeName(g.stepWish, g.stepTaken)
	g.form.Quietly(func() { g.step.SetText(g.suggested) })
	g.shown()
}

func (g *page) stepTaken(name string) bool {
	return slices.ContainsFunc(g.stepNames, func(s string) bool { return model.NameKey(s) == model.NameKey(name) })
}

// existing returns the project with the entered name, if there is one.
func (g *page) existing() (model.ProjectInfo, bool) {
	key := model.NameKey(g.project.Text)
	i := slices.IndexFunc(g.known.projects, func(p model.ProjectInfo) bool { return model.NameKey(p.Name) == key })
	if i < 0 {
		return model.ProjectInfo{}, false
	}
	return g.known.projects[i], true
}

// lookAtProject reads the steps of the chosen project.
func (g *page) lookAtProject() {
	info, exists := g.existing()
	if !exists {
		g.look.Cancel()
		g.stepNames = nil
		g.nameStep()
		g.shown()
		return
	}
	async.Load(&g.look, func(ctx context.Context) (model.Project, error) {
		return g.place.deps.Projects.Project(ctx, info.Name)
	}, func(p model.Project, err error) {
		g.stepNames = nil
		if err == nil { // saving reports the error
			for _, s := range p.Steps {
				g.stepNames = append(g.stepNames, s.Name)
			}
		}
		g.nameStep()
		g.form.Validate()
		g.shown()
	})
}

func (g *page) projectItems() []control.Item {
	var items []control.Item
	for _, p := range g.known.projects {
		steps := plural.N("{{.Count}} step", "{{.Count}} steps", p.Steps)
		items = append(items, control.Item{Value: p.Name, Title: p.Name, Detail: steps})
	}
	return items
}

// wanted returns what the page describes.
func (g *page) wanted() projects.StepRequest {
	s := model.NewStep(strings.TrimSpace(g.step.Text))
	s.AWS.Account, s.AWS.Region = model.AccountVariable, strings.TrimSpace(g.region.Text)
	g.script.read(&s.Script)
	a, secrets := g.account.wanted()
	return projects.StepRequest{Account: a, Secrets: secrets, Project: strings.TrimSpace(g.project.Text), Step: s}
}

func (g *page) check() []form.Problem {
	b := g.wanted()
	list := g.script.problems()
	for _, p := range b.Step.Check() {
		list = append(list, form.Problem(p))
	}
	list = append(list, g.account.problems(b)...)
	if err := model.CheckName("project", b.Project); err != nil {
		list = append(list, form.Problem{Field: "project", Err: err})
	}
	if g.stepTaken(b.Step.Name) {
		list = append(list, form.Problem{Field: "name", Err: model.NewError("step.name.twice",
			"The project already has a step %q. Call this one %q, or choose another project.",
			b.Step.Name, model.FreeName(b.Step.Name, g.stepTaken))})
	}
	return list
}

// shown updates the notes and the summary of what saving will create.
func (g *page) shown() {
	if g.summary == nil {
		return
	}
	g.account.shown()
	b := g.wanted()
	g.form.Field("aws.region").SetNote(model.RegionPlace(g.region.Text), false)
	info, exists := g.existing()
	note := ""
	if exists {
		note = plural.N("An existing project with {{.Count}} step. The step is added to it.",
			"An existing project with {{.Count}} steps. The step is added to it.", info.Steps)
	}
	g.form.Field("project").SetNote(note, false)
	g.summary.SetText(willMake(b, exists))
}

// willMake says what saving will create.
func willMake(b projects.StepRequest, exists bool) string {
	name := map[string]any{"Project": b.Project, "Step": b.Step.Name, "Account": b.Account.Name}
	isNew := b.Account.ID == "" && b.Account.Kind == model.KindAccessKey
	switch {
	case b.Step.Name == "" || b.Project == "" || isNew && b.Account.Name == "":
		return ""
	case isNew && exists:
		return lang.L("Creates the account “{{.Account}}”, a variable for it and the step “{{.Step}}” in the project “{{.Project}}”.",
			name)
	case isNew:
		return lang.L("Creates the account “{{.Account}}”, the variable aws.account, the project “{{.Project}}” "+
			"and its step “{{.Step}}”.", name)
	case exists:
		return lang.L("Creates the step “{{.Step}}” in the project “{{.Project}}”, and a variable for the account if it has none.", name)
	}
	return lang.L("Creates the variable aws.account, the project “{{.Project}}” and its step “{{.Step}}”.", name)
}

func (g *page) dirty() bool { return g.built && (g.form.Dirty() || g.work.Busy()) }

// save saves everything, and runs the step if run is set. If it fails it shows the error, and the values stay.
func (g *page) save(run bool) {
	if !g.built || g.work.Busy() || g.script.busy() {
		return
	}
	if bad := g.form.ShowAll(); bad != nil {
		g.result.Show(bad.Err().Error(), display.Bad)
		g.reveal(bad)
		return
	}
	if list := g.form.Problems(); len(list) > 0 { // problems without a field on this page
		g.result.Show(list[0].Err.Error(), display.Bad)
		return
	}
	b := g.wanted()
	g.account.cancel()
	g.busy(true)
	g.result.Show(lang.L("Saving…"), display.Neutral)
	async.Load(&g.work, func(ctx context.Context) (projects.CreatedStep, error) {
		return g.place.deps.Projects.CreateStep(ctx, b)
	}, func(made projects.CreatedStep, err error) {
		g.busy(false)
		if err != nil {
			g.result.Show(err.Error(), display.Bad)
			switch model.ErrorCode(err) {
			case model.CodeAccountTaken:
				g.form.Explain("account.name", err)
				g.reveal(g.form.Field("account.name"))
			case model.CodeProjectTaken, model.CodeProjectUnsavable:
				g.reload() // another process has created or changed it
			}
			return
		}
		g.form.Saved()
		g.place.close()
		g.place.deps.Made(made, run)
	})
}

func (g *page) busy(on bool) {
	for _, b := range g.buttons {
		if on {
			b.Disable()
		} else {
			b.Enable()
		}
	}
}

// focus gives the focus to the first field to fill in. The script is there already.
func (g *page) focus() { focus.Offer(g.place.deps.Window, g.account.way) }

// reveal gives the focus to a field, to which the page then scrolls.
func (g *page) reveal(field *form.Field) {
	field.Focus(g.place.deps.Window.Canvas())
}

func (g *page) close() {
	g.load.Cancel()
	g.look.Cancel()
	g.work.Cancel()
	if g.built {
		g.script.close()
		g.account.cancel()
	}
}
