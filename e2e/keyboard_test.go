//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

const keyboardProject = `stepdeck: 1
project: Chatty
environments: [Staging]
variables:
  - {name: Greeting, type: text, value: hello}
steps:
  - name: Quick
    aws: {account: none}
    script:
      language: bash
      body: |
        for i in $(seq 400); do echo "line $i"; done
  - name: Slow
    aws: {account: none}
    script: {language: bash, body: "echo slow"}
`

// focused returns the focused thing.
func (v view) focused() thing {
	for _, x := range v.reach() {
		if x.Focused {
			return x
		}
	}
	return thing{}
}

// keyboard waits until a visible thing of that type has the focus.
func (w *window) keyboard(kind string) thing {
	w.t.Helper()
	return w.await("the keyboard is with a "+kind, func(v view) bool { return v.focused().Type == kind && !v.focused().Out }).focused()
}

// twice double-clicks on a text.
func (w *window) twice(text string) {
	w.t.Helper()
	w.point(words(text))
	w.tool("xdotool", "click", "--repeat", "2", "--delay", "60", "1")
}

func TestDeleteDoesNotReachHiddenLists(t *testing.T) {
	s := newStage(t)
	s.importProject(keyboardProject)
	w := s.open()
	nothingDeleted := func(where string) {
		t.Helper()
		w.still()
		if v := w.look(); v.has("was deleted") {
			w.fail(v, "%s: something was deleted", where)
		}
		if text := s.command("projects", "list"); !strings.Contains(text, "Chatty") {
			t.Errorf("%s: the projects are\n%s", where, text)
		}
	}
	w.twice("Chatty")
	w.read("Project settings…")
	w.keyboard("table.rowList")
	w.key("Delete")
	nothingDeleted("in a project")
	w.twice("Quick")
	w.keyboard("control.Entry")
	w.key("Home", "Delete") // the name's first letter
	w.await("the letter is gone", func(v view) bool { return v.focused().Text == "uick" })
	nothingDeleted("in a step")
	w.key("Escape")
	w.click(words("Discard"))
	w.keyboard("table.rowList")
	w.tool("xdotool", "key", "Down", "Return", "Delete", "Delete") // faster than the window draws
	w.keyboard("control.Entry")
	nothingDeleted("in a step that has just opened")
	w.key("Escape")
	w.await("the form is left", func(v view) bool { return v.has("Discard") || v.focused().Type == "table.rowList" })
	if w.look().has("Discard") {
		w.click(words("Discard"))
	}

	w.click(words("Run"))
	w.read("Run · Chatty")
	w.click(words("Run"))
	w.read("Succeeded")
	w.key("ctrl+4")
	w.click(words("All runs"))
	w.keyboard("table.rowList")
	w.key("Down", "Return")
	w.keyboard("logview.View")
	w.key("Prior", "Next", "Delete")
	nothingDeleted("in a run")
	if text := s.command("runs", "list"); !strings.Contains(text, "Chatty") {
		t.Errorf("the runs are\n%s", text)
	}
	w.key("Escape")
	w.keyboard("table.rowList")
	w.close()
}

func TestFindGetsTheFirstKey(t *testing.T) {
	s := newStage(t)
	s.importProject(keyboardProject)
	w := s.open()
	w.openProject("Chatty")
	w.twice("Quick")
	w.keyboard("control.Entry")
	w.click(kind("codeedit.Editor"))
	script := w.keyboard("codeedit.Editor").Text
	w.key("ctrl+f")
	w.keyboard("findbar.entry")
	w.typing("line")
	w.await("it is looked for", func(v view) bool { return v.focused().Type == "findbar.entry" && v.focused().Text == "line" })
	if x, _ := kind("codeedit.Editor").find(w.look()); x.Text != script {
		t.Errorf("the script is\n%s", x.Text)
	}
	w.key("Escape")
	w.keyboard("codeedit.Editor")
	w.close()
}

func TestTabsByKeyboard(t *testing.T) {
	s := newStage(t)
	s.importProject(keyboardProject)
	w := s.open()
	w.twice("Chatty")
	w.keyboard("table.rowList")
	w.key("ctrl+Tab")
	w.read("Greeting")
	w.keyboard("table.rowList")
	w.key("ctrl+Next")
	w.read("Every status")
	w.key("ctrl+Tab")
	w.read("Quick")
	w.key("ctrl+shift+Tab")
	w.read("Every status")
	w.key("ctrl+Prior")
	w.read("Greeting")
	for range 12 {
		if w.still().focused().Type == "tabs.tabStrip" {
			break
		}
		w.key("shift+Tab")
	}
	w.keyboard("tabs.tabStrip")
	w.picture("root", "focus-dark")
	w.key("Left")
	w.read("Quick")
	w.key("End")
	w.read("Every status")
	w.key("Home")
	w.read("Quick")
	w.key("Return")
	w.keyboard("table.rowList")
	// From within a field, which handles many keys itself.
	w.key("Down", "Return")
	w.keyboard("control.Entry")
	w.key("ctrl+Next")
	w.read("Greeting")
	w.key("ctrl+Prior")
	w.keyboard("control.Entry")

	w.key("ctrl+2")
	w.read("Add account")
	w.key("ctrl+Tab")
	w.read("Add AWS account")
	w.key("ctrl+Tab")
	w.read("Add account")
	w.close()
}

func TestAFormFollowsTheFocus(t *testing.T) {
	s := newStage(t)
	s.importProject(keyboardProject)
	w := s.open()
	w.resize(1120, 720)
	w.openProject("Chatty")
	w.twice("Quick")
	w.keyboard("control.Entry")
	const stops = 40
	for range stops {
		if w.still().focused().Type == "codeedit.Editor" {
			w.key("Escape")
		}
		w.key("Tab")
		w.await("what has the keyboard is in sight", func(v view) bool {
			x := v.focused()
			if x.Type == "codeedit.Editor" { // its caret must be visible, in its first line
				foot, _ := words("Save and run").find(v)
				return x.Y+30 < foot.Y
			}
			return x.Type != "" && !x.Out
		})
	}
	w.close()
}
