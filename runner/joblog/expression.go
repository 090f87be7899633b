package joblog

import (
	"regexp"
	"sync"
)

// expression compiles a regular expression on first use. Compiling all of them adds half a millisecond to each start of
// the command, and most runs need none.
func expression(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
