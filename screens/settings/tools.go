package settings

import (
	"context"
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// toolSection shows the programs that scripts need.
type toolSection struct {
	place   *Place
	load    async.Task
	rows    []*toolRow
	again   *control.Button
	content fyne.CanvasObject
}

// toolRow is a program: where it is, or how to install it.
type toolRow struct {
	kind    settings.Kind
	badge   *display.Badge
	detail  *widget.Label
	install *control.Button
	search  *control.Button
	choose  *control.Button
	content fyne.CanvasObject
}

// toolName returns the name of a program for a person.
func toolName(kind settings.Kind) string {
	switch kind {
	case settings.AWS:
		return lang.L("AWS command line (aws)")
	case settings.Bash:
		return "Bash"
	case settings.PowerShell:
		return "PowerShell 7 (pwsh)"
	case settings.WindowsPowerShell:
		return "Windows PowerShell"
	}
	return string(kind)
}

func newToolSection(p *Place) *toolSection {
	s := &toolSection{place: p}
	s.again = control.NewButton(nil, lang.L("Check again"), func() { s.look(true) })
	box := container.NewVBox()
	for i, kind := range settings.Kinds(p.deps.System) {
		if i > 0 {
			box.Add(widget.NewSeparator())
		}
		r := s.row(kind)
		s.rows = append(s.rows, r)
		box.Add(r.content)
	}
	s.content = box
	return s
}

func (s *toolSection) row(kind settings.Kind) *toolRow {
	r := &toolRow{kind: kind, badge: display.NewBadge("", display.Neutral), detail: small(lang.L("Searching…"))}
	r.install = control.NewButton(nil, lang.L("Install…"), func() { showInstall(s.place.deps.Window, kind) })
	r.search = control.NewButton(nil, lang.L("Find automatically"), func() { s.set(kind, "") })
	r.choose = control.NewButton(nil, lang.L("Choose…"), func() { s.choose(kind) })
	r.install.Hide()
	r.search.Hide()
	name := widget.NewLabelWithStyle(toolName(kind), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	head := container.NewHBox(name, container.NewCenter(r.badge))
	buttons := container.NewCenter(container.NewHBox(r.install, r.search, r.choose))
	r.content = container.NewBorder(nil, nil, nil, buttons, container.NewVBox(head, r.detail))
	return r
}

type toolFound struct {
	tool settings.Tool
	err  error
}

// look finds the programs. With afresh it asks each program for its version again.
func (s *toolSection) look(afresh bool) {
	if afresh {
		s.again.Disable()
	}
	async.Load(&s.load, func(ctx context.Context) (map[settings.Kind]toolFound, error) {
		if afresh {
			if err := s.place.deps.Tools.Forget(ctx); err != nil {
				return nil, err
			}
		}
		found := map[settings.Kind]toolFound{}
		for _, r := range s.rows {
			tool, err := s.place.deps.Tools.Find(ctx, r.kind)
			found[r.kind] = toolFound{tool, err}
		}
		return found, nil
	}, func(found map[settings.Kind]toolFound, err error) {
		s.again.Enable()
		for _, r := range s.rows {
			f := found[r.kind]
			if err != nil {
				f.err = err
			}
			r.show(f, s.place.value(settings.ToolKey(r.kind)) != "")
		}
		s.place.content.Refresh()
		if afresh && s.place.deps.ToolsChanged != nil {
			s.place.deps.ToolsChanged()
		}
	})
}

func (r *toolRow) show(f toolFound, chosen bool) {
	show(r.install, f.err != nil)
	show(r.search, chosen)
	if f.err != nil {
		r.detail.SetText(f.err.Error())
		if chosen {
			r.badge.Set(lang.L("does not work"), display.Bad, "")
		} else {
			r.badge.Set(lang.L("not found"), display.Caution, "")
		}
		return
	}
	version, _, _ := strings.Cut(f.tool.Version, "(") // Bash reports 5.2.15(1)-release
	r.badge.Set(version, display.Good, "")
	detail := lang.L("{{.Path}} · found automatically", map[string]any{"Path": f.tool.Path})
	if chosen {
		detail = lang.L("{{.Path}} · chosen", map[string]any{"Path": f.tool.Path})
	}
	if notice := f.tool.Notice(); notice != nil {
		r.badge.Set(version, display.Caution, "")
		show(r.install, true)
		detail += "\n" + notice.Error()
	}
	r.detail.SetText(detail)
}

func show(o fyne.CanvasObject, on bool) {
	switch {
	case on && !o.Visible():
		o.Show()
	case !on && o.Visible():
		o.Hide()
	}
}

func (s *toolSection) set(kind settings.Kind, path string) {
	async.Do(&s.load, s.place.set(settings.ToolKey(kind), path), func(err error) {
		if err != nil {
			dialog.ShowError(s.place.deps.Window, lang.L("Not saved"), err)
		}
		s.look(true)
	})
}

// choose asks for the path of a program, and saves it once the program has reported its version.
func (s *toolSection) choose(kind settings.Kind) *chooser {
	c := &chooser{form: form.New(), result: feedback.NewBanner()}
	k := c.form.Keys
	c.path = control.NewEntry(k)
	c.path.SetText(s.place.value(settings.ToolKey(kind)))
	browse := control.NewButton(k, lang.L("Browse…"), func() {
		take := func(path string) { c.path.SetText(path) }
		if s.place.deps.Choose != nil {
			s.place.deps.Choose(nil, take)
			return
		}
		dialog.ChooseFile(s.place.deps.Window, nil, take)
	})
	help := lang.L("The program is started once and has to report its version.")
	row := c.form.Add("path", lang.L("Path of the program"), help, c.path)
	c.dialog = &dialog.Dialog{
		Title: toolName(kind), Keys: k, Confirm: lang.L("Use it"), First: c.path, Size: fyne.NewSize(620, 260),
		Buttons: []fyne.CanvasObject{browse}, OnClosed: c.work.Cancel,
		Content: container.NewBorder(nil, c.result.Content(), nil, nil, form.Rows(row)),
	}
	c.dialog.OnConfirm = func() {
		path := strings.TrimSpace(c.path.Text)
		c.dialog.SetBusy(true)
		c.result.Show(lang.L("Checking its version…"), display.Neutral)
		async.Do(&c.work, s.place.set(settings.ToolKey(kind), path), func(err error) {
			c.dialog.SetBusy(false)
			if err != nil {
				c.result.Show(err.Error(), display.Bad)
				return
			}
			c.dialog.Close()
			s.look(true)
		})
	}
	c.dialog.Show(s.place.deps.Window)
	return c
}

// chooser is the dialog of Choose….
type chooser struct {
	form   *form.Form
	path   *control.Entry
	result *feedback.Banner
	work   async.Task
	dialog *dialog.Dialog
}

// showInstall shows how to install a program.
func showInstall(w fyne.Window, kind settings.Kind) *dialog.Dialog {
	how := settings.HowToInstall(kind)
	box := container.NewVBox()
	copyable := func(label, text string, button fyne.CanvasObject) {
		entry := widget.NewEntry()
		entry.SetText(text)
		entry.OnChanged = func(string) { entry.SetText(text) } // read-only, but its text can be selected
		copied := control.NewButton(nil, lang.L("Copy"), func() { fyne.CurrentApp().Clipboard().SetContent(text) })
		buttons := container.NewHBox(copied)
		if button != nil {
			buttons.Add(button)
		}
		box.Add(widget.NewLabelWithStyle(label, fyne.TextAlignLeading, fyne.TextStyle{Bold: true}))
		box.Add(container.NewBorder(nil, nil, nil, buttons, entry))
	}
	if how.Hint != "" {
		box.Add(small(strings.ToUpper(how.Hint[:1]) + how.Hint[1:] + "."))
	}
	if how.Command != "" {
		copyable(lang.L("Command"), how.Command, nil)
	}
	if how.Page != "" {
		copyable(lang.L("Official page"), how.Page, control.NewButton(nil, lang.L("Open"), func() {
			if u, err := url.Parse(how.Page); err == nil {
				_ = fyne.CurrentApp().OpenURL(u) // without a browser, the address can be copied
			}
		}))
	}
	box.Add(small(lang.L("Afterwards, press Check again in the settings.")))
	d := &dialog.Dialog{
		Title: lang.L("Install {{.Tool}}", map[string]any{"Tool": toolName(kind)}), Cancel: lang.L("Close"),
		Content: focus.Scroll(box), Size: fyne.NewSize(640, 340),
	}
	d.Show(w)
	return d
}

func (s *toolSection) close() { s.load.Cancel(); s.again.Enable() }
