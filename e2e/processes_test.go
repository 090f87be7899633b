//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// process is a running process, as /proc describes it.
type process struct {
	id      int
	line    string // its command line
	environ []string
}

func (p process) has(variable string) bool { return slices.Contains(p.environ, variable) }

// processes returns the running processes that match.
func processes(match func(process) bool) []process {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	var found []process
	for _, dir := range dirs {
		id, err := strconv.Atoi(filepath.Base(dir))
		if err != nil || id == os.Getpid() {
			continue
		}
		line, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil || len(line) == 0 { // it has ended or is a zombie
			continue
		}
		environ, _ := os.ReadFile(filepath.Join(dir, "environ")) // that of another user's process can't be read
		p := process{id, strings.ReplaceAll(string(line), "\x00", " "), strings.Split(string(environ), "\x00")}
		if match(p) {
			found = append(found, p)
		}
	}
	return found
}

// running returns the processes with word in their command line.
func running(word string) []process {
	return processes(func(p process) bool { return strings.Contains(p.line, word) })
}
