package settings

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Place shows all settings in sections.
type Place struct {
	deps    Deps
	tools   *toolSection
	scripts *scriptSection
	limits  *limitSection
	vault   *vaultSection
	updates *updateSection
	browser *browserSection
	theme   *control.Choice
	themed  *feedback.Banner
	names   *widget.Label
	load    async.Task
	save    async.Task
	scroll  *container.Scroll
	content fyne.CanvasObject
}

func New(deps Deps) *Place {
	p := &Place{deps: deps, themed: feedback.NewBanner()}
	p.tools, p.limits, p.vault, p.updates = newToolSection(p), newLimitSection(p), newVaultSection(p), newUpdateSection(p)
	p.browser = newBrowserSection(p)
	p.scripts = newScriptSection(p)
	p.theme = control.NewChoice(nil,
		control.Option{Value: "", Label: lang.L("System")},
		control.Option{Value: "light", Label: lang.L("Light")}, control.Option{Value: "dark", Label: lang.L("Dark")})
	p.theme.SetValue(p.value(settings.Theme))
	p.theme.OnChosen = p.choseTheme

	p.names = small("")
	edit := control.NewButton(nil, lang.L("Edit…"), func() { deps.EditEnvironments(p.readEnvironments) })
	environments := container.NewBorder(nil, nil, nil, container.NewCenter(edit), p.names)

	column := container.NewVBox(
		section(lang.L("Tools"), p.tools.again, p.tools.content),
		section(lang.L("Scripts"), nil, p.scripts.content),
		section(lang.L("Environments"), nil, environments),
		section(lang.L("Browser"), nil, p.browser.content),
		section(lang.L("Vault"), nil, p.vault.content),
		section(lang.L("Theme"), nil, container.NewVBox(container.NewHBox(p.theme), p.themed.Content())),
		section(lang.L("Packages"), nil, p.limits.content),
		section(lang.L("Data folder"), nil, p.folder()),
		section(lang.L("Updates"), nil, p.updates.content),
		section(lang.L("About Stepdeck"), nil, p.about()),
	)
	p.scroll = focus.Scroll(container.New(layout.NewCustomPaddedLayout(2, 10, 0, 16), container.New(measure(820), column)))
	p.content = p.scroll
	return p
}

func (p *Place) Content() fyne.CanvasObject { return p.content }

func (p *Place) Shown() {
	p.tools.look(false)
	p.Changed()
}

// Focus gives the focus to the first button of the page.
func (p *Place) Focus() { focus.Offer(p.deps.Window, p.tools.rows[0].choose) }

func (p *Place) Changed() {
	p.vault.look()
	p.readEnvironments()
}

func (p *Place) Hidden() {
	p.tools.close()
	p.vault.close()
	p.updates.close()
	p.load.Cancel()
}

// Open scrolls to the tools, which are the first section.
func (p *Place) Open(...any) { p.scroll.ScrollToTop() }

// Keys returns the keys of the settings that can be changed here.
func (p *Place) Keys() []string {
	keys := []string{settings.Browser, settings.Theme, settings.UpdatesCheck, settings.SystemCertificates, settings.StayAwake}
	for _, kind := range settings.Kinds(p.deps.System) {
		keys = append(keys, settings.ToolKey(kind))
	}
	keys = append(keys, p.limits.keys...)
	slices.Sort(keys)
	return keys
}

func (p *Place) value(key string) string { return settingOf(p.deps.Settings, key) }

// set returns the work of saving a setting.
func (p *Place) set(key, value string) func(context.Context) error {
	return func(ctx context.Context) error { return p.deps.Settings.Set(ctx, key, value) }
}

func (p *Place) choseTheme(mode string) {
	p.deps.SetTheme(mode)
	p.themed.Hide()
	async.Do(&p.save, p.set(settings.Theme, mode), func(err error) {
		if err != nil {
			p.themed.Show(err.Error(), display.Bad)
		}
	})
}

func (p *Place) readEnvironments() {
	async.Load(&p.load, p.deps.Environments, func(list []model.Environment, err error) {
		switch {
		case err != nil:
			p.names.SetText(err.Error())
		case len(list) == 0:
			p.names.SetText(lang.L("None. A project does not need any. With environments, such as Staging and Production, " +
				"a variable can have a different value in each."))
		default:
			names := make([]string, len(list))
			for i, e := range list {
				names[i] = e.Name
			}
			p.names.SetText(strings.Join(names, " · "))
		}
	})
}

func (p *Place) folder() fyne.CanvasObject {
	path := small(p.deps.Folder)
	failed := feedback.NewBanner()
	open := control.NewButton(nil, lang.L("Open"), func() {
		failed.Hide()
		if err := p.deps.OpenFolder(p.deps.Folder); err != nil {
			failed.Show(err.Error(), display.Bad)
		}
	})
	copied := control.NewButton(nil, lang.L("Copy"), func() { fyne.CurrentApp().Clipboard().SetContent(p.deps.Folder) })
	buttons := container.NewCenter(container.NewHBox(open, copied))
	return container.NewVBox(container.NewBorder(nil, nil, nil, buttons, path), failed.Content())
}

func (p *Place) about() fyne.CanvasObject {
	grid := container.New(layout.NewFormLayout())
	var lines []string
	for _, f := range p.deps.Facts {
		label := widget.NewLabel(f.Label)
		label.Importance = widget.LowImportance
		value := widget.NewLabel(f.Value)
		value.Wrapping = fyne.TextWrapWord
		grid.Add(label)
		grid.Add(value)
		lines = append(lines, f.Label+": "+f.Value)
	}
	licence := control.NewButton(nil, lang.L("Licence…"), p.showLicence)
	copied := control.NewButton(nil, lang.L("Copy"), func() {
		fyne.CurrentApp().Clipboard().SetContent("Stepdeck\n" + strings.Join(lines, "\n"))
	})
	return container.NewBorder(nil, nil, nil, container.NewVBox(container.NewHBox(licence, copied)), grid)
}

func (p *Place) showLicence() {
	text := widget.NewLabel(p.deps.Licence)
	text.Wrapping = fyne.TextWrapWord
	d := &dialog.Dialog{
		Title: lang.L("Licence"), Cancel: lang.L("Close"), Content: focus.Scroll(text), Size: fyne.NewSize(640, 460),
	}
	d.Show(p.deps.Window)
}

func small(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping, l.Importance = fyne.TextWrapWord, widget.LowImportance
	return l
}

// section returns a card with a heading. action, if not nil, is at the right end of the heading.
func section(title string, action, content fyne.CanvasObject) fyne.CanvasObject {
	head := widget.NewLabelWithStyle(title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	head.SizeName = fynetheme.SizeNameSubHeadingText
	var right fyne.CanvasObject
	if action != nil {
		right = container.NewCenter(action)
	}
	body := container.NewVBox(container.NewBorder(nil, nil, nil, right, head), content)
	return display.Card(container.New(layout.NewCustomPaddedLayout(2, 6, 8, 8), body))
}

// measure is a layout that limits the width of a column.
type measure float32

func (m measure) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(min(size.Width, float32(m)), size.Height))
	}
}

func (m measure) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := objects[0].MinSize()
	return fyne.NewSize(min(least.Width, float32(m)), least.Height)
}
