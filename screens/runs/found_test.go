package runs

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
)

const foundProject = `stepdeck: 1
project: Found
steps:
  - name: Build
    aws: {account: none}
    script:
      language: bash
      body: |
        for i in $(seq 300); do echo line $i; done; sleep 0.2
        write_highlight Three buckets rotated
        for i in $(seq 300); do echo line $i; done
        set_octopusvariable Url https://example.com; set_octopusvariable Key hush-hush -sensitive
        echo hello > report.txt; new_octopusartifact report.txt
        echo exit > run.sh; new_octopusartifact run.sh
        new_octopusartifact none.txt
        echo "##octopus[resultMessage message='$(printf '3 of 5 rotated' | base64)']"
  - name: Check
    aws: {account: none}
    script: {language: bash, body: "echo checked; write_highlight All is well"}
`

// openFound runs the project, and records what is opened.
func openFound(t *testing.T) (f *fixture, opened *[]string) {
	t.Helper()
	f, opened = open(t, foundProject), &[]string{}
	f.place.view.found.artifacts.open = func(path string) error {
		*opened = append(*opened, path)
		return nil
	}
	f.place.Start(Wanted{Project: "Found"})
	f.over()
	return f, opened
}

func TestFoundIsHiddenWithoutAny(t *testing.T) {
	head, _, _ := strings.Cut(foundProject, "        for i")
	f := open(t, head+"        echo plain\n")
	f.place.Start(Wanted{Project: "Found"})
	f.over()
	if f.place.view.found.content.Visible() {
		t.Error("there is nothing to show")
	}
}

func TestHighlightsLeadToTheirLines(t *testing.T) {
	f, _ := openFound(t)
	v := f.place.view
	found := v.found
	f.says("2 highlights", "2 artifacts, 1 not kept", "2 outputs")
	f.tap(found.buttons[foundHighlights])
	f.says("Three buckets rotated", "All is well")
	test.Tap(v.pane.follow) // so that the top of the log tells
	build := v.run.Steps[0].ID
	found.highlights.Select(func(h highlight) bool { return h.step.ID == build })
	f.until("the line of the other step", func() bool {
		top, line := v.pane.log.TopLine(), int(v.run.Steps[0].Highlights[0].Line)
		return v.step == build && top > 0 && top <= line && line < top+40
	})
	found.highlights.Select(func(h highlight) bool { return h.step.ID != build })
	f.until("the other step", func() bool { return v.step == v.run.Steps[1].ID })
	f.tap(found.buttons[foundHighlights])
	if found.panel.Visible() {
		t.Error("a second tap closes the list")
	}
	f.tap(found.buttons[foundOutputs])
	f.says("https://example.com", "sensitive, not kept")
	f.place.Home()
	f.until("the result in the list", func() bool { return strings.Contains(f.texts(), "Build, Check · 3 of 5 rotated") })
}

func TestArtifactCounts(t *testing.T) {
	test.NewTempApp(t)
	kept, lost := runs.Artifact{}, runs.Artifact{Artifact: model.Artifact{Missing: "There is no file."}}
	for want, list := range map[string][]runs.Artifact{
		"1 artifact": {kept}, "2 artifacts": {kept, kept}, "1 artifact not kept": {lost}, "2 artifacts not kept": {lost, lost},
		"1 artifact, 2 not kept": {lost, kept, lost}, "2 artifacts, 1 not kept": {kept, lost, kept},
	} {
		if got := artifactCount(list); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestArtifactsInTheWindow(t *testing.T) {
	f, opened := openFound(t)
	v := f.place.view
	list := v.found.artifacts
	f.tap(v.found.buttons[foundArtifacts])
	f.says("report.txt", "6 B", "run.sh", "none.txt", "not kept")
	choose := func(name string) { list.table.Select(func(a runs.Artifact) bool { return a.Name == name }) }

	choose("report.txt")
	f.tap(list.openBtn)
	f.tap(list.showBtn)
	if len(*opened) != 2 || filepath.Base((*opened)[0]) != "report.txt" || (*opened)[1] != filepath.Dir((*opened)[0]) {
		t.Errorf("opened were %q", *opened)
	}

	folder := t.TempDir()
	list.save = func(name string, done func(string)) { done(filepath.Join(folder, name)) }
	list.saveFolder = func(done func(string)) { done(folder) }
	saved := func() []string {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		names := []string{}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	choose("run.sh")
	f.says("This could be a program")
	if !list.openBtn.Disabled() {
		t.Error("a script can be opened")
	}
	list.table.OnOpened(list.table.Rows()[1]) // a double click saves it
	f.until("the file", func() bool { return !list.work.Busy() })
	if got := saved(); !slices.Equal(got, []string{"run.sh"}) || len(*opened) != 2 {
		t.Errorf("saved are %q, opened %q", got, *opened)
	}
	choose("none.txt")
	f.says("There is no file")
	if !list.openBtn.Disabled() || !list.saveBtn.Disabled() || !list.showBtn.Disabled() || list.allBtn.Disabled() {
		t.Error("what was not kept can't be opened or saved")
	}
	f.tap(list.allBtn)
	f.until("all files", func() bool { return !list.work.Busy() })
	f.says("2 artifacts were saved.")
	if got := saved(); !slices.Equal(got, []string{"report.txt", "run (2).sh", "run.sh"}) {
		t.Errorf("saved are %q", got)
	}

	choose("report.txt")
	list.open = func(string) error { return errors.New("no program") }
	f.tap(list.openBtn)
	f.says("The artifact can't be opened", "no program")
}

func TestAChangedArtifactIsNotSaved(t *testing.T) {
	f, _ := openFound(t)
	a := runs.Artifacts(f.place.view.run)[0]
	path, err := f.services.Runs().ArtifactPath(a)
	if err == nil {
		err = os.WriteFile(path, []byte("forged"), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "copy.txt")
	if err := f.services.Runs().SaveArtifact(t.Context(), a, to); model.ErrorCode(err) != "artifact.changed" {
		t.Errorf("the error is %v", err)
	}
	if _, err := os.Stat(to); !os.IsNotExist(err) {
		t.Errorf("a forged file was saved: %v", err)
	}
}

func TestOutputsAreCopied(t *testing.T) {
	f, _ := openFound(t)
	rows := f.place.view.found.outputs.Rows()
	if len(rows) != 2 || !copyOutput(rows[0], &fyne.ShortcutCopy{}) || copyOutput(rows[1], &fyne.ShortcutCopy{}) {
		t.Errorf("of %+v the first can be copied, the sensitive one can't", rows)
	}
	if got := f.app.Clipboard().Content(); got != "https://example.com" {
		t.Errorf("the clipboard has %q", got)
	}
}
