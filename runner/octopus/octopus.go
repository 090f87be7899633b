// Package octopus knows the names by which a script written for Octopus Deploy talks to it: the variables that Octopus itself
// sets, and the helpers that scripts call. It gives the variables the values of a run, and finds out which names a script uses.
//
// What a script uses is read from its text alone, without running it. Comments don't count, and neither does text that merely
// contains a name: a variable is used where the script reads it.
package octopus

import (
	"regexp"
	"sync"
)

// pattern compiles an expression when it is first needed.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
