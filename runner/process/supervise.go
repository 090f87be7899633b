package process

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Supervise is the main of the hidden mode: it runs what its first order says and owns the tree until that is gone.
// What it returns is the exit status, which tells nothing but "in order": all that matters goes into the reports.
func Supervise() int {
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

	k, body, err := readFrame(ends.orders)
	if err != nil || k != orderJob {
		return 2
	}
	j, ok := decodeJob(body)
	clear(body)
	if !ok {
		return 2
	}
	t, err := startTree(j, ends)
	ends.closeOutput() // the end of the streams must not wait for the supervisor
	s := supervision{job: j, tree: t, reports: ends.reports}
	if err != nil {
		s.report(reportFailed, failure(err))
		return 1
	}
	s.job.env, s.job.args = nil, nil
	s.report(reportStarted, report{pid: t.shell})
	s.run(readOrders(ends.orders))
	return 0
}

func failure(err error) report {
	r := report{text: err.Error()}
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		r.errno = int(errno)
	}
	return r
}

// readOrders gives the orders after the first. The channel is closed when the life-line is cut: the engine is dead.
func readOrders(r io.Reader) <-chan kind {
	orders := make(chan kind)
	go func() {
		defer close(orders)
		for {
			k, _, err := readFrame(r)
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
	job     job
	tree    *tree
	reports io.Writer

	phase    phase
	timer    *time.Timer
	leftover bool // the shell had ended before anything was stopped
	blind    int  // how often the tree was not gone and yet nobody was seen
}

func (s *supervision) report(k kind, r report) {
	// An engine that doesn't listen any more is dead, and the life-line tells that.
	_ = writeFrame(s.reports, k, r.encode())
}

// run goes on until the tree is gone or nothing more can be done about it.
func (s *supervision) run(orders <-chan kind) {
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
			s.report(reportGone, report{count: s.tree.ended()})
			return
		case o, alive := <-orders:
			if !alive {
				s.force(forceForOrphan, exited)
				return
			}
			if o == orderKill {
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
	s.report(reportExited, report{code: e.code, signal: e.signal})
	if s.phase == running {
		s.phase, s.leftover = draining, true
		s.timer.Reset(s.job.drain)
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
		if s.job.leave {
			s.tree.leave()
			s.report(reportLeftover, report{processes: left})
			s.report(reportGone, report{})
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

func (s *supervision) ask() {
	s.phase = asked
	s.timer.Reset(s.job.polite)
	n := s.tree.ask()
	force := untilForce(s.job.polite, s.job.terminate)
	s.report(reportStage, report{stage: model.StopAsked, count: n, forceIn: force, leftover: s.leftover})
}

func (s *supervision) tell() {
	s.phase = told
	s.timer.Reset(s.job.terminate)
	n := s.tree.tell()
	s.report(reportStage, report{stage: model.StopTold, count: n, forceIn: s.job.terminate, leftover: s.leftover})
}

// endLeftover ends what the shell left behind. It starts with the firm signal, because a shell's background jobs
// ignore SIGINT.
func (s *supervision) endLeftover() {
	s.report(reportLeftover, report{processes: s.tree.members()})
	if canTell {
		s.tell()
	} else {
		s.ask()
	}
}

// force kills until nothing is left or the time is over, and reports the end.
func (s *supervision) force(within time.Duration, exited <-chan exit) {
	if s.phase == draining {
		s.report(reportLeftover, report{processes: s.tree.members()})
	}
	over := time.After(within)
	s.report(reportStage, report{stage: model.StopForced, count: s.tree.kill(), leftover: s.leftover})
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case e := <-exited:
			exited = nil
			s.report(reportExited, report{code: e.code, signal: e.signal})
			continue
		case <-s.tree.gone:
			if exited != nil {
				e := <-exited
				s.report(reportExited, report{code: e.code, signal: e.signal})
			}
			s.report(reportGone, report{count: s.tree.ended()})
			return
		case <-over:
			left := s.tree.members()
			s.report(reportGone, report{count: s.tree.ended() - len(left), processes: left})
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
