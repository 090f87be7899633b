package desktop

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// reportStartError shows why the window did not open in a message box: a window program has no console.
func reportStartError(text string) {
	fmt.Fprintln(os.Stderr, "stepdeck:", text) //nolint:forbidigo // a face of the program owns the standard streams
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
