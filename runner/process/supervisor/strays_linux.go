package supervisor

import (
	"bytes"
	"os"
	"strconv"
)

// KillStrays kills the processes of this user whose environment has a variable that begins with prefix, and returns how many ended and
// which didn't. It is for a tree whose supervisor and engine were both killed, so that nobody else knows it any more.
func KillStrays(prefix string) (ended int, survivors []Process) {
	start := []byte("\x00" + prefix)
	self := os.Getpid()
	look := func() (found []proc) {
		for _, p := range processes() {
			if p.pid == self || p.zombie {
				continue
			}
			// A process of another user can't be read.
			environ, err := os.ReadFile("/proc/" + strconv.Itoa(p.pid) + "/environ")
			if err == nil && bytes.Contains(append([]byte{0}, environ...), start) {
				found = append(found, p.proc)
			}
		}
		return found
	}
	return killAll(look, func() {})
}
