// Command bare opens a window with a single label, to compare Stepdeck's window with.
package main

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("io.github.stepdeck.bare")
	w := a.NewWindow("Stepdeck, bare")
	w.SetContent(widget.NewLabel("Hello"))
	w.Resize(fyne.NewSize(1120, 720))
	a.Lifecycle().SetOnStarted(func() { fmt.Println("READY") })
	w.ShowAndRun()
}
