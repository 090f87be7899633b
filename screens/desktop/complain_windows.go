package desktop

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// complain tells why there is no window: in a message of the system, since a window program has no console.
func complain(text string) {
	fmt.Fprintln(os.Stderr, "stepdeck:", text) //nolint:forbidigo // the door of the window owns the standard streams
	message, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return
	}
	title, err := windows.UTF16PtrFromString("Stepdeck")
	if err != nil {
		return
	}
	_, _ = windows.MessageBox(0, message, title, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
}
