// Package supervisor is the process that starts a script and owns its process tree. Package process starts it, and
// documents what it guarantees. A supervisor is started for each step, so this package imports nothing of Stepdeck and
// little of the standard library: whatever is linked here slows down every step.
package supervisor

// Arg is the only argument of a supervisor, by which others recognise its process.
const Arg = "__supervise"

// Requested reports whether a program was started as a supervisor. args are like os.Args.
func Requested(args []string) bool { return len(args) == 2 && args[1] == Arg }

// Build returns the string that must be the same in engine and supervisor, from the version that the linker set.
func Build(version, commit string) string {
	if commit == "" {
		return version
	}
	return version + " (" + commit + ")"
}

// Stage is a stage of a stop.
type Stage int

// The stages, in order.
const (
	Asked  Stage = iota + 1 // SIGINT, as Ctrl-C sends it; Windows: Ctrl-Break
	Told                    // SIGTERM
	Forced                  // SIGKILL; Windows: TerminateProcess
)

// Process is a process of the tree. Name is its short name and never its command line, which may contain a secret.
type Process struct {
	PID  int
	Name string
}
