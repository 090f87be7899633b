// Package uitest runs screens without a display and without data races: what is passed to fyne.Do is queued and runs on the test's own
// goroutine, as the real driver runs it on the main one. Fyne's stock test driver runs it on the caller's goroutine instead, which is a
// race by construction.
//
// A test drives its screen with the helpers of fyne.io/fyne/v2/test and pumps the queue with Until:
//
//	a := uitest.New(t)
//	w := a.Show(screen.Content(), fyne.NewSize(700, 500))
//	test.Tap(screen.run)
//	a.Until("the run's end", func() bool { return screen.status.Text == "Done" })
//
// One window per test and no t.Parallel: the current app is a global of Fyne's.
package uitest

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Patience is how long Until waits before it fails the test.
const Patience = 60 * time.Second

// App is a headless app whose main goroutine is the test's.
type App struct {
	fyne.App
	t   testing.TB
	drv *driver
}

// New installs the app. It stays after the test has ended, with its queue closed, until the next one comes: what a
// goroutine of the test still posts is dropped then, where Fyne's stock app would run it on that goroutine.
func New(t testing.TB) *App {
	t.Helper()
	inner := test.NewApp()
	a := &App{App: inner, t: t, drv: &driver{Driver: inner.Driver(), queue: newQueue(t)}}
	fyne.SetCurrentApp(a)
	t.Cleanup(a.drv.queue.close)
	return a
}

// Driver gives the queueing driver.
func (a *App) Driver() fyne.Driver { return a.drv }

// Show puts content into a window of that size, without padding, until the test ends.
func (a *App) Show(content fyne.CanvasObject, size fyne.Size) fyne.Window {
	w := a.NewWindow("test")
	w.SetPadded(false)
	w.SetContent(content)
	w.Resize(size)
	a.t.Cleanup(w.Close)
	return w
}

// Until pumps queued work until cond holds. What names the thing awaited, for the message of the failed test.
func (a *App) Until(what string, cond func() bool) {
	a.t.Helper()
	deadline := time.NewTimer(Patience)
	defer deadline.Stop()
	again := time.NewTicker(5 * time.Millisecond) // cond may look at something that is not told through fyne.Do
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
			a.t.Fatalf("waited %v in vain for %s", Patience, what)
		}
	}
}

// Pump runs what is queued now, and what that queues in turn, without waiting for anything.
func (a *App) Pump() {
	for {
		f, ok := a.drv.queue.take()
		if !ok {
			return
		}
		f.run()
	}
}

// PumpFor runs queued work for d. It is for showing that something does not happen; wait for what does happen with Until.
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

// Picture writes what the window shows to a PNG file, for a person to look at.
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

// Key returns the event of a key that is pressed.
func Key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }
