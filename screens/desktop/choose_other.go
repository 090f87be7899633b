//go:build !windows

package desktop

import (
	"fyne.io/fyne/v2"
	"github.com/ncruces/zenity"
)

// attach has nothing to do: the system's window belongs to the program as a whole.
func attach(fyne.Window) []zenity.Option { return nil }
