package screens_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/screens"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/tabs"
)

// place records the calls of its methods.
type place struct {
	name    string
	content fyne.CanvasObject
	calls   *[]string
	hold    func(then func()) // nil: can be left at once
}

func (p *place) record(what string)         { *p.calls = append(*p.calls, p.name+" "+what) }
func (p *place) Content() fyne.CanvasObject { return p.content }
func (p *place) Shown()                     { p.record("shown") }
func (p *place) Hidden()                    { p.record("hidden") }
func (p *place) Home()                      { p.record("home") }
func (p *place) Back()                      { p.record("back") }
func (p *place) Changed()                   { p.record("changed") }
func (p *place) Open(args ...any)           { p.record("open " + strings.TrimSpace(args[0].(string))) }
func (p *place) Leave(then func()) {
	if p.hold != nil {
		p.hold(then)
		return
	}
	then()
}

type fixture struct {
	app    *uitest.App
	win    fyne.Window
	frame  *screens.Frame
	calls  []string
	places []*place
	ran    []string
	opened []string
}

func open(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{app: uitest.New(t)}
	f.app.Settings().SetTheme(theme.New(theme.Light))
	f.win = f.app.Show(container.NewStack(), fyne.NewSize(1000, 640))
	var entries []screens.Entry
	for _, name := range []string{"Projects", "Accounts", "Settings"} {
		p := &place{name: name, content: widget.NewLabel("here is " + name), calls: &f.calls}
		f.places = append(f.places, p)
		entries = append(entries, screens.Entry{
			Key: strings.ToLower(name), Label: name, Icon: fynetheme.AccountIcon(), Place: p,
			Project: name == "Projects", Bottom: name == "Settings",
		})
	}
	f.frame = screens.New(screens.Deps{
		Window: f.win, Entries: entries,
		Projects:   func(got func([]string)) { got([]string{"Intranet", "Website"}) },
		OnProject:  func(name string) { f.opened = append(f.opened, name) },
		OnRun:      func(project, environment string) { f.ran = append(f.ran, project+"/"+environment) },
		OnRehearse: func(project, environment string) { f.ran = append(f.ran, "rehearsal of "+project+"/"+environment) },
		OnStop:     func() {}, OnAbout: func() {}, OnQuit: func() {},
	})
	f.win.SetContent(f.frame.Content())
	return f
}

func (f *fixture) texts() string {
	var all []string
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *canvas.Text:
			all = append(all, o.Text)
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				walk(c)
			}
		}
	}
	walk(f.win.Canvas().Content())
	return strings.Join(all, "\n")
}

func (f *fixture) shows(t *testing.T, words string, want bool) {
	t.Helper()
	if got := strings.Contains(f.texts(), words); got != want {
		t.Errorf("%q is shown: %v, want %v, in\n%s", words, got, want, f.texts())
	}
}

func TestOnePlaceAtATime(t *testing.T) {
	f := open(t)
	f.frame.Go("projects")
	f.shows(t, "here is Projects", true)
	f.frame.Go("accounts", "Sandbox")
	f.shows(t, "here is Projects", false)
	f.shows(t, "here is Accounts", true)
	f.frame.Changed()
	f.frame.Go("nowhere")
	want := []string{"Projects shown", "Projects hidden", "Accounts shown", "Accounts open Sandbox", "Accounts changed"}
	if !slices.Equal(f.calls, want) || f.frame.Current() != "accounts" {
		t.Errorf("at %s, calls %q, want %q", f.frame.Current(), f.calls, want)
	}
}

// TestEscapeGoesBack even when nothing has the focus, as after a click on a button.
func TestEscapeGoesBack(t *testing.T) {
	f := open(t)
	typed := f.win.Canvas().OnTypedKey()
	typed(&fyne.KeyEvent{Name: fyne.KeyEscape}) // there is no place yet
	f.frame.Go("projects")
	typed(&fyne.KeyEvent{Name: fyne.KeyReturn})
	over := widget.NewModalPopUp(widget.NewLabel("a question"), f.win.Canvas())
	over.Show()
	typed(&fyne.KeyEvent{Name: fyne.KeyEscape})
	over.Hide()
	if want := []string{"Projects shown"}; !slices.Equal(f.calls, want) {
		t.Errorf("calls %q, want %q", f.calls, want)
	}
	typed(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if want := []string{"Projects shown", "Projects back"}; !slices.Equal(f.calls, want) {
		t.Errorf("calls %q, want %q", f.calls, want)
	}
}

func TestUnsavedChangesHoldThePlace(t *testing.T) {
	f := open(t)
	f.frame.Go("projects")
	var then func()
	f.places[0].hold = func(goOn func()) { then = goOn }
	f.frame.Go("accounts")
	if f.frame.Current() != "projects" || then == nil {
		t.Fatal("the place was left without asking")
	}
	then()
	if f.frame.Current() != "accounts" {
		t.Error("the place was not left after the answer")
	}
	left := false
	f.frame.Leave(func() { left = true })
	if !left {
		t.Error("Leave did not call then")
	}
}

func TestTheRailByKeyboard(t *testing.T) {
	f := open(t)
	f.frame.Go("projects")
	f.calls = nil
	c := f.win.Canvas()
	press := func(key fyne.KeyName) { c.Focused().TypedKey(&fyne.KeyEvent{Name: key}) }
	test.FocusNext(c)
	press(fyne.KeyReturn)
	if !slices.Equal(f.calls, []string{"Projects home"}) {
		t.Errorf("choosing the current place again: %q", f.calls)
	}
	test.FocusNext(c)
	press(fyne.KeySpace)
	if f.frame.Current() != "accounts" {
		t.Errorf("at %s", f.frame.Current())
	}
}

func TestTheHeaderIsShownForAnOpenProject(t *testing.T) {
	f := open(t)
	f.frame.Go("projects")
	f.shows(t, "Environment", false)
	for _, row := range []struct {
		name         string
		environments []string
		kept, want   string
		picker       bool
	}{
		{"Website", []string{"Staging", "Production"}, "Production", "Production", true},
		{"Intranet", []string{"Test"}, "Production", "Test", true},
		{"Website", []string{"Staging", "Production"}, "PRODUCTION", "Production", true}, // it was renamed
		{"Website", nil, "", "", false},
	} {
		f.frame.SetProject(row.name, row.environments, row.kept)
		if name, environment := f.frame.Project(); name != row.name || environment != row.want {
			t.Errorf("%v: open is %s in %q", row, name, environment)
		}
		f.shows(t, "Environment", row.picker)
		f.shows(t, row.name, true)
	}
	f.frame.SetProject("Website", []string{"Staging"}, "")
	f.frame.Go("accounts")
	f.shows(t, "Environment", false)
	f.frame.Go("projects")
	f.shows(t, "Environment", true)
	f.frame.SetProject("", nil, "")
	f.shows(t, "Environment", false)
	if len(f.opened) > 0 {
		t.Errorf("SetProject called OnProject: %v", f.opened)
	}
}

func TestShortcutsAreInTheMenu(t *testing.T) {
	f := open(t)
	f.frame.Go("projects")
	f.frame.SetProject("Website", []string{"Staging"}, "")
	keys := map[string]func(){}
	for _, menu := range f.frame.Menu().Items {
		for _, item := range menu.Items {
			if s, ok := item.Shortcut.(fyne.KeyboardShortcut); ok {
				key := string(s.Key())
				if s.Mod() != fyne.KeyModifierShortcutDefault {
					key = item.Shortcut.ShortcutName()
				}
				if keys[key] != nil {
					t.Errorf("%s is used twice", key)
				}
				keys[key] = item.Action
			}
		}
	}
	keys["R"]()
	rehearse := itemOf(f.frame.Menu(), "Rehearse the project…").Action
	rehearse()
	if !slices.Equal(f.ran, []string{"Website/Staging", "rehearsal of Website/Staging"}) {
		t.Errorf("ran %v", f.ran)
	}
	keys["2"]()
	if f.frame.Current() != "accounts" {
		t.Errorf("at %s", f.frame.Current())
	}
	keys["R"]() // no project is shown
	rehearse()
	if len(f.ran) != 2 {
		t.Errorf("ran %v", f.ran)
	}
}

// someTools returns a program that was found and one that was not.
func someTools() []settings.Program {
	return []settings.Program{
		{Tool: settings.Tool{Kind: settings.AWS, Version: "2.31"}},
		{Tool: settings.Tool{Kind: settings.PowerShell}, Err: errors.New("not found")},
	}
}

func runningButton(o fyne.CanvasObject) *widget.Button {
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *widget.Button:
		if strings.Contains(o.Text, "1 running") {
			return o
		}
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	for _, child := range inside {
		if b := runningButton(child); b != nil {
			return b
		}
	}
	return nil
}

// A button that is shown has its place at once, not only when something else is laid out.
func TestARunThatBeginsCanBeClicked(t *testing.T) {
	f := open(t)
	f.frame.Go("projects")
	f.frame.SetRunning([]screens.RunningRun{{ID: 7, Project: "Website", Environment: "Staging"}})
	button := runningButton(f.win.Canvas().Content())
	if button == nil || button.Size().Width < button.MinSize().Width {
		t.Fatalf("the button has no place: %+v", button)
	}
}

func TestTheStatusBar(t *testing.T) {
	f := open(t)
	f.frame.Go("projects")
	f.frame.SetTools(someTools())
	f.shows(t, "✓ aws 2.31", true)
	f.shows(t, "– pwsh", true)
	f.frame.SetRunning([]screens.RunningRun{{ID: 7, Project: "Website", Environment: "Staging"}})
	f.shows(t, "1 running: Website · Staging", true)
	f.frame.SetRunning([]screens.RunningRun{{ID: 7}, {ID: 8}})
	f.shows(t, "2 running", true)
	f.frame.SetRunning(nil)
	f.shows(t, "running", false)
}

func TestPictures(t *testing.T) {
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			f := open(t)
			f.app.Settings().SetTheme(theme.New(mode))
			f.frame.Go("projects")
			f.frame.SetProject("Website", []string{"Staging", "Production"}, "Staging")
			f.frame.SetTools(someTools())
			f.frame.SetRunning([]screens.RunningRun{{ID: 7, Project: "Website", Environment: "Staging"}})
			f.win.Resize(fyne.NewSize(900, 400))
			test.AssertRendersToImage(t, name+".png", f.win.Canvas())
		})
	}
}

// An entry that belongs to another one has no line in the rail. While it is shown, the other's line is marked.
func TestAnEntryThatBelongsToAnother(t *testing.T) {
	a := uitest.New(t)
	a.Settings().SetTheme(theme.New(theme.Light))
	win := a.Show(container.NewStack(), fyne.NewSize(1000, 640))
	var calls []string
	entry := func(name, of string) screens.Entry {
		p := &place{name: name, content: widget.NewLabel("here is " + name), calls: &calls}
		return screens.Entry{Key: strings.ToLower(name), Label: name, Icon: fynetheme.AccountIcon(), Of: of, Place: p}
	}
	frame := screens.New(screens.Deps{
		Window: win, OnAbout: func() {}, OnQuit: func() {},
		Entries: []screens.Entry{entry("Projects", ""), entry("Begin", "projects"), entry("Runs", "")},
	})
	win.SetContent(frame.Content())
	frame.Go("begin")
	var lines, bold []string
	for _, o := range test.LaidOutObjects(win.Canvas().Content()) {
		if text, ok := o.(*canvas.Text); ok && !strings.HasPrefix(text.Text, "here") {
			lines = append(lines, text.Text)
			if text.TextStyle.Bold {
				bold = append(bold, text.Text)
			}
		}
	}
	onRail := func(name string) bool { return slices.Contains(lines, name) }
	if onRail("Begin") || !onRail("Runs") || !slices.Contains(bold, "Projects") || slices.Contains(bold, "Runs") {
		t.Errorf("the rail shows %q, marked are %q", lines, bold)
	}
	for _, item := range frame.Menu().Items[2].Items {
		if item.Label == "Begin" {
			t.Error("it is in the menu")
		}
	}
	if frame.Current() != "begin" {
		t.Errorf("the current place is %s", frame.Current())
	}
}

// typing is a place with a field, to which it gives the focus.
type typing struct {
	place
	window  fyne.Window
	field   *widget.Entry
	actions int
}

func (p *typing) Focus() { focus.Offer(p.window, p.field) }

func (p *typing) Save() { p.actions++ }

func (p *typing) Find() { p.actions++ }

// openTyping shows a window with two places, each with a field, and with tabs in the first.
func openTyping(t *testing.T) (a *uitest.App, w fyne.Window, f *screens.Frame, first, second *typing, pages *tabs.Tabs) {
	t.Helper()
	a = uitest.New(t)
	a.Settings().SetTheme(theme.New(theme.Light))
	w = a.Show(container.NewStack(), fyne.NewSize(1000, 640))
	var calls []string
	newPlace := func(name string) *typing {
		p := &typing{place: place{name: name, calls: &calls}, window: w, field: widget.NewEntry()}
		p.content = container.NewVBox(widget.NewLabel(name), p.field)
		return p
	}
	first, second = newPlace("First"), newPlace("Second")
	pages = tabs.New(nil, tabs.Tab{Title: "One", Content: first.content}, tabs.Tab{Title: "Two", Content: container.NewVBox()})
	first.content = container.NewStack(pages)
	f = screens.New(screens.Deps{
		Window: w, OnAbout: func() {}, OnQuit: func() {},
		Entries: []screens.Entry{
			{Key: "first", Label: "First", Icon: fynetheme.AccountIcon(), Place: first},
			{Key: "second", Label: "Second", Icon: fynetheme.AccountIcon(), Place: second},
		},
	})
	w.SetContent(f.Content())
	f.Go("first")
	return a, w, f, first, second, pages
}

func TestTheCurrentPlaceHasTheFocus(t *testing.T) {
	_, w, f, first, second, _ := openTyping(t)
	if w.Canvas().Focused() != first.field {
		t.Fatalf("the focus is on %T", w.Canvas().Focused())
	}
	f.Go("second")
	if w.Canvas().Focused() != second.field {
		t.Errorf("the focus is on %T", w.Canvas().Focused())
	}
	w.Canvas().Unfocus()
	f.Go("first")
	if w.Canvas().Focused() != first.field {
		t.Errorf("back in the first place, the focus is on %T", w.Canvas().Focused())
	}
}

func TestHiddenFieldsLoseTheFocus(t *testing.T) {
	a, w, _, first, _, pages := openTyping(t)
	pages.SelectIndex(1)
	if w.Canvas().Focused() != nil {
		t.Errorf("on another tab, the focus is on %T", w.Canvas().Focused())
	}
	pages.SelectIndex(0)
	w.Canvas().Focus(first.field)
	first.field.Hide()
	a.UntilDrawn(w, "the field to lose the focus", func() bool { return w.Canvas().Focused() == nil })
}

func TestTabKeysWorkOnWhatIsInFront(t *testing.T) {
	_, w, _, _, _, pages := openTyping(t)
	press := func(key fyne.KeyName, modifier fyne.KeyModifier) {
		w.Canvas().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierControl | modifier})
	}
	for _, row := range []struct {
		key      fyne.KeyName
		modifier fyne.KeyModifier
		want     int
	}{{fyne.KeyTab, 0, 1}, {fyne.KeyTab, fyne.KeyModifierShift, 0}, {fyne.KeyPageDown, 0, 1}, {fyne.KeyPageUp, 0, 0}} {
		if press(row.key, row.modifier); pages.SelectedIndex() != row.want {
			t.Errorf("%s with %v: page %d, want %d", row.key, row.modifier, pages.SelectedIndex(), row.want)
		}
	}
	over := tabs.New(nil, tabs.Tab{Title: "A", Content: container.NewVBox()}, tabs.Tab{Title: "B", Content: container.NewVBox()})
	d := &dialog.Dialog{Title: "In front", Content: over, Size: fyne.NewSize(300, 200)}
	d.Show(w)
	press(fyne.KeyTab, 0)
	if pages.SelectedIndex() != 0 || over.SelectedIndex() != 1 {
		t.Errorf("page %d behind the dialog, page %d in it", pages.SelectedIndex(), over.SelectedIndex())
	}
}

func TestShortcutsDoNotReachBehindADialog(t *testing.T) {
	_, w, f, first, _, _ := openTyping(t)
	d := &dialog.Dialog{Title: "In front", Content: widget.NewLabel(""), Size: fyne.NewSize(300, 200)}
	d.Show(w)
	for _, menu := range f.Menu().Items {
		for _, item := range menu.Items {
			if !item.IsSeparator && !item.IsQuit && item.Action != nil {
				item.Action()
			}
		}
	}
	if first.actions > 0 || f.Current() != "first" {
		t.Errorf("%d actions behind the dialog, and the current place is %s", first.actions, f.Current())
	}
	d.Close()
	f.Menu().Items[1].Items[0].Action()
	if first.actions != 1 {
		t.Error("without the dialog nothing is saved")
	}
}

// itemOf returns the item of a menu with that label, or nil.
func itemOf(menu *fyne.MainMenu, label string) *fyne.MenuItem {
	for _, m := range menu.Items {
		for _, item := range m.Items {
			if item.Label == label {
				return item
			}
		}
	}
	return nil
}
