package supervisor

import (
	"io"
	"os"
	"os/signal"
	"runtime"
	"time"
)

// Main is the main of a supervisor: it runs what it is ordered to and owns the tree until that is gone. An engine of
// another build is refused, before it is heard what it wants to run. What Main returns is the exit status, which tells
// nothing but "in order": all that matters goes into the reports.
func Main(build string) int {
	// Linux ends the shell when the *thread* that started it ends (see shellAttr). The main goroutine, kept on the
	// main thread, lives as long as the supervisor does.
	runtime.LockOSThread()

	ends, err := openEnds()
	if err != nil {
		return 2
	}
	// A signal to the group or "kill -TERM -1" must not end the one who looks after the tree. They are caught instead
	// of ignored, because a program starts with what its parent ignores but not with what its parent catches.
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
	ends.closeOutput() // the end of the streams must not wait for the supervisor
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

// greet hears who the engine is, and refuses one of another build.
func greet(e *ends, build string) (ok bool) {
	k, engine, err := ReadFrame(e.orders)
	if err != nil || k != OrderHello {
		return false
	}
	if string(engine) == build {
		return true
	}
	_ = WriteFrame(e.reports, ReportRefused, []byte(build)) // an engine that doesn't listen any more is dead
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

// readOrders gives the orders after the first. The channel is closed when the life-line is cut: the engine is dead.
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
	running  phase = iota
	draining       // the shell has ended by itself, what it left may still end by itself too
	asked          // SIGINT went out
	told           // SIGTERM went out
)

// forceFor bounds the killing: what is still there then is out of reach, such as a process of another user.
// Without an engine nobody waits for the answer, and it is tried longer.
const (
	forceFor       = 900 * time.Millisecond
	forceForOrphan = 10 * time.Second
)

// blindFor bounds the waiting, 10 ms each, for a tree that has no visible process (/proc can be mounted to hide those of
// others) and is not known to be gone either.
const blindFor = 100

// supervision is the state of one tree. Only run touches it.
type supervision struct {
	job     Job
	tree    *tree
	reports io.Writer

	phase    phase
	timer    *time.Timer
	leftover bool // the shell had ended before anything was stopped
	blind    int  // how often the tree was not gone and yet nobody was seen
}

func (s *supervision) report(k Kind, r Report) {
	// An engine that doesn't listen any more is dead, and the life-line tells that.
	_ = WriteFrame(s.reports, k, r.Encode())
}

// run goes on until the tree is gone or nothing more can be done about it.
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

// stop is the order to end, and says nothing new to a tree that is already being ended.
func (s *supervision) stop() {
	switch s.phase {
	case running:
		s.ask()
	case draining:
		s.endLeftover()
	}
}

// timeUp goes on to what follows when the phase's time is over, and tells whether that was the last of it.
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
			s.report(ReportLeftover, Report{Processes: left})
			s.report(ReportGone, Report{})
			return true
		}
		s.endLeftover()
	case asked:
		if !canTell {
			s.force(forceFor, exited)
			return true
		}
		s.tell()
	case told:
		s.force(forceFor, exited)
		return true
	}
	return false
}

// UntilForce is the time of a stop's stages before the last that this system has.
func UntilForce(polite, terminate time.Duration) time.Duration {
	if canTell {
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

func (s *supervision) tell() {
	s.phase = told
	s.timer.Reset(s.job.Terminate)
	n := s.tree.tell()
	s.report(ReportStage, Report{Stage: Told, Count: n, ForceIn: s.job.Terminate, Leftover: s.leftover})
}

// endLeftover ends what the shell left behind. It starts with the firm signal, because a shell's background jobs
// ignore SIGINT.
func (s *supervision) endLeftover() {
	s.report(ReportLeftover, Report{Processes: s.tree.members()})
	if canTell {
		s.tell()
	} else {
		s.ask()
	}
}

// force kills until nothing is left or the time is over, and reports the end.
func (s *supervision) force(within time.Duration, exited <-chan exit) {
	if s.phase == draining {
		s.report(ReportLeftover, Report{Processes: s.tree.members()})
	}
	over := time.After(within)
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
		case <-over:
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
