// Package desktop opens the window on the services.
package desktop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/looks"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// ID names the program to the system, as in FyneApp.toml.
const ID = "io.github.stepdeck.stepdeck"

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
)

// Main opens the window and gives the program's exit code once it is closed.
func Main(args []string, number, commit string) int {
	if err := open(args, app.NewVersion(number, commit)); err != nil {
		complain(err.Error())
		return exitFailed
	}
	return exitOK
}

func open(args []string, version app.Version) error {
	environ := os.Environ()
	dir, err := app.DataDir("", environ)
	if err != nil {
		return err
	}
	// Before anything is opened in it: where everybody may write, a file's name can be a link to something else.
	if err := app.PrepareDataDir(dir); err != nil {
		return err
	}
	asked, err := newMessage(args)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	own, err := takeInstanceLock(ctx, dir, asked, lockPatience)
	if err != nil || own == nil {
		return err // the window that is open already comes to the front
	}
	defer own.release()
	toolkit, err := newApp()
	if err != nil {
		return err
	}
	reading := readFonts()
	if err := checkGraphics(); err != nil {
		return err
	}
	read := <-reading
	if read.err != nil {
		return read.err
	}
	crashes := keepCrashes(dir)
	defer crashes.close()

	log, closeLog := openLog(dir)
	defer closeLog()
	ask := &asker{}
	services, err := app.Open(ctx, app.Options{DataDir: dir, Environ: environ, Version: version, Log: log, Ask: ask.ask})
	if err != nil {
		return err
	}
	commandPath, commandErr := locate()
	w := &window{
		app: toolkit, fonts: read.log, ctx: ctx, services: services, log: log, asker: ask,
		command: engine.Options{Path: commandPath, Environ: environ, Dir: dir},
	}
	w.unusable.set(commandErr)
	if err := w.build(); err != nil {
		return errors.Join(err, services.Close())
	}
	door := listen(dir, log, func(m message) { fyne.Do(func() { w.front(m) }) })
	w.app.Lifecycle().SetOnStarted(func() { w.started(asked) })
	debug.SetGCPercent(gcPercent)
	w.start()
	w.win.ShowAndRun()
	// Fyne may skip its own hooks when it quits: what has to be done is done here.
	cancel()
	door.close()
	w.remember()
	return services.Close()
}

func locate() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program's own file: %w", err)
	}
	return engine.Locate(self)
}

// newApp makes the toolkit's side of the program.
func newApp() (fyne.App, error) {
	words, err := looks.Words()
	if err != nil {
		return nil, err
	}
	for language, text := range words {
		if err := lang.AddTranslationsForLocale(text, fyne.Locale(language)); err != nil {
			return nil, fmt.Errorf("read the words in %s: %w", language, err)
		}
	}
	icon, err := looks.Icon()
	if err != nil {
		return nil, err
	}
	a := fyneapp.NewWithID(ID)
	a.SetIcon(fyne.NewStaticResource("icon.png", icon))
	return a, nil
}

// fonts are read, those of the toolkit into its own store.
type fonts struct {
	log *monogrid.Fonts // of logs and scripts
	err error
}

// readFonts reads the fonts on a goroutine of its own. The graphics are tried meanwhile, which takes as long.
func readFonts() <-chan fonts {
	done := make(chan fonts, 1)
	go func() {
		var f fonts
		f.log, f.err = monogrid.NewFonts()
		for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
			fyne.MeasureText("Stepdeck", 13, style)
		}
		done <- f
	}()
	return done
}

// A log that would grow without end starts anew when it is larger than this.
const logBytes = 1 << 20

// openLog opens the window's own log, in which there is little: a window program on Windows has no other way to tell.
func openLog(dir string) (*slog.Logger, func()) {
	path := filepath.Join(dir, "window.log")
	if info, err := os.Stat(path); err == nil && info.Size() > logBytes {
		_ = os.Rename(path, path+".old") // if it can't be put aside, it grows
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return slog.New(slog.DiscardHandler), func() {}
	}
	log := slog.New(slog.NewTextHandler(f, nil)).With("pid", os.Getpid())
	log.Info("window opens", "at", time.Now().Format(time.RFC3339))
	return log, func() { _ = f.Close() }
}
