package desktop

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens"
	"github.com/stepdeck/stepdeck/screens/projects"
	"github.com/stepdeck/stepdeck/screens/runs"
	"github.com/stepdeck/stepdeck/screens/settings"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/welcome"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// Keys of the settings that the window keeps for itself.
const (
	settingWidth  = "window.width"
	settingHeight = "window.height"
	settingPlace  = "window.place"
)

// window is the program's one window and all that it stands on.
type window struct {
	ctx      context.Context //nolint:containedctx // the window's own life
	services *app.Services
	log      *slog.Logger
	command  engine.Options // that runs
	unusable reason         // why the command can't be used

	app      fyne.App
	win      fyne.Window
	frame    *screens.Frame
	runs     *runs.Place
	fonts    *monogrid.Fonts
	places   map[string]screens.Place
	kept     map[string]string // settings as they were at the start
	projects *projects.Place
	welcome  *welcome.Place
	settings *settings.Place
	asker    *asker
	said     int // words in the status bar so far
	closing  bool
	choosing bool // a window of the system asks for a file
}

func (w *window) build() error {
	var err error
	if w.kept, err = w.services.Settings().Kept(w.ctx); err != nil {
		return err
	}
	w.app.Settings().SetTheme(theme.New(themeMode(w.services.Settings().Now().Theme())))
	w.win = w.app.NewWindow("Stepdeck")
	w.win.SetMaster()
	w.asker.show(w.win)
	w.win.SetPadded(false)
	w.runs = runs.New(runs.Deps{
		Window: w.win, Store: w.services.Runs(), Planner: w.services.Runs(), Engine: w, Scripts: w.services.Runs().Seen(), Fonts: w.fonts,
		Again: w.services.Runs().Again, Save: w.chooseNew, SaveSecret: w.saveSecret, Navigate: func(to string, args ...any) { w.frame.Go(to, args...) }, EditStep: func(project, step string) { w.frame.Go(placeProjects, project, step) },
		Who: app.Who(os.Environ()),
	})
	w.frame = screens.New(screens.Deps{
		Window: w.win, Entries: w.entries(), Projects: w.listProjects, OnProject: w.openProject, OnEnvironment: w.choseEnvironment,
		OnRun: func(project, environment string) {
			w.projects.BeforeRun(func() { w.runs.Start(runs.Wanted{Project: project, Environment: environment}) })
		},
		OnStop: w.runs.StopShown, OnAbout: w.about, OnQuit: w.quit, More: w.fileMenu,
	})
	w.win.SetContent(w.frame.Content())
	w.win.SetMainMenu(w.frame.Menu())
	w.win.SetCloseIntercept(w.quit)
	w.win.Resize(fyne.NewSize(w.length(settingWidth, 1120, 760), w.length(settingHeight, 720, 480)))
	w.win.CenterOnScreen()
	w.win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { w.dropped(files) })
	return nil
}

// fileMenu is the upper part of the File menu.
func (w *window) fileMenu() []*fyne.MenuItem {
	begin := fyne.NewMenuItem(lang.L("New from script or package…"), w.begin)
	begin.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierShortcutDefault}
	item := fyne.NewMenuItem(lang.L("Import…"), w.chooseImport)
	item.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyO, Modifier: fyne.KeyModifierShortcutDefault}
	return []*fyne.MenuItem{begin, item}
}

// changed tells what is in sight that something has changed in the database.
func (w *window) changed() {
	w.frame.Changed()
	if w.frame.Current() == placeProjects {
		w.runs.TabChanged()
	}
}

// length reads a kept size; one that no screen has is not taken.
func (w *window) length(key string, usual, least float32) float32 {
	n, err := strconv.ParseFloat(w.kept[key], 32)
	if err != nil || n > 20_000 {
		return usual
	}
	return max(least, float32(n))
}

// start shows what was in sight the last time.
func (w *window) start() {
	first := w.kept[settingPlace]
	if !w.has(first) {
		first = ""
	}
	w.open(first)
}

// started begins what goes on while the window is open. The first frame is there by now: programs that are asked for their
// version would hold it up.
func (w *window) started(asked message) {
	go w.watchChanges()
	go w.findTools()
	go w.checkEngine()
	go w.lookForUpdate()
	go giveBack(w.ctx)
	if asked.File != "" {
		w.front(asked)
	}
	watch(w)
}

func (w *window) has(key string) bool { _, ok := w.places[key]; return ok }

// open shows the place of that key, or the usual first one.
func (w *window) open(key string) {
	if key == "" {
		key = w.firstPlace()
	}
	w.frame.Go(key)
}

// remember keeps what the next window is to look like. It is called when this one is gone.
func (w *window) remember() {
	size := w.win.Canvas().Size()
	whole := func(f float32) string { return strconv.Itoa(int(f)) }
	values := map[string]string{settingPlace: w.frame.Current()}
	if size.Width > 0 && size.Height > 0 {
		values[settingWidth], values[settingHeight] = whole(size.Width), whole(size.Height)
	}
	if err := w.services.Settings().Keep(context.WithoutCancel(w.ctx), values); err != nil {
		w.log.Warn("the window's size is not kept", "error", err)
	}
}

// front answers a later start: this window comes to the front, with what was asked for.
func (w *window) front(m message) {
	w.win.Show()
	w.win.RequestFocus()
	switch {
	case m.File == "":
	case w.answering():
		w.refuse()
	default:
		w.openFile(m.File)
	}
}

// quit closes the window once nothing unsaved is in the way. Runs go on, which is said.
func (w *window) quit() {
	if w.closing {
		return
	}
	w.frame.Leave(func() {
		going := w.frame.Running()
		if len(going) == 0 {
			w.close()
			return
		}
		text := lang.L("{{.Run}} goes on without the window. Open Stepdeck again to see it, or to stop it.", map[string]any{"Run": going[0].Title()})
		if len(going) > 1 {
			text = lang.L("{{.Count}} runs go on without the window. Open Stepdeck again to see them, or to stop them.", map[string]any{"Count": len(going)})
		}
		dialog.Ask(w.win, dialog.Question{Title: lang.L("Close the window?"), Text: text, Yes: lang.L("Close"), OnYes: w.close})
	})
}

func (w *window) close() {
	w.closing = true
	w.win.Close()
}

// listProjects lists the projects in the background.
func (w *window) listProjects(got func([]string)) {
	go func() {
		list, err := w.services.Projects().Projects(w.ctx)
		if err != nil {
			return // the place says so itself
		}
		names := make([]string, len(list))
		for i, p := range list {
			names[i] = p.Name
		}
		slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
		fyne.Do(func() { got(names) })
	}()
}

const (
	lookEvery   = 250 * time.Millisecond // while a run goes on
	glanceEvery = time.Second            // otherwise
)

// watchChanges tells the place in sight of changes in the database, by whomever, and the status bar of runs.
func (w *window) watchChanges() {
	changes, err := w.services.Data().Changes(w.ctx)
	if err != nil {
		w.log.Warn("changes by others are not seen", "error", err)
		return
	}
	defer changes.Close() //nolint:errcheck // the program ends
	running := w.running()
	var swept time.Time
	told := false
	for {
		every := glanceEvery
		if running > 0 {
			every = lookEvery
		}
		select {
		case <-w.ctx.Done():
			return
		case <-time.After(every):
		}
		changed, err := changes.Changed(w.ctx)
		switch {
		case w.ctx.Err() != nil:
			return
		case err != nil:
			w.log.Warn("look for changes", "error", err)
		case changed:
			running = w.running()
			fyne.Do(w.changed)
		}
		if err := w.services.Data().InPlace(); err != nil != told {
			if told = err != nil; told {
				fyne.Do(func() { dialog.ShowError(w.win, lang.L("The data is gone"), err) })
			}
		}
		if running > 0 && time.Since(swept) >= glanceEvery {
			swept = time.Now()
			running = w.alive(running)
		}
	}
}
