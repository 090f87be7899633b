package process

import (
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// A Sink takes output as it is read, in order. It is called from one goroutine per stream; p is valid only during the
// call, at is the time at which the read returned. While it does not return, the script waits once the pipe is full.
type Sink func(p []byte, at time.Time)

// Spec says what to run. Path and Dir are absolute; Env is the whole environment, nothing is added to it.
type Spec struct {
	Supervisor Supervisor // the program that watches over this one

	Path string
	Args []string // without the program's own name
	Env  []string // NAME=value
	Dir  string

	// CommandLine, on Windows, is handed to the program as it stands, Path included, instead of Args quoted by the
	// usual rules: cmd.exe for one has rules of its own.
	CommandLine string

	Stdout, Stderr Sink                     // nil throws the stream away
	OnStart        func(pid int)            // the program runs
	OnStop         func(ev model.StopEvent) // the tree was asked, told or forced to end

	Grace    Grace
	DrainFor time.Duration // what the shell left behind may run this long after it; 0 is 2 s, negative is not at all

	// LeaveBackground lets what is left of the tree live on when DrainFor is over. Its output goes nowhere from then on.
	LeaveBackground bool
}

// Grace is the time that the tree is given at each stage of a stop; zero stands for the usual time, a negative one for
// none.
type Grace struct {
	Polite    time.Duration // from SIGINT (Windows: Ctrl-Break) to SIGTERM: 3 s
	Terminate time.Duration // from SIGTERM to the end: 2 s. Windows knows no such signal and ends there after Polite
}

const (
	usualPolite    = 3 * time.Second
	usualTerminate = 2 * time.Second
	usualDrain     = 2 * time.Second
)

// UsualForceIn is how long a tree has from the beginning of a stop to its end by force, where Spec.Grace says nothing else.
func UsualForceIn() time.Duration { return supervisor.UntilForce(usualPolite, usualTerminate) }

func usual(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return max(d, 0)
}

// Process is one process of the tree. Name is its short name and never its command line, which may hold a secret.
type Process = supervisor.Process

// Result tells how it went.
type Result struct {
	PID      int    // 0: not started
	ExitCode int    // -1 where there is none: not started, or ended by a signal
	Signal   string // such as SIGKILL, when a signal ended the shell

	Stopped bool // a stop was asked for before the shell ended
	Killed  bool // it came to force

	Leftover  []Process // what ran on for DrainFor after the shell had ended by itself
	Ended     int       // processes of the tree, the shell among them, that a stop or the end of DrainFor ended
	Survivors []Process // what could not be ended, such as a process of another user

	Started, Exited time.Time // of the shell
}
