package dialog

import (
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// ChooseFile asks for a file with one of the extensions, such as ".zip", in Fyne's own dialog.
func ChooseFile(w fyne.Window, endings []string, done func(path string)) {
	f := &fileDialog{canvas: w.Canvas()}
	f.FileDialog = dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		f.restore()
		if err != nil || r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close() // nothing was read
		done(path)
	}, w)
	if len(endings) > 0 {
		f.SetFilter(storage.NewExtensionFileFilter(endings))
	}
	f.show()
}

// ChooseFolder asks for a folder in Fyne's own dialog.
func ChooseFolder(w fyne.Window, done func(path string)) {
	f := &fileDialog{canvas: w.Canvas()}
	f.FileDialog = dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		f.restore()
		if err == nil && folder != nil {
			done(folder.Path())
		}
	}, w)
	f.show()
}

// ChooseNewFile asks for a file to write in Fyne's own dialog, and suggests a name for it.
func ChooseNewFile(w fyne.Window, name string, done func(path string)) {
	f := &fileDialog{canvas: w.Canvas()}
	f.FileDialog = dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		f.restore()
		if err != nil || file == nil {
			return
		}
		path := file.URI().Path()
		_ = file.Close() // nothing was written
		done(path)
	}, w)
	f.SetFileName(name)
	f.show()
}

// fileDialog is Fyne's dialog with Escape, which Fyne leaves to the program. A widget that has the focus gets all keys, and those of
// Fyne ignore Escape: so the name of a new file is a field of Stepdeck's, and the list of places gives the focus back.
type fileDialog struct {
	*dialog.FileDialog
	canvas  fyne.Canvas
	popup   fyne.CanvasObject
	restore func() // gives the window's keys back
}

func (f *fileDialog) show() {
	before := f.canvas.OnTypedKey()
	f.restore = sync.OnceFunc(func() { f.canvas.SetOnTypedKey(before) })
	size := f.canvas.Size()
	f.Resize(fyne.NewSize(size.Width*0.85, size.Height*0.85))
	f.Show()
	f.popup = f.canvas.Overlays().Top()
	f.canvas.SetOnTypedKey(func(ev *fyne.KeyEvent) {
		if ev.Name == fyne.KeyEscape {
			f.escape()
		}
	})
	focus.Find(f.popup, func(o fyne.CanvasObject) bool {
		switch o := o.(type) {
		case *container.Scroll:
			f.replaceName(o)
		case *widget.List:
			f.passFocus(o)
		}
		return false
	})
}

// escape closes what is in front: the dialog, or its question before a file is replaced.
func (f *fileDialog) escape() {
	top, isPopUp := f.canvas.Overlays().Top().(*widget.PopUp)
	switch {
	case isPopUp && top != f.popup:
		top.Hide()
	case isPopUp:
		f.Dismiss()
	}
}

// replaceName puts a field that knows Escape in the place of the one for the name of a new file.
func (f *fileDialog) replaceName(place *container.Scroll) {
	name, ok := place.Content.(*widget.Entry)
	if !ok {
		return
	}
	field := control.NewEntry(&control.Keys{Escape: f.escape, Enter: func() {
		if name.Text != "" {
			name.OnSubmitted(name.Text)
		}
	}})
	field.SetPlaceHolder(name.PlaceHolder)
	field.SetText(name.Text)
	field.OnChanged = name.SetText
	changed := name.OnChanged
	name.OnChanged = func(text string) {
		changed(text)
		if field.Text != text {
			field.SetText(text)
		}
	}
	place.Content = field
	place.Refresh()
	f.canvas.Focus(field)
}

// passFocus has a list give the focus back once something in it is chosen.
func (f *fileDialog) passFocus(list *widget.List) {
	selected := list.OnSelected
	list.OnSelected = func(id widget.ListItemID) {
		selected(id)
		f.canvas.Unfocus()
	}
}
