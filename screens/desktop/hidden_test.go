package desktop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// page is a page of the window, with a word that only this page shows.
type page struct {
	name, word string
	open       func(w *window)
	of         string // a word of the page from which tabs times Ctrl+Tab leads here
	tabs       int
}

// pages lists all pages of the window. The test fails for a place without a page.
func pages() []page {
	goTo := func(key string, args ...any) func(w *window) {
		return func(w *window) { w.frame.Go(key, args...) }
	}
	process, accounts := goTo(placeProjects, "Chatty"), goTo(placeAccounts, "Ana")
	return []page{
		{name: "projects", word: "New project", open: goTo(placeProjects, "")},
		{name: "process", word: "Add step", open: process},
		{name: "step", word: "Script Content", open: goTo(placeProjects, "Chatty", "Quick")},
		{name: "variables", word: "Add Variable", open: process, of: "Add step", tabs: 1},
		{name: "project's runs", word: "Every status", open: process, of: "Add step", tabs: 2},
		{name: "accounts", word: "Test all", open: accounts},
		{name: "AWS accounts", word: "Add AWS account", open: accounts, of: "Test all", tabs: 1},
		{name: "packages", word: "Package id", open: goTo(placePackages)},
		{name: "welcome", word: "Drop a script or a package here", open: goTo(placeWelcome, "")},
		{name: "runs", word: "All projects", open: goTo(placeRuns, "")},
		{name: "run", word: "First error", open: goTo(placeRuns, int64(1))},
		{name: "settings", word: "Data folder", open: goTo(placeSettings)},
	}
}

// show opens p and waits until it is shown.
func (p page) show(a *uitest.App, w *window) {
	p.open(w)
	sees := func(word string) {
		a.UntilDrawn(w.win, word+" on the page "+p.name, func() bool { return strings.Contains(texts(w), word) })
	}
	if p.of != "" {
		sees(p.of)
		w.tab(p.tabs)
	}
	sees(p.word)
}

// tab presses Ctrl+Tab.
func (w *window) tab(times int) {
	for range times {
		w.win.Canvas().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyTab, Modifier: fyne.KeyModifierControl})
	}
}

// openTestWindow opens the window in memory, with data for every place.
func openTestWindow(t *testing.T) (*uitest.App, *window) {
	t.Helper()
	ctx := t.Context()
	a := uitest.New(t)
	dir := t.TempDir()
	services, err := app.Open(ctx, app.Options{
		DataDir: dir, Environ: []string{"HOME=" + dir, "PATH=" + dir}, Version: app.NewVersion("1.2.3", "abcdef"), Log: discardLog(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = services.Close() })
	fonts, err := monogrid.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	st := openStore(t, services)
	if err := knowPrograms(ctx, services, st); err != nil {
		t.Fatal(err)
	}
	fill(t, st)
	w := &window{app: a, fonts: fonts, ctx: ctx, services: services, log: discardLog(), prompt: &passphrasePrompt{}}
	w.commandErr.set(errors.New("nothing runs in this test"))
	if err := w.build(); err != nil {
		t.Fatal(err)
	}
	w.win.Resize(fyne.NewSize(1120, 720))
	t.Cleanup(w.win.Close)
	w.win.Show()
	w.start()
	return a, w
}

func fill(t *testing.T, st *store.Store) {
	t.Helper()
	ctx := t.Context()
	quick, slow := model.NewStep("Quick"), model.NewStep("Slow")
	for _, s := range []*model.Step{&quick, &slow} {
		s.AWS.Account, s.Script = model.NoAccount, model.Script{Source: model.SourceInline, Language: model.Bash, Body: "true\n"}
	}
	for _, name := range []string{"Chatty", "Other"} {
		p := model.Project{
			Name: name, Environments: []string{"Staging"}, Steps: []model.Step{quick, slow},
			Variables: []model.Variable{{Name: "Greeting", Type: model.TypeText, Value: "hello"}},
		}
		if _, err := st.SaveProject(ctx, &p); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Ana", "Ben"} {
		if err := st.SaveAccount(ctx, &model.Account{Name: name, Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.SaveAWSAccount(ctx, model.AWSAccount{ID: "123456789012", Label: "Shop"}); err != nil {
		t.Fatal(err)
	}
	pkg := model.Package{
		Name: "Acme", Version: "1.0.0", Format: "zip", FileName: "Acme.1.0.0.zip", SHA256: strings.Repeat("ab", 32), Imported: time.Now(),
	}
	if err := st.SavePackage(ctx, &pkg, false); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		run := model.Run{Project: "Chatty", Status: model.Running, Started: time.Now()}
		if err := st.CreateRun(ctx, &run); err != nil {
			t.Fatal(err)
		}
		run.Status, run.Finished = model.Succeeded, time.Now()
		if err := st.FinishRun(ctx, run); err != nil {
			t.Fatal(err)
		}
	}
}

// shown calls do for every visible object of the window.
func shown(w *window, do func(fyne.CanvasObject)) {
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		do(o)
		switch o := o.(type) {
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
	for _, root := range append([]fyne.CanvasObject{w.win.Canvas().Content()}, w.win.Canvas().Overlays().List()...) {
		walk(root)
	}
}

// texts returns the visible texts of the window, including those of fields.
func texts(w *window) string {
	var list []string
	shown(w, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *canvas.Text:
			list = append(list, o.Text)
		case *widget.Label:
			list = append(list, o.Text)
		}
	})
	return strings.Join(list, "\n")
}

// focusables returns the visible objects that can have the focus.
func focusables(w *window) (list []fyne.Focusable) {
	shown(w, func(o fyne.CanvasObject) {
		if f, ok := o.(fyne.Focusable); ok {
			list = append(list, f)
		}
	})
	return list
}

// stored formats the content of the database.
func stored(t *testing.T, st *store.Store) string {
	t.Helper()
	ctx := t.Context()
	var all []any
	keep := func(x any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, x)
	}
	for _, name := range []string{"Chatty", "Other"} {
		p, err := st.Project(ctx, name)
		keep(p, err)
	}
	accounts, err := st.Accounts(ctx)
	keep(accounts, err)
	aws, err := st.AWSAccounts(ctx)
	keep(aws, err)
	packages, err := st.Packages(ctx)
	keep(packages, err)
	runs, err := st.Runs(ctx, model.RunFilter{})
	keep(runs, err)
	settings, err := st.Settings(ctx)
	keep(settings, err)
	return fmt.Sprintf("%+v", all)
}

// pressAll sends keys to f as Fyne does while it has not noticed that f is hidden.
func pressAll(f fyne.Focusable) {
	for _, key := range []fyne.KeyName{
		fyne.KeyDelete, fyne.KeyBackspace, fyne.KeyDown, fyne.KeyUp, fyne.KeyLeft, fyne.KeyRight, fyne.KeyReturn, fyne.KeySpace, fyne.KeyEscape,
	} {
		f.TypedKey(&fyne.KeyEvent{Name: key})
	}
	f.TypedRune(' ')
	if s, ok := f.(fyne.Shortcutable); ok {
		s.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyUp, Modifier: fyne.KeyModifierAlt})
	}
}

// selectRows selects a row in each visible table, so that there is something to delete.
func selectRows(w *window) {
	for _, f := range focusables(w) {
		if strings.HasSuffix(fmt.Sprintf("%T", f), ".rowList") {
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
	}
}

// Visits every page and, on each, sends keys to the parts of all other pages and to the object that had the focus there.
func TestHiddenPagesIgnoreKeys(t *testing.T) {
	a, w := openTestWindow(t)
	parts := map[string][]fyne.Focusable{}
	places := map[string]bool{}
	for _, p := range pages() {
		p.show(a, w)
		selectRows(w)
		parts[p.name] = focusables(w)
		places[w.frame.Current()] = true
	}
	for key := range w.places {
		if !places[key] {
			t.Errorf("the place %q has no page in this test", key)
		}
	}
	before := stored(t, openStore(t, w.services))
	for _, from := range pages() {
		for _, to := range pages() {
			if from.name == to.name {
				continue
			}
			from.show(a, w)
			selectRows(w)
			last := w.win.Canvas().Focused()
			parts[from.name] = focusables(w) // some are new
			to.show(a, w)
			visible, place := focusables(w), w.frame.Current()
			if now := w.win.Canvas().Focused(); now != nil && !slices.Contains(visible, now) {
				t.Errorf("from %s to %s: the hidden %T has the focus", from.name, to.name, now)
			}
			for _, f := range append(parts[from.name], last) {
				if f == nil || slices.Contains(visible, f) {
					continue
				}
				pressAll(f)
				if w.win.Canvas().Overlays().Top() != nil || w.frame.Current() != place {
					t.Fatalf("%s is shown, but a key on %T of %s leads to %s or opens something", to.name, f, from.name, w.frame.Current())
				}
			}
			a.Pump()
			if strings.Contains(texts(w), "was deleted") {
				t.Errorf("%s is shown, but keys on %s deleted something", to.name, from.name)
			}
		}
	}
	w.frame.Leave(func() {}) // makes deletions final
	a.PumpFor(100 * time.Millisecond)
	if now := stored(t, openStore(t, w.services)); now != before {
		t.Errorf("the database had\n%s\nand has\n%s", before, now)
	}
}

// openStore opens the database of s a second time, as another process would.
func openStore(t *testing.T, s *app.Services) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Dir: s.Data().Dir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}
