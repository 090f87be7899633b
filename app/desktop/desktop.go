// Package desktop opens the window on the services.
package desktop

import (
	"context"
	"fmt"
	"os"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app"
)

// ID names the program to the system, as in FyneApp.toml.
const ID = "io.github.stepdeck.stepdeck"

// Main opens the window and gives the program's exit code once it is closed.
func Main(_ []string, number, commit string) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	a := fyneapp.NewWithID(ID)
	w := a.NewWindow("Stepdeck")
	w.Resize(fyne.NewSize(900, 600))
	w.SetMaster()
	services, err := app.Open(ctx, app.Options{Environ: os.Environ(), Version: app.NewVersion(number, commit)})
	if err != nil {
		w.SetContent(container.NewCenter(widget.NewLabel(err.Error())))
		w.ShowAndRun()
		return 1
	}
	w.SetContent(projects(ctx, w, services))
	w.ShowAndRun()
	if err := services.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "stepdeck:", err)
		return 1
	}
	return 0
}

// projects lists what can be run.
func projects(ctx context.Context, w fyne.Window, s *app.Services) fyne.CanvasObject {
	list, err := s.Store.Projects(ctx)
	if err != nil {
		dialog.ShowError(err, w)
	}
	if len(list) == 0 {
		return container.NewCenter(widget.NewLabel("There is no project yet. Import one: stepdeck import FILE.stepdeck"))
	}
	rows := widget.NewList(
		func() int { return len(list) },
		func() fyne.CanvasObject { return widget.NewLabel("") },
		func(i widget.ListItemID, o fyne.CanvasObject) {
			if label, ok := o.(*widget.Label); ok {
				label.SetText(fmt.Sprintf("%s · %d steps", list[i].Name, list[i].Steps))
			}
		})
	return container.NewBorder(widget.NewLabelWithStyle("Projects", fyne.TextAlignLeading, fyne.TextStyle{Bold: true}), nil, nil, nil, rows)
}
