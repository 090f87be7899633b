//go:build !windows

package desktop

import (
	"fyne.io/fyne/v2"
	"github.com/ncruces/zenity"
)

// attach has nothing to do here: file dialogs belong to the program, not to one of its windows.
func attach(fyne.Window) []zenity.Option { return nil }
