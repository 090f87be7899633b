//go:build !windows

package desktop

import (
	"fmt"
	"os"
)

// complain tells why there is no window.
func complain(text string) {
	fmt.Fprintln(os.Stderr, "stepdeck:", text) //nolint:forbidigo // the door of the window owns the standard streams
}
