package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/ncruces/zenity"
)

// attach makes the file dialog modal to w.
func attach(w fyne.Window) (options []zenity.Option) {
	if native, ok := w.(driver.NativeWindow); ok {
		native.RunNative(func(context any) {
			if c, ok := context.(driver.WindowsWindowContext); ok {
				options = append(options, zenity.Attach(c.HWND))
			}
		})
	}
	return options
}
