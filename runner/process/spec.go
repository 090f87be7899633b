package process

import (
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// A Sink receives output as it is read, in order. It is called from one goroutine per stream. p is valid only during the
// call; at is when the read returned. Until it returns nothing more is read, so the script blocks once the pipe is full.
type Sink func(p []byte, at time.Time)

// Spec describes what to run. Path and Dir are absolute; Env is the whole environment, nothing is added to it.
type Spec struct {
	Supervisor Supervisor // the program that owns the process tree

	Path string
	Args []string // without the program's own name
	Env  []string // NAME=value
	Dir  string

	// CommandLine, on Windows, is passed to the program unchanged, Path included, instead of Args quoted by the usual
	// rules. cmd.exe, for one, has its own rules.
	CommandLine string

	Stdout, Stderr Sink                     // nil: discard
	OnStart        func(pid int)            // called when the program has started
	OnStop         func(ev model.StopEvent) // called at each stage of a stop

	Grace    Grace
	DrainFor time.Duration // how long processes may run on after the shell; 0: 2 s, negative: not at all

	// LeaveBackground lets processes of the tree run on after DrainFor, unless it is stopped before. Nobody reads their output
	// from then on: writing to it fails.
	LeaveBackground bool

	// Spared (nil: nobody) returns the processes that earlier calls of Run left alone.
	Spared func() []int
}

// Grace is how long the tree may take at each stage of a stop. 0 is the default, a negative time none.
type Grace struct {
	Polite    time.Duration // from SIGINT (Windows: Ctrl-Break) to SIGTERM; default 3 s
	Terminate time.Duration // from SIGTERM to SIGKILL; default 2 s. Windows has no SIGTERM and kills after Polite
}

const (
	defaultPolite    = 3 * time.Second
	defaultTerminate = 2 * time.Second
	defaultDrain     = 2 * time.Second
)

// DefaultForceIn returns the time from the beginning of a stop until the tree is killed, for the default Grace.
func DefaultForceIn() time.Duration { return supervisor.UntilForce(defaultPolite, defaultTerminate) }

func orDefault(d, standard time.Duration) time.Duration {
	if d == 0 {
		return standard
	}
	return max(d, 0)
}

// Process is a process of the tree. Name is its short name and never its command line, which may contain a secret.
type Process = supervisor.Process

// Result describes how the program ended.
type Result struct {
	PID      int    // 0: not started
	ExitCode int    // -1: not started, or ended by a signal
	Signal   string // that ended the shell, such as SIGKILL

	Stopped bool // a stop was requested before the shell ended
	Killed  bool // the stop reached its last stage

	Leftover  []Process // still running DrainFor after the shell had ended by itself, and ended then
	Left      []Process // the same, but left alone: see Spec.LeaveBackground
	Ended     int       // number of processes, including the shell, that were ended by a stop or after DrainFor
	Survivors []Process // processes that could not be ended, such as those of another user

	Started, Exited time.Time // of the shell
}
