package desktop

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"github.com/ncruces/zenity"

	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// choose asks for a file with one of the endings, in the system's own window where there is one.
func (w *window) choose(endings []string, done func(path string)) {
	if !zenity.IsAvailable() {
		dialog.ChooseFile(w.win, endings, done)
		return
	}
	w.native(zenity.SelectFile, filter(endings), done)
}

// chooseFolder asks for a folder.
func (w *window) chooseFolder(done func(path string)) {
	if !zenity.IsAvailable() {
		dialog.ChooseFolder(w.win, done)
		return
	}
	w.native(zenity.SelectFile, []zenity.Option{zenity.Directory()}, done)
}

// chooseNew asks for a file to write, and offers a name for it.
func (w *window) chooseNew(name string, done func(path string)) {
	if !zenity.IsAvailable() {
		dialog.ChooseNewFile(w.win, name, done)
		return
	}
	w.native(zenity.SelectFileSave, []zenity.Option{zenity.Filename(name), zenity.ConfirmOverwrite()}, done)
}

// filter lets the files with one of the endings through, and all where the person says so.
func filter(endings []string) []zenity.Option {
	if len(endings) == 0 {
		return nil
	}
	patterns := make([]string, len(endings))
	for i, e := range endings {
		patterns[i] = "*" + e
	}
	return []zenity.Option{zenity.FileFilters{
		{Name: lang.L("Files that Stepdeck opens"), Patterns: patterns, CaseFold: true}, {Name: lang.L("All files"), Patterns: []string{"*"}},
	}}
}

// native shows a window of the system's, one at a time: it does not keep the person from pressing the button again.
func (w *window) native(ask func(...zenity.Option) (string, error), options []zenity.Option, done func(path string)) {
	if w.choosing {
		return
	}
	w.choosing = true
	options = append(append(options, zenity.Context(w.ctx), zenity.Title("Stepdeck")), attach(w.win)...)
	go func() {
		path, err := ask(options...)
		fyne.Do(func() {
			w.choosing = false
			switch {
			case errors.Is(err, zenity.ErrCanceled), w.ctx.Err() != nil:
			case err != nil:
				dialog.ShowError(w.win, lang.L("The system's file window can't be opened"), err)
			case path != "":
				done(path)
			}
		})
	}()
}
