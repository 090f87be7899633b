//go:build e2e

package e2e

import (
	"bytes"
	"os/exec"
	"testing"
)

// pixels returns a picture of the window once it is still.
func (w *window) pixels() []byte {
	w.t.Helper()
	w.move(2, 2) // so that nothing is hovered
	w.still()
	cmd := exec.Command("import", "-display", w.display, "-window", w.id, "rgb:-")
	out, err := cmd.Output()
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// TestAChangeOfThemeLeavesNothingBehind compares each place after a change of theme with the same place in a window that started in that
// theme.
func TestAChangeOfThemeLeavesNothingBehind(t *testing.T) {
	s := newStage(t)
	s.importScript("Colours", "Fails", "echo one; echo two >&2; exit 3")
	s.command("settings", "set", "window.theme", "dark")
	w := s.open()
	w.runProject("Colours")
	w.read("✕ Failed")
	w.gone("1 running")
	places := []string{"Runs", "Accounts", "Packages", "Projects"}
	visit := func(each func(name string)) {
		for _, name := range places {
			w.click(words(name))
			if name == "Runs" { // from a run to the list
				if w.look().has("All runs") {
					w.click(words("Runs"))
				}
				w.read("#1")
			}
			each(name)
		}
	}
	visit(func(string) {})
	w.click(words("Settings"))
	w.click(words("Light"))
	changed := map[string][]byte{}
	visit(func(name string) { changed[name] = w.pixels(); w.picture(w.id, name) })
	w.close()

	w = s.open()
	w.click(words("Projects"))
	w.openProject("Colours")
	visit(func(string) {})
	visit(func(name string) {
		if now := w.pixels(); !bytes.Equal(now, changed[name]) {
			w.picture(w.id, name+" fresh")
			t.Errorf("%s looks different in a window that started in the light theme", name)
		}
	})
	w.close()
}
