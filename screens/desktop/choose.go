package desktop

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"github.com/ncruces/zenity"

	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// choose asks for a file with one of the endings, in the system's file dialog if there is one.
func (w *window) choose(endings []string, done func(path string)) {
	if !zenity.IsAvailable() {
		dialog.ChooseFile(w.win, endings, done)
		return
	}
	w.native(zenity.SelectFile, filter(endings), done)
}

func (w *window) chooseFolder(done func(path string)) {
	if !zenity.IsAvailable() {
		dialog.ChooseFolder(w.win, done)
		return
	}
	w.native(zenity.SelectFile, []zenity.Option{zenity.Directory()}, done)
}

// chooseNew asks for a file to write. name is the suggested file name.
func (w *window) chooseNew(name string, done func(path string)) {
	if !zenity.IsAvailable() {
		dialog.ChooseNewFile(w.win, name, done)
		return
	}
	w.native(zenity.SelectFileSave, []zenity.Option{zenity.Filename(name), zenity.ConfirmOverwrite()}, done)
}

// filter offers the files with one of the endings and, as a second choice, all files.
func filter(endings []string) []zenity.Option {
	if len(endings) == 0 {
		return nil
	}
	patterns := make([]string, len(endings))
	for i, e := range endings {
		patterns[i] = "*" + e
	}
	return []zenity.Option{zenity.FileFilters{
		{Name: lang.L("Files that Stepdeck can open"), Patterns: patterns, CaseFold: true}, {Name: lang.L("All files"), Patterns: []string{"*"}},
	}}
}

// native shows a dialog of the system. It ignores calls while one is open: that dialog does not block the button that opens it.
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
				dialog.ShowError(w.win, lang.L("The file dialog can't be opened"), err)
			case path != "":
				done(path)
			}
		})
	}()
}
