package screens

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/tabs"
)

// Deps is what the frame needs.
type Deps struct {
	Window  fyne.Window
	Entries []Entry

	Projects      func(got func(names []string)) // lists the projects in the background and calls got on the main goroutine
	OnProject     func(name string)              // the person has chosen another project in the header
	OnEnvironment func(name string)              // the person has chosen another environment in the header
	OnRun         func(project, environment string)
	OnRehearse    func(project, environment string) // nil: not offered
	OnStop        func()                            // stops the run that is shown
	OnAbout       func()
	OnQuit        func()
	More          func() []*fyne.MenuItem // further items of the File menu; may be nil
}

// Frame is the content of the window: the places and what is around them.
type Frame struct {
	deps    Deps
	rail    *rail
	header  *header
	status  *statusBar
	place   *fyne.Container
	content fyne.CanvasObject
	guard   *focus.Guard
	focused map[int]fyne.Focusable // by place: what had the focus when the place was left
	current int                    // index of the place that is shown, -1 before the first
	drawn   []theme.Drawn          // by place
}

// New returns a frame that shows no place before Go.
func New(deps Deps) *Frame {
	f := &Frame{deps: deps, current: -1, place: container.NewStack(), focused: map[int]fyne.Focusable{}}
	for range deps.Entries {
		f.drawn = append(f.drawn, theme.DrawnNow())
	}
	f.rail = newRail(deps.Entries, f.choose)
	f.header = newHeader(f)
	f.status = newStatusBar(func(key string, args ...any) { f.Go(key, args...) })
	right := container.NewBorder(f.header.content, nil, nil, nil, container.New(layout.NewCustomPaddedLayout(8, 8, 12, 12), f.place))
	rail := newPanel(fynetheme.ColorNameHeaderBackground, f.rail.content)
	left := container.New(layout.NewCustomPaddedHBoxLayout(0), rail, widget.NewSeparator())
	foot := container.New(layout.NewCustomPaddedVBoxLayout(0), widget.NewSeparator(), f.status.content)
	f.guard = &focus.Guard{Window: deps.Window, Home: f.focus}
	f.content = container.New(frameLayout{f.guard.Check}, left, right, foot)
	deps.Window.Canvas().SetOnTypedKey(f.typed)
	next, previous := focus.TabKeys()
	for _, key := range next {
		deps.Window.Canvas().AddShortcut(key, func(fyne.Shortcut) { f.step(1) })
	}
	for _, key := range previous {
		deps.Window.Canvas().AddShortcut(key, func(fyne.Shortcut) { f.step(-1) })
	}
	return f
}

// focus gives the focus to the current place.
func (f *Frame) focus() {
	if f.current < 0 || focus.Return(f.deps.Window.Canvas(), f.focused[f.current]) {
		return
	}
	if p, ok := f.deps.Entries[f.current].Place.(Focuser); ok {
		p.Focus()
	}
}

// step moves to another tab of the dialog or place in front.
func (f *Frame) step(by int) {
	front := fyne.CanvasObject(f.place)
	if over := f.deps.Window.Canvas().Overlays().Top(); over != nil {
		front = over
	}
	if t := tabs.In(front); t != nil {
		t.Step(by)
	}
}

// typed handles keys that the focused control does not.
func (f *Frame) typed(ev *fyne.KeyEvent) {
	if f.current < 0 || f.deps.Window.Canvas().Overlays().Top() != nil {
		return
	}
	switch ev.Name {
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyHome, fyne.KeyEnd:
		// After a click on a button nothing has the focus. These keys only navigate, so the place gets them.
		if f.focus(); f.deps.Window.Canvas().Focused() != nil {
			f.deps.Window.Canvas().Focused().TypedKey(ev)
		}
		return
	case fyne.KeyEscape:
	default:
		return
	}
	if p, ok := f.deps.Entries[f.current].Place.(Backer); ok {
		p.Back()
	}
}

func (f *Frame) Content() fyne.CanvasObject { return f.content }

// Current returns the key of the place that is shown.
func (f *Frame) Current() string {
	if f.current < 0 {
		return ""
	}
	return f.deps.Entries[f.current].Key
}

// Go shows a place, once the current one has no unsaved edits, and opens what args say. It ignores an unknown key.
func (f *Frame) Go(key string, args ...any) {
	for i, e := range f.deps.Entries {
		if e.Key == key {
			f.leave(i, func() { f.show(i, args) })
			return
		}
	}
}

// choose is called by the rail.
func (f *Frame) choose(i int) {
	if i == f.current {
		if p, ok := f.deps.Entries[i].Place.(Homer); ok {
			f.guarded(func() { f.home(p) })
		}
		return
	}
	f.leave(i, func() { f.show(i, nil) })
}

// home shows the first page of the current place, and gives it the focus if it takes that.
func (f *Frame) home(p Homer) {
	cv := f.deps.Window.Canvas()
	focused := cv.Focused()
	cv.Unfocus()
	p.Home()
	f.focus()
	focus.Return(cv, focused)
}

func (f *Frame) leave(to int, then func()) {
	if to == f.current {
		then()
		return
	}
	f.guarded(then)
}

// guarded calls then once the current place has no unsaved edits.
func (f *Frame) guarded(then func()) {
	if f.current >= 0 {
		if p, ok := f.deps.Entries[f.current].Place.(Guarded); ok {
			p.Leave(then)
			return
		}
	}
	then()
}

// Leave calls then once the current place has no unsaved edits, as before the window closes.
func (f *Frame) Leave(then func()) { f.guarded(then) }

func (f *Frame) show(i int, args []any) {
	if i != f.current {
		if f.current >= 0 {
			if p, ok := f.deps.Entries[f.current].Place.(Hider); ok {
				p.Hidden()
			}
		}
		f.swap(i)
		f.rail.choose(i)
		f.header.update()
		f.drawn[i].Shown()
		if p, ok := f.deps.Entries[i].Place.(Shower); ok {
			p.Shown()
		}
	}
	if p, ok := f.deps.Entries[i].Place.(Opener); ok && len(args) > 0 {
		p.Open(args...)
	}
	f.focus()
}

// swap shows another place, and remembers what had the focus in the previous one.
func (f *Frame) swap(i int) {
	cv := f.deps.Window.Canvas()
	focused := cv.Focused()
	delete(f.focused, f.current)
	if focus.Swap(f.place, f.deps.Entries[i].Place.Content()) {
		f.focused[f.current] = focused
	}
	f.current = i
	cv.Unfocus()
}

// save saves the edits in the current place.
func (f *Frame) save() {
	if f.current < 0 {
		return
	}
	if p, ok := f.deps.Entries[f.current].Place.(Saver); ok {
		p.Save()
	}
}

// find opens the search of the current place.
func (f *Frame) find() {
	if f.current < 0 {
		return
	}
	if p, ok := f.deps.Entries[f.current].Place.(Finder); ok {
		p.Find()
	}
}

// Changed tells the current place that the database has changed.
func (f *Frame) Changed() {
	if f.current < 0 {
		return
	}
	if p, ok := f.deps.Entries[f.current].Place.(Follower); ok {
		p.Changed()
	}
}

// SetProject sets the open project; an empty name means that none is open. environment is the one to choose; if it is not one of
// environments the first of them is chosen.
func (f *Frame) SetProject(name string, environments []string, environment string) {
	f.header.setProject(name, environments, environment)
}

// Project returns the open project and the chosen environment.
func (f *Frame) Project() (name, environment string) { return f.header.project, f.header.environment }

func (f *Frame) SetTools(tools []settings.Program) { f.status.setTools(tools) }

func (f *Frame) SetRunning(runs []RunningRun) { f.status.setRunning(runs) }

// SetTools sets which programs the status bar shows.
// SetRunning sets the runs in progress.
func (f *Frame) Running() []RunningRun { return f.status.runs }

// Say shows a message in the status bar, such as that something was saved. An empty text clears it.
func (f *Frame) Say(text string) { f.status.say(text) }

// inFront wraps the action of a menu item, so that its shortcut does nothing while a dialog or a list is open.
func (f *Frame) inFront(do func()) func() {
	return func() {
		if f.deps.Window.Canvas().Overlays().Top() == nil && do != nil {
			do()
		}
	}
}

func (f *Frame) stepItem(label string, by int) *fyne.MenuItem {
	next, previous := focus.TabKeys()
	m := fyne.NewMenuItem(label, func() { f.step(by) })
	m.Shortcut = next[0]
	if by < 0 {
		m.Shortcut = previous[0]
	}
	return m
}

// Menu returns the main menu. All shortcuts belong to it, because they work whatever has the focus.
func (f *Frame) Menu() *fyne.MainMenu {
	item := func(label string, key fyne.KeyName, do func()) *fyne.MenuItem {
		m := fyne.NewMenuItem(label, f.inFront(do))
		if key != "" {
			m.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
		}
		return m
	}
	var file []*fyne.MenuItem
	if f.deps.More != nil {
		for _, m := range f.deps.More() {
			m.Action = f.inFront(m.Action)
			file = append(file, m)
		}
	}
	if len(file) > 0 {
		file = append(file, fyne.NewMenuItemSeparator())
	}
	quit := item(lang.L("Quit"), fyne.KeyQ, nil)
	quit.Action, quit.IsQuit = f.deps.OnQuit, true
	file = append(file, quit)

	var places []*fyne.MenuItem
	digits := []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9}
	for _, e := range f.deps.Entries {
		if e.Of == "" && len(places) < len(digits) {
			places = append(places, item(e.Label, digits[len(places)], func() { f.Go(e.Key) }))
		}
	}
	run := []*fyne.MenuItem{item(lang.L("Run the project"), fyne.KeyR, f.header.run)}
	if f.deps.OnRehearse != nil {
		run = append(run, item(lang.L("Rehearse the project…"), "", f.header.rehearse))
	}
	if f.deps.OnStop != nil {
		stop := item(lang.L("Stop the run"), fyne.KeyPeriod, nil)
		stop.Action = f.deps.OnStop // a run can be stopped even while a dialog is open
		run = append(run, stop)
	}
	places = append(places, fyne.NewMenuItemSeparator(), f.stepItem(lang.L("Next tab"), 1), f.stepItem(lang.L("Previous tab"), -1))
	save, find := item(lang.L("Save"), fyne.KeyS, f.save), item(lang.L("Find…"), fyne.KeyF, f.find)
	return fyne.NewMainMenu(
		fyne.NewMenu(lang.L("File"), file...),
		fyne.NewMenu(lang.L("Edit"), save, fyne.NewMenuItemSeparator(), find),
		fyne.NewMenu(lang.L("Go"), places...),
		fyne.NewMenu(lang.L("Run"), run...),
		fyne.NewMenu(lang.L("Help"), item(lang.L("About Stepdeck"), "", f.deps.OnAbout)),
	)
}
