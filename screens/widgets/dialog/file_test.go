package dialog_test

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// press presses a key where the focus is, as the window does.
func press(w fyne.Window, name fyne.KeyName) {
	if focused := w.Canvas().Focused(); focused != nil {
		focused.TypedKey(uitest.Key(name))
	} else {
		w.Canvas().OnTypedKey()(uitest.Key(name))
	}
}

func TestEscapeClosesFileDialogs(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	a := uitest.New(t)
	w := a.Show(container.NewStack(), fyne.NewSize(800, 600))
	keys := 0
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { keys++ })
	chosen := func(path string) { t.Errorf("%s was chosen", path) }
	for name, open := range map[string]func(){
		"a file":     func() { dialog.ChooseFile(w, []string{".zip"}, chosen) },
		"a folder":   func() { dialog.ChooseFolder(w, chosen) },
		"a new file": func() { dialog.ChooseNewFile(w, "log.txt", chosen) },
	} {
		for _, afterPlace := range []bool{false, true} {
			open()
			if afterPlace {
				list, ok := focus.Find(w.Canvas().Overlays().Top(), isList).(*widget.List)
				if !ok {
					t.Fatal("there is no list of places")
				}
				list.UnselectAll()
				w.Canvas().Focus(list)
				list.TypedKey(uitest.Key(fyne.KeySpace))
			}
			press(w, fyne.KeyA)
			press(w, fyne.KeyEscape)
			if n := len(w.Canvas().Overlays().List()); n != 0 {
				t.Fatalf("%s: Escape leaves %d open, after a place was chosen: %v", name, n, afterPlace)
			}
		}
	}
	if press(w, fyne.KeyEscape); keys != 1 {
		t.Errorf("the window got %d keys, want the last one", keys)
	}
}

func isList(o fyne.CanvasObject) bool { _, ok := o.(*widget.List); return ok }

func TestTheNameOfANewFile(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.WriteFile(filepath.Join(home, "there.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := uitest.New(t)
	w := a.Show(container.NewStack(), fyne.NewSize(800, 600))
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) {})
	path := ""
	dialog.ChooseNewFile(w, "log", func(p string) { path = p })
	press(w, fyne.KeyEnd)
	test.Type(w.Canvas().Focused(), ".txt")
	press(w, fyne.KeyReturn)
	if path != filepath.Join(home, "log.txt") || w.Canvas().Overlays().Top() != nil {
		t.Errorf("the path is %q", path)
	}

	// Escape answers the question before a file is replaced, and then closes the dialog.
	path = ""
	dialog.ChooseNewFile(w, "there.txt", func(p string) { path = p })
	press(w, fyne.KeyReturn)
	for want := 1; want >= 0; want-- {
		press(w, fyne.KeyEscape)
		if n := len(w.Canvas().Overlays().List()); n != want || path != "" {
			t.Errorf("%d are open, want %d; the path is %q", n, want, path)
		}
	}
}
