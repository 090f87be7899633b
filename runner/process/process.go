// Package process starts a program, streams its output and, when it ends or is stopped, makes sure that nothing of its
// process tree is left.
//
// The engine (the process that calls Run) never starts the program itself. It starts a supervisor (package supervisor),
// which owns the tree: a small program beside the engine's, or the engine's own executable in a hidden mode. A supervisor
// refuses to work for an engine of another build.
//
//	engine ── orders (pipe 1) ──►  supervisor ──► shell ──► aws, background jobs, daemons, ...
//	       ◄── reports (pipe 2) ──
//	       ◄───── stdout, stderr (pipes 3 and 4) ────┘      inherited by the shell, not copied
//
// The job is sent through pipe 1 because it contains secrets: a command line can be read by every user of the machine,
// and the supervisor's own environment is nearly empty. The same pipe shows whether the engine is alive: when the engine
// dies, for whatever reason, the pipe ends and the supervisor kills the whole tree at once.
//
// What "the whole tree" means:
//
//   - Linux: every descendant. The supervisor is a "child subreaper", so a process whose parent ended becomes a child of
//     the supervisor, and setsid, nohup and double forks change nothing. If the supervisor itself is killed, the engine,
//     also a subreaper, inherits the tree and kills it.
//   - macOS: the supervisor's session, plus every process that was once seen, twice a second, as a descendant of the tree.
//     A daemon that calls setsid and loses its parent within that half second becomes a child of launchd and can escape.
//   - Windows: every process of the job object that the supervisor enters before it starts the shell. No process can
//     leave the job. The system kills them all when the supervisor ends, for whatever reason.
package process

import (
	"context"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// Run runs spec and returns when the program has ended, all its output is delivered and its tree is gone.
//
// Cancelling ctx stops it in stages, with SIGINT, SIGTERM and SIGKILL. Closing kill (nil: never) kills it at once. Either
// way the Result has Stopped set and there is no error; the caller finds its reason in context.Cause. An error is a
// *model.Error if a person can do something about it, and the Result then contains what is known.
//
// On Linux, Run makes this process a subreaper for good. If a supervisor is killed, Run treats every child in another
// session that is neither a supervisor nor spared as part of the killed one's tree.
func Run(ctx context.Context, spec Spec, kill <-chan struct{}) (Result, error) {
	none := Result{ExitCode: -1}
	if err := spec.check(); err != nil {
		return none, err
	}
	if ctx.Err() != nil {
		none.Stopped = true
		return none, context.Cause(ctx)
	}
	l, err := spec.Supervisor.start()
	if err != nil {
		return none, supervisorNotStarted(spec.Supervisor, err)
	}
	r := run{spec: spec, link: l, result: none, ready: make(chan struct{})}
	return r.follow(ctx, kill)
}

// run is one call of Run.
type run struct {
	spec   Spec
	link   *link
	result Result
	failed error // why the program could not be started
	gone   bool  // the supervisor has reported that the tree is gone
	unsent bool  // the run was ended before the supervisor had its job
	silent bool  // the supervisor was not ready in time

	ready chan struct{} // closed once the supervisor is ready for its job
}

func (r *run) follow(ctx context.Context, kill <-chan struct{}) (Result, error) {
	var streams sync.WaitGroup
	streams.Go(func() { r.link.stdout.pump(r.spec.Stdout) })
	streams.Go(func() { r.link.stderr.pump(r.spec.Stderr) })

	ended := make(chan struct{})
	var orders sync.WaitGroup
	orders.Go(func() { r.sendOrders(ctx, kill, ended) })

	r.receive()
	exited := time.Now()
	close(ended)
	orders.Wait()
	r.link.stop() // the supervisor has exited after this

	var err error
	switch {
	case r.failed != nil:
		err = r.failed
	case r.unsent:
		r.result.Stopped = true
	case r.silent:
		err = supervisorSilent(r.spec.Supervisor)
	case !r.gone:
		r.result.Ended, r.result.Survivors = supervisor.KillOrphans(r.link.process.id(), r.result.PID, r.spared())
		err = supervisorLost(r.result)
	}
	if r.result.Exited.IsZero() {
		r.result.Exited = exited
	}
	r.finish(&streams)
	return r.result, err
}

// sendOrders sends the job to the supervisor once that is ready and then, until ended is closed, the orders to stop that ctx and
// kill ask for. It ignores errors: if an order can't be sent the supervisor is gone, which receive notices.
func (r *run) sendOrders(ctx context.Context, kill, ended <-chan struct{}) {
	orders := make(chan order, 4) // at most hello, job, stop and kill
	defer close(orders)
	go r.write(orders)
	orders <- order{supervisor.OrderHello, []byte(r.spec.Supervisor.Build)}

	ready, done := r.ready, ctx.Done()
	watchdog := time.NewTimer(startLimit)
	defer watchdog.Stop()
	job := jobOf(r.spec)
	end := func(k supervisor.Kind, within time.Duration) {
		if ready != nil { // the job, with its secrets, has not left this process
			r.unsent = true
			r.link.kill()
			return
		}
		orders <- order{k, nil}
		watchdog.Reset(within)
	}
	for {
		select {
		case <-ready:
			ready = nil
			watchdog.Stop()
			orders <- order{supervisor.OrderJob, job.Encode()}
		case <-done:
			done = nil
			end(supervisor.OrderStop, job.Polite+job.Terminate+slack)
		case <-kill:
			kill = nil
			end(supervisor.OrderKill, slack)
		case <-watchdog.C:
			r.silent = ready != nil
			r.link.kill()
		case <-ended:
			return
		}
	}
}

// order is a frame for the supervisor.
type order struct {
	kind supervisor.Kind
	body []byte
}

// write writes orders on a goroutine of its own: a supervisor that reads nothing holds up no stop. The pipe is closed with the link,
// which ends a write that is still waiting.
func (r *run) write(orders <-chan order) {
	for o := range orders {
		_ = supervisor.WriteFrame(r.link.orders, o.kind, o.body)
	}
}

// startLimit is how long a supervisor may take until it is ready for its job. It takes a millisecond where nothing is in its way.
const startLimit = 30 * time.Second

// slack is how much longer a supervisor may take than its stages need. One that was itself stopped (SIGSTOP) follows no
// orders, and is killed after that together with its tree.
const slack = 3 * time.Second

// receive handles the supervisor's reports until it exits.
func (r *run) receive() {
	readied := false
	for {
		k, body, err := supervisor.ReadFrame(r.link.reports)
		if err != nil {
			return
		}
		if k == supervisor.ReportReady {
			if readied {
				return // not our supervisor
			}
			readied = true
			close(r.ready)
			continue
		}
		if k == supervisor.ReportRefused {
			r.failed = buildMismatch(r.spec.Supervisor, string(body))
			r.gone = true
			return
		}
		rep, ok := supervisor.DecodeReport(body)
		if !ok {
			return
		}
		r.handle(k, rep)
	}
}

// handle handles one report.
func (r *run) handle(k supervisor.Kind, rep supervisor.Report) {
	switch k {
	case supervisor.ReportStarted:
		r.result.PID, r.result.Started = rep.PID, time.Now()
		if r.spec.OnStart != nil {
			r.spec.OnStart(rep.PID)
		}
	case supervisor.ReportFailed:
		r.failed = startError(r.spec, rep.Cause())
		r.gone = true
	case supervisor.ReportExited:
		r.result.ExitCode, r.result.Signal, r.result.Exited = rep.Code, rep.Signal, time.Now()
	case supervisor.ReportStage:
		ev := model.StopEvent{Stage: stageOf(rep.Stage), Processes: rep.Count, ForceIn: rep.ForceIn, Leftover: rep.Leftover}
		r.result.Stopped = r.result.Stopped || !ev.Leftover
		r.result.Killed = r.result.Killed || ev.Stage == model.StopForced
		if r.spec.OnStop != nil {
			r.spec.OnStop(ev)
		}
	case supervisor.ReportLeftover:
		r.result.Leftover = rep.Processes
	case supervisor.ReportLeft:
		r.result.Left = rep.Processes
	case supervisor.ReportGone:
		r.result.Ended, r.result.Survivors = rep.Count, rep.Processes
		r.gone = true
	}
}

func (r *run) spared() []int {
	if r.spec.Spared == nil {
		return nil
	}
	return r.spec.Spared()
}

func stageOf(s supervisor.Stage) model.StopStage {
	switch s {
	case supervisor.Asked:
		return model.StopAsked
	case supervisor.Told:
		return model.StopTold
	}
	return model.StopForced
}

// jobOf returns the part of a Spec that a supervisor needs.
func jobOf(s Spec) supervisor.Job {
	return supervisor.Job{
		Path: s.Path, CommandLine: s.CommandLine, Dir: s.Dir, Args: s.Args, Env: s.Env, Leave: s.LeaveBackground,
		Polite:    orDefault(s.Grace.Polite, defaultPolite),
		Terminate: orDefault(s.Grace.Terminate, defaultTerminate),
		Drain:     orDefault(s.DrainFor, defaultDrain),
	}
}

// finish waits until both streams are read to their end. The tree is gone, so all of its output is in the pipes by now; cut
// ends the streams there even if a process outside the tree holds a pipe open.
func (r *run) finish(streams *sync.WaitGroup) {
	done := make(chan struct{})
	go func() { streams.Wait(); close(done) }()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		r.link.stdout.cut()
		r.link.stderr.cut()
		select {
		case <-done:
			r.link.stdout.close()
			r.link.stderr.close()
			return
		case <-again.C:
		}
	}
}
