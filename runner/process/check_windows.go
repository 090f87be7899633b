package process

import (
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// Source: "CreateProcessW" and "SetEnvironmentVariable" in the Windows API reference: 32,767 characters including the
// terminating NUL for a variable and for a command line. The limit on the whole environment is this package's own.
const (
	maxString = 32766
	maxTotal  = supervisor.MaxFrame / 4
	perString = 1
)

// size counts UTF-16 units.
func size(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF && r != utf8.RuneError {
			n++
		}
	}
	return n
}
