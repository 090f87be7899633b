// Package supervisor is the process that starts a script and owns all that comes of it; package process tells what it
// guarantees, and starts it. It starts once for each step, so this package knows nothing of the rest of Stepdeck and
// little of Go's own library: what is linked here costs every step.
package supervisor

// Arg is the only argument of a supervisor, and what other programs know it by.
const Arg = "__supervise"

// IsAsked tells whether a program was started to be a supervisor, by its arguments and its own name before them.
func IsAsked(args []string) bool { return len(args) == 2 && args[1] == Arg }

// Build names what engine and supervisor have to have in common, by what the linker told a program of itself.
func Build(version, commit string) string {
	if commit == "" {
		return version
	}
	return version + " (" + commit + ")"
}

// Stage is how firmly a tree is being ended.
type Stage int

// The stages, in their order.
const (
	Asked  Stage = iota + 1 // SIGINT, as Ctrl-C sends it; Windows: Ctrl-Break
	Told                    // SIGTERM
	Forced                  // SIGKILL; Windows: TerminateProcess
)

// Process is one process of the tree. Name is its short name and never its command line, which may hold a secret.
type Process struct {
	PID  int
	Name string
}
