// Package desktop is the window around the screens: it starts the program, opens files, and keeps one window per data folder.
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

// ID is the program's id, as in FyneApp.toml.
const ID = "io.github.stepdeck.stepdeck"

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
)

// Main opens the window and returns the program's exit code after it is closed.
func Main(args []string, number, commit string) int {
	if err := open(args, app.NewVersion(number, commit)); err != nil {
		reportStartError(err.Error())
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
	// Before any file in it is opened: in a folder that others can write to, a file's name can be a link.
	if err := app.PrepareDataDir(dir); err != nil {
		return err
	}
	request, err := newMessage(args)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	lock, err := takeInstanceLock(ctx, dir, request, lockPatience)
	if err != nil || lock == nil {
		return err // without a lock: the window that is already open comes to the front
	}
	defer lock.release()
	toolkit, logFonts, err := startToolkit()
	if err != nil {
		return err
	}
	crash := openCrashLog(dir)
	defer crash.close()
	log, closeLog := openLog(dir)
	defer closeLog()
	prompt := &passphrasePrompt{}
	services, err := app.Open(ctx, app.Options{DataDir: dir, Environ: environ, Version: version, Log: log, Ask: prompt.ask})
	if err != nil {
		return err
	}
	commandPath, commandErr := locate()
	w := &window{
		app: toolkit, fonts: logFonts, ctx: ctx, services: services, log: log, prompt: prompt,
		command: engine.Options{Path: commandPath, Build: version.Build(), Environ: environ, Dir: dir},
	}
	w.commandErr.set(commandErr)
	return w.run(cancel, request)
}

// run shows the window until it is closed, then ends its background work and closes the services.
func (w *window) run(cancel func(), request message) error {
	if err := w.build(); err != nil {
		return errors.Join(err, w.services.Close())
	}
	server := listen(w.command.Dir, w.log, func(m message) { fyne.Do(func() { w.front(m) }) })
	w.app.Lifecycle().SetOnStarted(func() { w.started(request) })
	debug.SetGCPercent(gcPercent)
	w.start()
	w.win.ShowAndRun()
	// Not in a hook of Fyne: it may skip them when it quits.
	cancel()
	server.close()
	w.remember()
	return w.services.Close()
}

// startToolkit starts Fyne and loads the fonts of logs and scripts.
func startToolkit() (fyne.App, *monogrid.Fonts, error) {
	toolkit, err := newApp()
	if err != nil {
		return nil, nil, err
	}
	loading := loadFonts()
	if err := checkGraphics(); err != nil {
		return nil, nil, err
	}
	loaded := <-loading
	return toolkit, loaded.log, loaded.err
}

func locate() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program's own file: %w", err)
	}
	return engine.Locate(self)
}

// newApp creates Fyne's app with Stepdeck's translations and icon.
func newApp() (fyne.App, error) {
	words, err := looks.Words()
	if err != nil {
		return nil, err
	}
	for language, text := range words {
		if err := lang.AddTranslationsForLocale(text, fyne.Locale(language)); err != nil {
			return nil, fmt.Errorf("read the translation for %s: %w", language, err)
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

// fonts is the result of loadFonts.
type fonts struct {
	log *monogrid.Fonts // of logs and scripts
	err error
}

// loadFonts loads the fonts in the background: checkGraphics takes as long. It also fills Fyne's own font cache.
func loadFonts() <-chan fonts {
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

// logBytes is the size from which the next start begins a new log.
const logBytes = 1 << 20

// openLog opens the window's log. It has few lines, but on Windows a window program has nowhere else to write them.
func openLog(dir string) (*slog.Logger, func()) {
	path := filepath.Join(dir, "window.log")
	if info, err := os.Stat(path); err == nil && info.Size() > logBytes {
		_ = os.Rename(path, path+".old") // on failure the log keeps growing
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return slog.New(slog.DiscardHandler), func() {}
	}
	log := slog.New(slog.NewTextHandler(f, nil)).With("pid", os.Getpid())
	log.Info("window opens", "at", time.Now().Format(time.RFC3339))
	return log, func() { _ = f.Close() }
}
