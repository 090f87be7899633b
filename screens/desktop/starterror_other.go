//go:build !windows

package desktop

import (
	"fmt"
	"os"
)

// reportStartError prints why the window did not open.
func reportStartError(text string) {
	fmt.Fprintln(os.Stderr, "stepdeck:", text) //nolint:forbidigo // a face of the program owns the standard streams
}
