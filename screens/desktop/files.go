package desktop

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/welcome"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// dropped opens files that were dropped on the window: in the current place if it accepts them, else by their kind.
func (w *window) dropped(files []fyne.URI) {
	var paths []string
	for _, f := range files {
		paths = append(paths, f.Path())
	}
	if w.inDialog() {
		// The dialog may be a form that accepts such a file.
		if target, ok := w.places[w.frame.Current()].(interface{ DroppedOver(paths []string) bool }); !ok || !target.DroppedOver(paths) {
			w.refuse()
		}
		return
	}
	if target, ok := w.places[w.frame.Current()].(interface{ Dropped(paths []string) bool }); ok && target.Dropped(paths) {
		return
	}
	w.openFiles(paths)
}

// openFiles imports all files that can be imported, together, since what Octopus exports belongs together. Without any, it opens the
// first file by its kind.
func (w *window) openFiles(paths []string) {
	if imported := slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return !isImported(p) }); len(imported) > 0 {
		w.frame.Leave(func() { w.importFiles(imported) })
		return
	}
	if len(paths) > 0 {
		w.openFile(paths[0])
	}
}

// inDialog reports whether a dialog or a menu is open.
func (w *window) inDialog() bool { return w.win.Canvas().Overlays().Top() != nil }

// refuse tells the user that a file was not opened: what is behind an open dialog must not change.
func (w *window) refuse() {
	w.say(lang.L("The file was not opened: close the open dialog first, then open it again."))
}

func (w *window) openFile(path string) {
	ending := strings.ToLower(filepath.Ext(path))
	switch {
	case ending == ".csv":
		w.frame.Go(placeAccounts)
		w.drop(placeAccounts, path)
	case welcome.Takes(path):
		w.frame.Go(placeWelcome, path)
	default:
		dialog.ShowError(w.win, lang.L("This file can't be opened"), model.NewError("window.file.kind", "%s",
			lang.L("Stepdeck opens scripts (.ps1, .sh), packages (.nupkg, .zip, .tar, .tar.gz, .tar.bz2), "+
				".stepdeck files, JSON of Octopus, folders of these, and accessKeys.csv.")))
	}
}

// isImported reports whether a path is that of a project file, of an export of Octopus, or of a folder, which can contain both.
func isImported(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".stepdeck", ".json":
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (w *window) drop(place, path string) {
	if target, ok := w.places[place].(interface{ Dropped(paths []string) bool }); ok && w.frame.Current() == place {
		target.Dropped([]string{path})
	}
}
