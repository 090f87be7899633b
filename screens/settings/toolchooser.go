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
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// ToolChooser helps with a program that is missing, wherever that is said.
type ToolChooser struct {
	Window   fyne.Window
	Settings Settings
	Browse   func(endings []string, done func(path string)) // asks for a file; nil: the toolkit's own window
	OpenPage func(address string) error                     // in the browser
}

// Install shows how to install a program.
func (t ToolChooser) Install(kind settings.Kind) { t.showInstall(kind) }

// Choose asks for the path of a program. It calls done once the path is saved.
func (t ToolChooser) Choose(kind settings.Kind, done func()) { t.choose(kind, done) }

// settingOf returns the value of a setting; empty: the default.
func settingOf(s Settings, key string) string {
	for _, known := range s.List() {
		if known.Key == key {
			return known.Value
		}
	}
	return ""
}

// choose asks for the path of a program, and saves it once the program has reported its version.
func (t ToolChooser) choose(kind settings.Kind, done func()) *chooser {
	c := &chooser{form: form.New(), result: feedback.NewBanner()}
	k := c.form.Keys
	c.path = control.NewEntry(k)
	c.path.SetText(settingOf(t.Settings, settings.ToolKey(kind)))
	browse := control.NewButton(k, lang.L("Browse…"), func() {
		take := func(path string) { c.path.SetText(path) }
		if t.Browse != nil {
			t.Browse(nil, take)
			return
		}
		dialog.ChooseFile(t.Window, nil, take)
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
		save := func(ctx context.Context) error { return t.Settings.Set(ctx, settings.ToolKey(kind), path) }
		async.Do(&c.work, save, func(err error) {
			c.dialog.SetBusy(false)
			if err != nil {
				c.result.Show(err.Error(), display.Bad)
				return
			}
			c.dialog.Close()
			done()
		})
	}
	c.dialog.Show(t.Window)
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
func (t ToolChooser) showInstall(kind settings.Kind) *dialog.Dialog {
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
			if t.OpenPage != nil {
				_ = t.OpenPage(how.Page) // without a browser, the address can be copied
			}
		}))
	}
	box.Add(small(lang.L("Afterwards, press Check again.")))
	d := &dialog.Dialog{
		Title: lang.L("Install {{.Tool}}", map[string]any{"Tool": toolName(kind)}), Cancel: lang.L("Close"),
		Content: focus.Scroll(box), Size: fyne.NewSize(640, 340),
	}
	d.Show(t.Window)
	return d
}
