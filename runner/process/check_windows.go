package process

import (
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// Source: "CreateProcessW" and "SetEnvironmentVariable" of the Windows API reference: 32,767 characters, with the
// closing one, for a variable and for a command line. An environment has no limit of its own but this package's.
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
