//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// process is one that runs, as /proc tells.
type process struct {
	id      int
	line    string // its command line
	environ []string
}

func (p process) has(variable string) bool { return slices.Contains(p.environ, variable) }

// processes lists those that match. One that ends meanwhile is not among them.
func processes(match func(process) bool) []process {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	var found []process
	for _, dir := range dirs {
		id, err := strconv.Atoi(filepath.Base(dir))
		if err != nil || id == os.Getpid() {
			continue
		}
		line, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil || len(line) == 0 { // it has ended, be it as a zombie
			continue
		}
		environ, _ := os.ReadFile(filepath.Join(dir, "environ")) // of others it can't be read
		p := process{id, strings.ReplaceAll(string(line), "\x00", " "), strings.Split(string(environ), "\x00")}
		if match(p) {
			found = append(found, p)
		}
	}
	return found
}

// running lists the processes with that word in their command line.
func running(word string) []process {
	return processes(func(p process) bool { return strings.Contains(p.line, word) })
}
