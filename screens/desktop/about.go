package desktop

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

func (w *window) about() {
	v := w.services.Version()
	image := canvas.NewImageFromResource(w.app.Icon())
	image.FillMode = canvas.ImageFillContain
	image.SetMinSize(fyne.NewSquareSize(72))
	facts := []string{
		lang.L("Version {{.Version}}", map[string]any{"Version": v.Number}),
		lang.L("Commit {{.Commit}}", map[string]any{"Commit": v.Commit}),
		v.Go + " · SQLite " + v.SQLite,
		lang.L("Data in {{.Folder}}", map[string]any{"Folder": w.services.Data().Dir()}),
		lang.L("Command {{.Path}}", map[string]any{"Path": w.command.Path}),
	}
	text := widget.NewLabel(strings.Join(facts, "\n"))
	text.Wrapping = fyne.TextWrapWord
	what := widget.NewLabel(lang.L("Runs AWS CLI scripts as the right identity: this account, that role, this region."))
	what.Wrapping = fyne.TextWrapWord
	copied := control.NewButton(nil, lang.L("Copy"), func() { w.app.Clipboard().SetContent("Stepdeck\n" + text.Text) })
	d := &dialog.Dialog{
		Title: lang.L("About Stepdeck"), Cancel: lang.L("Close"), Buttons: []fyne.CanvasObject{copied},
		Content: container.NewBorder(nil, nil, container.NewVBox(image), nil, container.NewVBox(what, text)), Size: fyne.NewSize(560, 340),
	}
	d.Show(w.win)
}
