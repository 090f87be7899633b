//go:build pictures

package projects

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// TestPictures writes pictures of the screen to the folder of STEPDECK_PICTURES.
func TestPictures(t *testing.T) {
	dir := os.Getenv("STEPDECK_PICTURES")
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		for size, area := range map[string]fyne.Size{"small": small, "large": large} {
			t.Run(name+" "+size, func(t *testing.T) {
				pictures(t, area, mode, func(r *rig, what string) {
					r.picture(filepath.Join(dir, strings.Join([]string{"projects", what, size, name}, "-")+".png"))
				})
			})
		}
	}
}

// pictures opens the pages and calls picture on each.
func pictures(t *testing.T, area fyne.Size, mode theme.Mode, picture func(r *rig, what string)) {
	t.Helper()
	p := website()
	p.Steps[0].Pinned = true
	r := newRig(t, area, p)
	r.Settings().SetTheme(theme.New(mode))
	shoot := func(what string) { picture(r, what) }
	r.place.open.process.table.Select(func(x stepRow) bool { return x.number == 2 })
	shoot("process")
	r.place.open.tabs.SelectIndex(1)
	r.place.open.variables.table.Select(func(x varRow) bool { return x.name == "Bucket" })
	shoot("variables")
	f := r.openVariable("aws.account")
	shoot("variable-account")
	f.dialog.Close()
	f = r.openVariable("Bucket")
	f.blocks[0].prompt.ask.SetChecked(true)
	f.blocks[0].prompt.fold.SetOpen(true)
	shoot("variable-text")
	f.dialog.Close()
	r.place.open.tabs.SelectIndex(0)
	stepPictures(t, r, shoot)
	r.place.open.process.add()
	shoot("add-step")
	r.place.open.process.card.Close()
	r.place.open.editSettings()
	shoot("settings")
	r.place.open.settings.dialog.Close()
	r.place.Home()
	r.Until("the list", func() bool { return len(r.place.list.pinned.Objects) == 1 })
	shoot("list")
}

// stepPictures opens the form of a step in its states and calls shoot on each.
func stepPictures(t *testing.T, r *rig, shoot func(what string)) {
	t.Helper()
	e := r.edit("Roll the web tier")
	e.aws.more.SetOpen(true)
	e.aws.expect.SetText("12345")
	e.form.Left("aws.expect")
	shoot("step-aws")
	e.sections[0].SetOpen(false)
	e.sections[len(e.sections)-1].SetOpen(true)
	shoot("step-script")
	e.scroll.ScrollToBottom()
	shoot("step-options")
	e.scroll.ScrollToTop()
	e.Dropped([]string{"/x/Acme.1.0.0.zip"})
	r.Until("the package", func() bool { return len(e.script.file.listing.Entries) == 2 })
	e.script.file.name.SetText("tools/rotate.ps1")
	r.Until("the text", func() bool { return !r.place.load.Busy() && r.place.open.load.Busy() == false })
	r.PumpFor(200e6)
	shoot("step-package")
	folder := filepath.Join(t.TempDir(), "scripts")
	script := []byte("#!/bin/bash\naws s3 ls \"$1\"\n")
	if err := errors.Join(os.Mkdir(folder, 0o700), os.WriteFile(filepath.Join(folder, "check.sh"), script, 0o600)); err != nil {
		t.Fatal(err)
	}
	e.script.file.name.SetText("")
	e.Dropped([]string{folder})
	r.Until("the folder", func() bool { return e.script.file.preview.Text() != "" && e.script.file.name.Text == "check.sh" })
	r.PumpFor(200e6)
	shoot("step-folder")
	e.script.file.name.SetText("chek.sh")
	r.PumpFor(200e6)
	shoot("step-folder-near")
	e.script.source.Choose("inline")
	e.Preview()
	r.Until("the plan", func() bool { return e.preview.stage.State() == feedback.StateReady })
	shoot("preview")
	e.preview.dialog.Close()
	e.form.Saved()
}

func (r *rig) picture(path string) {
	uitest.Settle(r.window)
	r.Picture(r.window, path)
}
