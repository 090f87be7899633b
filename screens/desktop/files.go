package desktop

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/welcome"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// dropped takes files that were dropped on the window: the place in sight first, then whoever knows such a file.
func (w *window) dropped(files []fyne.URI) {
	var paths []string
	for _, f := range files {
		paths = append(paths, f.Path())
	}
	if w.answering() {
		// A form may ask for just such a file.
		if taker, ok := w.places[w.frame.Current()].(interface{ DroppedOver(paths []string) bool }); !ok || !taker.DroppedOver(paths) {
			w.refuse()
		}
		return
	}
	if taker, ok := w.places[w.frame.Current()].(interface{ Dropped(paths []string) bool }); ok && taker.Dropped(paths) {
		return
	}
	for _, p := range paths {
		w.openFile(p)
		return
	}
}

// answering reports whether a question is open, or a menu.
func (w *window) answering() bool { return w.win.Canvas().Overlays().Top() != nil }

// refuse says why a file is not taken: what lies behind an open question must not change under the answer.
func (w *window) refuse() {
	w.say(lang.L("The file was not opened: answer the open question first, then open it again."))
}

// openFile takes one file.
func (w *window) openFile(path string) {
	ending := strings.ToLower(filepath.Ext(path))
	switch {
	case ending == ".stepdeck":
		w.frame.Leave(func() { w.importFile(path) })
	case ending == ".csv":
		w.frame.Go(placeAccounts)
		w.take(placeAccounts, path)
	case welcome.Takes(path):
		w.frame.Go(placeWelcome, path)
	default:
		dialog.ShowError(w.win, lang.L("This file can't be opened"), model.NewError("window.file.kind", "%s",
			lang.L("Stepdeck opens scripts (.ps1, .sh), packages (.nupkg, .zip, .tar, .tar.gz, .tar.bz2), .stepdeck files and accessKeys.csv.")))
	}
}

func (w *window) take(place, path string) {
	if taker, ok := w.places[place].(interface{ Dropped(paths []string) bool }); ok && w.frame.Current() == place {
		taker.Dropped([]string{path})
	}
}
