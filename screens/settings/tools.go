package settings

import (
	"context"
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
	case settings.Python:
		return "Python"
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
	r.install = control.NewButton(nil, lang.L("Install…"), func() { s.chooser().Install(kind) })
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

// chooser returns what asks for programs here.
func (s *toolSection) chooser() ToolChooser {
	d := s.place.deps
	return ToolChooser{Window: d.Window, Settings: d.Settings, Browse: d.Choose, OpenPage: d.OpenPage}
}

func (s *toolSection) choose(kind settings.Kind) *chooser {
	return s.chooser().choose(kind, func() { s.look(true) })
}

func (s *toolSection) close() { s.load.Cancel(); s.again.Enable() }
