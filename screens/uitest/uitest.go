// Package uitest runs screens without a display and without data races: functions passed to fyne.Do are queued and run on the test's own
// goroutine, as the real driver runs them on the main one. Fyne's own test driver runs them on the caller's goroutine, which is a race.
//
// A test drives its screen with the helpers of fyne.io/fyne/v2/test and pumps the queue with Until:
//
//	a := uitest.New(t)
//	w := a.Show(screen.Content(), fyne.NewSize(700, 500))
//	test.Tap(screen.run)
//	a.Until("the run's end", func() bool { return screen.status.Text == "Done" })
//
// Use one window per test and no t.Parallel, because Fyne's current app is a global.
package uitest

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/app/looks"
)

// patience is how long Until waits before it fails the test.
const patience = 60 * time.Second

// App is a headless app whose main goroutine is that of the test.
type App struct {
	fyne.App
	t   testing.TB
	drv *driver
}

// New makes an app and installs it as Fyne's current one. It stays installed after the test, with its queue closed, until the next New:
// late posts of the test's goroutines are dropped, where Fyne's own app would run them on those goroutines.
func New(t testing.TB) *App {
	t.Helper()
	speak(t)
	inner := test.NewApp()
	a := &App{App: inner, t: t, drv: &driver{Driver: inner.Driver(), queue: newQueue(t)}}
	fyne.SetCurrentApp(a)
	t.Cleanup(a.drv.queue.close)
	return a
}

// speak loads the English catalogue, without which plurals are reported as missing. It chooses English by LANGUAGE: Fyne reports
// a container's C.UTF-8 as a locale that it can't read, and LC_ALL would have Bash warn of a locale that is not installed.
func speak(t testing.TB) {
	t.Helper()
	t.Setenv("LANGUAGE", "en")
	words, err := looks.Words()
	if err == nil {
		err = lang.AddTranslationsForLocale(words["en"], "en")
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (a *App) Driver() fyne.Driver { return a.drv }

// Show opens a window of that size with content, without padding. It is closed when the test ends.
func (a *App) Show(content fyne.CanvasObject, size fyne.Size) fyne.Window {
	w := a.NewWindow("test")
	w.SetPadded(false)
	w.SetContent(content)
	w.Resize(size)
	a.t.Cleanup(w.Close)
	return w
}

// Until runs queued work until cond holds. what is what it waits for, for the message if it never does.
func (a *App) Until(what string, cond func() bool) {
	a.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	again := time.NewTicker(5 * time.Millisecond) // cond may depend on something other than fyne.Do
	defer again.Stop()
	for !cond() {
		if f, ok := a.drv.queue.take(); ok {
			f.run()
			continue
		}
		select {
		case <-a.drv.queue.wake:
		case <-again.C:
		case <-deadline.C:
			a.t.Fatalf("gave up waiting for %s after %v", what, patience)
		}
	}
}

// Pump runs queued work, and the work that it queues, without waiting for more.
func (a *App) Pump() {
	for {
		f, ok := a.drv.queue.take()
		if !ok {
			return
		}
		f.run()
	}
}

// PumpFor runs queued work for d, to show that something does not happen. To wait for something that does, use Until.
func (a *App) PumpFor(d time.Duration) {
	end := time.NewTimer(d)
	defer end.Stop()
	for {
		a.Pump()
		select {
		case <-a.drv.queue.wake:
		case <-end.C:
			a.Pump()
			return
		}
	}
}

// Picture writes the window's picture to a PNG file, for a person to look at.
func (a *App) Picture(w fyne.Window, path string) {
	a.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		a.t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		a.t.Fatal(err)
	}
	if err := png.Encode(f, w.Canvas().Capture()); err != nil {
		a.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		a.t.Fatal(err)
	}
}

// Key returns the event of a key press.
func Key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }
