package desktop

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens"
	"github.com/stepdeck/stepdeck/screens/projects"
	"github.com/stepdeck/stepdeck/screens/runs"
	"github.com/stepdeck/stepdeck/screens/settings"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/welcome"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// Keys of the window's own settings.
const (
	settingWidth  = "window.width"
	settingHeight = "window.height"
	settingPlace  = "window.place"
)

// window is the program's only window, with the services and screens behind it.
type window struct {
	ctx        context.Context //nolint:containedctx // ends when the window closes
	services   *app.Services
	log        *slog.Logger
	command    engine.Options // of the command that performs runs
	commandErr atomicError    // why the command can't be used

	app      fyne.App
	win      fyne.Window
	frame    *screens.Frame
	runs     *runs.Place
	fonts    *monogrid.Fonts
	places   map[string]screens.Place
	saved    map[string]string // the window's settings as of its start
	projects *projects.Place
	welcome  *welcome.Place
	settings *settings.Place
	prompt   *passphrasePrompt
	messages int // shown in the status bar so far
	closing  bool
	watchers []*func() // called after a change of the database
	choosing bool      // a file dialog of the system is open
}

func (w *window) build() error {
	var err error
	if w.saved, err = w.services.Settings().Kept(w.ctx); err != nil {
		return err
	}
	w.app.Settings().SetTheme(theme.New(themeMode(w.services.Settings().Now().Theme())))
	w.win = w.app.NewWindow("Stepdeck")
	w.win.SetMaster()
	w.prompt.show(w.win)
	w.win.SetPadded(false)
	w.runs = runs.New(runs.Deps{
		Window: w.win, Store: w.services.Runs(), Planner: w.services.Runs(), Engine: w, Scripts: w.services.Runs().Seen(), Fonts: w.fonts,
		Again: w.services.Runs().Again, Save: w.chooseNew, Choose: w.choose, SaveFolder: w.chooseFolder, OpenPath: w.openPath,
		SaveSecret: w.saveSecret, EnterCode: w.services.Accounts().EnterCode, SignIn: w.signIn, LastSignIn: w.services.SignIns().LastSignIn,
		Who: app.Who(os.Environ()), Account: w.services.Accounts().Account,
		Navigate: func(to string, args ...any) { w.frame.Go(to, args...) },
		EditStep: func(project, step string) { w.frame.Go(placeProjects, project, step) },
		Pins:     w.services.Projects(),
		Tools:    w.missingTools(),
	})
	w.frame = screens.New(screens.Deps{
		Window: w.win, Entries: w.entries(), Projects: w.listProjects, OnProject: w.openProject, OnEnvironment: w.choseEnvironment,
		OnRun: func(project, environment string) {
			w.projects.BeforeRun(func() {
				w.runs.Start(runs.Wanted{Project: project, RunOptions: model.RunOptions{Environment: environment}})
			})
		},
		OnRehearse: func(project, environment string) {
			w.projects.BeforeRun(func() {
				options := model.RunOptions{Environment: environment, Rehearsal: &model.Rehearsal{}}
				w.runs.Start(runs.Wanted{Project: project, RunOptions: options})
			})
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

// fileMenu returns the first items of the File menu.
func (w *window) fileMenu() []*fyne.MenuItem {
	fromFile := fyne.NewMenuItem(lang.L("New from script or package…"), w.openWelcome)
	fromFile.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierShortcutDefault}
	item := fyne.NewMenuItem(lang.L("Import…"), w.chooseImport)
	item.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyO, Modifier: fyne.KeyModifierShortcutDefault}
	return []*fyne.MenuItem{fromFile, item}
}

// changed updates what is shown after a change in the database.
func (w *window) changed() {
	w.frame.Changed()
	if w.frame.Current() == placeProjects {
		w.runs.TabChanged()
	}
	for _, changed := range w.watchers {
		(*changed)()
	}
}

// length returns a saved width or height, at least least, or usual if none is saved or it is larger than any screen.
func (w *window) length(key string, usual, least float32) float32 {
	n, err := strconv.ParseFloat(w.saved[key], 32)
	if err != nil || n > 20_000 {
		return usual
	}
	return max(least, float32(n))
}

// start opens the place that was open last time.
func (w *window) start() {
	first := w.saved[settingPlace]
	if _, ok := w.places[first]; !ok {
		first = placeProjects
	}
	w.frame.Go(first)
}

// started starts the background work. It is called after the first frame, which the search for tools would delay.
func (w *window) started(request message) {
	w.harden()
	go w.watchChanges()
	go w.findTools()
	go w.checkEngine()
	go w.lookForUpdate()
	go freeStartMemory(w.ctx)
	if len(request.files()) > 0 {
		w.front(request)
	}
	serveView(w)
}

// remember saves the size and the place for the next start. It is called after the window has closed.
func (w *window) remember() {
	size := w.win.Canvas().Size()
	whole := func(f float32) string { return strconv.Itoa(int(f)) }
	values := map[string]string{settingPlace: w.frame.Current()}
	if size.Width > 0 && size.Height > 0 {
		values[settingWidth], values[settingHeight] = whole(size.Width), whole(size.Height)
	}
	if err := w.services.Settings().Keep(context.WithoutCancel(w.ctx), values); err != nil {
		w.log.Warn("the window's size is not saved", "error", err)
	}
}

// front handles the request of a later start: the window comes to the front and opens the requested files.
func (w *window) front(m message) {
	w.win.Show()
	w.win.RequestFocus()
	switch {
	case len(m.files()) == 0:
	case w.inDialog():
		w.refuse()
	default:
		w.openFiles(m.files())
	}
}

// quit closes the window after the user has dealt with unsaved edits and has been told which runs continue.
func (w *window) quit() {
	if w.closing {
		return
	}
	w.frame.Leave(func() {
		running := w.frame.Running()
		if len(running) == 0 {
			w.close()
			return
		}
		text := plural.N("{{.Run}} keeps running without the window. Open Stepdeck again to watch or stop it.",
			"{{.Count}} runs keep running without the window. Open Stepdeck again to watch or stop them.",
			len(running), map[string]any{"Run": running[0].Title()})
		dialog.Ask(w.win, dialog.Question{Title: lang.L("Close the window?"), Text: text, Yes: lang.L("Close"), OnYes: w.close})
	})
}

func (w *window) close() {
	w.closing = true
	w.win.Close()
}

// listProjects calls got with the names of the projects, sorted.
func (w *window) listProjects(got func([]string)) {
	go func() {
		list, err := w.services.Projects().Projects(w.ctx)
		if err != nil {
			return // the projects' screen shows the error
		}
		names := make([]string, len(list))
		for i, p := range list {
			names[i] = p.Name
		}
		slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
		fyne.Do(func() { got(names) })
	}()
}
