package supervisor

import (
	"io"
	"os"
	"os/signal"
	"runtime"
	"time"
)

// Main is the main function of a supervisor: it runs the job that it receives and owns the tree until that is gone. It
// refuses an engine of another build before it reads the job. It returns the exit status, which only says whether the
// supervisor itself worked; everything else is in the reports.
func Main(build string) int {
	// Linux kills the shell when the *thread* that started it ends (see shellAttr). The main goroutine, locked to the main
	// thread, lives as long as the supervisor.
	runtime.LockOSThread()

	ends, err := openEnds()
	if err != nil {
		return 2
	}
	// A signal to the group or "kill -TERM -1" must not end the supervisor. Signals are caught rather than ignored, because
	// a child inherits what its parent ignores but not what its parent catches.
	signal.Notify(make(chan os.Signal, 1), caught...)
	hardenSupervisor()

	if !greet(ends, build) {
		return 2
	}
	j, ok := readJob(ends.orders)
	if !ok {
		return 2
	}
	t, err := startTree(j, ends)
	ends.closeOutput() // otherwise the streams would not end before the supervisor
	s := supervision{job: j, tree: t, reports: ends.reports}
	if err != nil {
		s.report(ReportFailed, failure(err))
		return 1
	}
	s.job.Env, s.job.Args = nil, nil
	s.report(ReportStarted, Report{PID: t.shell})
	s.run(readOrders(ends.orders))
	return 0
}

// greet reads the engine's build and refuses any other than its own.
func greet(e *ends, build string) (ok bool) {
	k, engine, err := ReadFrame(e.orders)
	if err != nil || k != OrderHello {
		return false
	}
	if string(engine) == build {
		return WriteFrame(e.reports, ReportReady, nil) == nil
	}
	_ = WriteFrame(e.reports, ReportRefused, []byte(build)) // fails only if the engine is dead
	return false
}

func readJob(r io.Reader) (Job, bool) {
	k, body, err := ReadFrame(r)
	if err != nil || k != OrderJob {
		return Job{}, false
	}
	defer clear(body)
	return decodeJob(body)
}

// readOrders returns the orders after the job. The channel is closed when the pipe ends: the engine is dead.
func readOrders(r io.Reader) <-chan Kind {
	orders := make(chan Kind)
	go func() {
		defer close(orders)
		for {
			k, _, err := ReadFrame(r)
			if err != nil {
				return
			}
			orders <- k
		}
	}()
	return orders
}

type phase int

const (
	running    phase = iota
	draining         // the shell has ended by itself; other processes may still do so
	asked            // SIGINT was sent
	terminated       // SIGTERM was sent
)

// forceFor limits the killing: what is left then can't be killed, such as a process of another user. If the engine is dead
// nothing waits for the result, so it goes on for longer.
const (
	forceFor       = 900 * time.Millisecond
	forceForOrphan = 10 * time.Second
)

// blindFor limits the waits, of 10 ms each, for a tree that has no visible process (/proc can be mounted so that it hides
// those of others) and is not known to be gone either.
const blindFor = 100

// supervision is the state of one tree. Only run touches it.
type supervision struct {
	job     Job
	tree    *tree
	reports io.Writer

	phase    phase
	timer    *time.Timer
	leftover bool // the shell had ended before the stop
	blind    int  // how often the tree was not gone although no process was visible
}

func (s *supervision) report(k Kind, r Report) {
	// This fails only if the engine is dead, which the end of the orders shows.
	_ = WriteFrame(s.reports, k, r.Encode())
}

// run returns when the tree is gone or nothing more can be done about it.
func (s *supervision) run(orders <-chan Kind) {
	s.timer = time.NewTimer(time.Hour)
	s.timer.Stop()
	exited := s.tree.exited
	for {
		select {
		case e := <-exited:
			exited = nil
			s.shellEnded(e)
		case <-s.tree.gone:
			if exited != nil {
				s.shellEnded(<-exited)
			}
			s.report(ReportGone, Report{Count: s.tree.ended()})
			return
		case o, alive := <-orders:
			if !alive {
				s.force(forceForOrphan, exited)
				return
			}
			if o == OrderKill {
				s.force(forceFor, exited)
				return
			}
			s.stop()
		case <-s.timer.C:
			if s.timeUp(exited) {
				return
			}
		}
	}
}

func (s *supervision) shellEnded(e exit) {
	s.report(ReportExited, Report{Code: e.code, Signal: e.signal})
	if s.phase == running {
		s.phase, s.leftover = draining, true
		s.timer.Reset(s.job.Drain)
	}
}

// stop begins a stop, unless one has begun already.
func (s *supervision) stop() {
	switch s.phase {
	case running:
		s.ask()
	case draining:
		s.endLeftover()
	}
}

// timeUp enters the next phase when the time of the current one is over. It returns true if that was the last.
func (s *supervision) timeUp(exited <-chan exit) (done bool) {
	switch s.phase {
	case draining:
		left := s.tree.members()
		if len(left) == 0 && s.blind < blindFor {
			s.blind++
			s.timer.Reset(10 * time.Millisecond)
			return false
		}
		if s.job.Leave {
			s.tree.leave()
			s.report(ReportLeft, Report{Processes: left})
			s.report(ReportGone, Report{})
			return true
		}
		s.endLeftover()
	case asked:
		if !canTerminate {
			s.force(forceFor, exited)
			return true
		}
		s.terminate()
	case terminated:
		s.force(forceFor, exited)
		return true
	}
	return false
}

// UntilForce returns the time until the last stage of a stop, given that of each earlier stage.
func UntilForce(polite, terminate time.Duration) time.Duration {
	if canTerminate {
		return polite + terminate
	}
	return polite
}

func (s *supervision) ask() {
	s.phase = asked
	s.timer.Reset(s.job.Polite)
	n := s.tree.ask()
	force := UntilForce(s.job.Polite, s.job.Terminate)
	s.report(ReportStage, Report{Stage: Asked, Count: n, ForceIn: force, Leftover: s.leftover})
}

func (s *supervision) terminate() {
	s.phase = terminated
	s.timer.Reset(s.job.Terminate)
	n := s.tree.terminate()
	s.report(ReportStage, Report{Stage: Told, Count: n, ForceIn: s.job.Terminate, Leftover: s.leftover})
}

// endLeftover ends what the shell left behind. It starts with SIGTERM, because a shell's background jobs ignore SIGINT.
func (s *supervision) endLeftover() {
	s.report(ReportLeftover, Report{Processes: s.tree.members()})
	if canTerminate {
		s.terminate()
	} else {
		s.ask()
	}
}

// force kills the tree until nothing is left or the time is over, and reports the end.
func (s *supervision) force(within time.Duration, exited <-chan exit) {
	if s.phase == draining {
		s.report(ReportLeftover, Report{Processes: s.tree.members()})
	}
	deadline := time.After(within)
	s.report(ReportStage, Report{Stage: Forced, Count: s.tree.kill(), Leftover: s.leftover})
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case e := <-exited:
			exited = nil
			s.report(ReportExited, Report{Code: e.code, Signal: e.signal})
			continue
		case <-s.tree.gone:
			if exited != nil {
				e := <-exited
				s.report(ReportExited, Report{Code: e.code, Signal: e.signal})
			}
			s.report(ReportGone, Report{Count: s.tree.ended()})
			return
		case <-deadline:
			left := s.tree.members()
			s.report(ReportGone, Report{Count: s.tree.ended() - len(left), Processes: left})
			return
		case <-again.C:
			s.tree.kill()
		}
	}
}

// exit is how the shell ended.
type exit struct {
	code   int
	signal string
}
