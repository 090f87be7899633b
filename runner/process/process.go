// Package process starts a program, streams its output and, when it ends or is stopped, sees to it that nothing of
// its process tree is left.
//
// The engine (the process that calls Run) never starts the program itself. It starts a supervisor (package supervisor),
// which owns the tree: a small program that lies beside it, or its own executable once more in a hidden mode. Both are of
// one build, or the supervisor refuses:
//
//	engine ── orders (pipe 1) ──►  supervisor ──► shell ──► aws, background jobs, daemons, ...
//	       ◄── reports (pipe 2) ──
//	       ◄───── stdout, stderr (pipes 3 and 4) ────┘      inherited by the shell, not copied
//
// What is to be run travels in pipe 1, because it holds secrets: a command line can be read by every user of the
// machine, and the supervisor's own environment is next to empty. The same pipe is the life-line: when the engine
// dies, however it dies, the supervisor sees its end and kills the whole tree at once.
//
// What "the whole tree" means:
//
//   - Linux: every descendant. The supervisor is a "child subreaper", so a process whose parent ended becomes a child of
//     the supervisor, and setsid, nohup and double forks change nothing. Should the supervisor itself be killed, the
//     engine, also a subreaper, inherits the tree and kills it.
//   - macOS: the supervisor's session, plus every process that was once seen (twice a second) below one of the tree. A
//     daemon that calls setsid and loses its parent within that half second belongs to launchd and can escape.
//   - Windows: every process of the job object that the supervisor enters before it starts the shell. No process can
//     leave the job. The system ends them all when the supervisor ends, whatever ended it.
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
// Cancelling ctx stops it: politely, then firmly, then by force. Closing kill (nil: never) ends it by force at once.
// Both lead to a Result with Stopped set and no error; context.Cause tells the caller why it cancelled. An error is a
// *model.Error where a person can do something about it, and the Result then holds what is known.
//
// On Linux Run makes this process a subreaper for good, and should a supervisor be killed, it takes every child of
// another session that is not itself a supervisor for a part of that supervisor's tree.
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
		return none, noSupervisor(spec.Supervisor, err)
	}
	r := run{spec: spec, link: l, result: none}
	return r.follow(ctx, kill)
}

// run is one call of Run.
type run struct {
	spec   Spec
	link   *link
	result Result
	failed error // why the program could not be started
	gone   bool  // the supervisor reported the end of the tree
}

func (r *run) follow(ctx context.Context, kill <-chan struct{}) (Result, error) {
	var streams sync.WaitGroup
	streams.Go(func() { r.link.stdout.pump(r.spec.Stdout) })
	streams.Go(func() { r.link.stderr.pump(r.spec.Stderr) })

	ended := make(chan struct{})
	var orders sync.WaitGroup
	orders.Go(func() { r.order(ctx, kill, ended) })

	r.hear()
	exited := time.Now()
	close(ended)
	orders.Wait()
	r.link.stop() // from here on the supervisor is gone

	var err error
	switch {
	case r.failed != nil:
		err = r.failed
	case !r.gone:
		r.result.Ended, r.result.Survivors = supervisor.KillOrphans(r.link.process.id(), r.result.PID)
		err = lostSupervisor(r.result)
	}
	if r.result.Exited.IsZero() {
		r.result.Exited = exited
	}
	r.finish(&streams)
	return r.result, err
}

// order sends the supervisor what to run and, until ended is closed, what ctx and kill ask for. An order that can't be
// sent is no error of its own: the supervisor is gone then, and hear notices it.
func (r *run) order(ctx context.Context, kill, ended <-chan struct{}) {
	if supervisor.WriteFrame(r.link.orders, supervisor.OrderHello, []byte(r.spec.Supervisor.Build)) != nil ||
		supervisor.WriteFrame(r.link.orders, supervisor.OrderJob, jobOf(r.spec).Encode()) != nil {
		return
	}
	done := ctx.Done()
	watchdog := time.NewTimer(time.Hour)
	watchdog.Stop()
	defer watchdog.Stop()
	for {
		select {
		case <-done:
			done = nil
			_ = supervisor.WriteFrame(r.link.orders, supervisor.OrderStop, nil)
			j := jobOf(r.spec)
			watchdog.Reset(j.Polite + j.Terminate + deaf)
		case <-kill:
			kill = nil
			_ = supervisor.WriteFrame(r.link.orders, supervisor.OrderKill, nil)
			watchdog.Reset(deaf)
		case <-watchdog.C:
			r.link.kill()
		case <-ended:
			return
		}
	}
}

// deaf is how much longer than it should need a supervisor is given. One that was stopped (SIGSTOP) hears no order and is
// killed then, and its tree with it.
const deaf = 3 * time.Second

// hear takes the supervisor's reports until it has ended.
func (r *run) hear() {
	for {
		k, body, err := supervisor.ReadFrame(r.link.reports)
		if err != nil {
			return
		}
		if k == supervisor.ReportRefused {
			r.failed = otherBuild(r.spec.Supervisor, string(body))
			r.gone = true
			return
		}
		rep, ok := supervisor.DecodeReport(body)
		if !ok {
			return
		}
		r.heard(k, rep)
	}
}

// heard takes one report.
func (r *run) heard(k supervisor.Kind, rep supervisor.Report) {
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
	case supervisor.ReportGone:
		r.result.Ended, r.result.Survivors = rep.Count, rep.Processes
		r.gone = true
	}
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

// jobOf is the part of a Spec that a supervisor needs.
func jobOf(s Spec) supervisor.Job {
	return supervisor.Job{
		Path: s.Path, CommandLine: s.CommandLine, Dir: s.Dir, Args: s.Args, Env: s.Env, Leave: s.LeaveBackground,
		Polite:    usual(s.Grace.Polite, usualPolite),
		Terminate: usual(s.Grace.Terminate, usualTerminate),
		Drain:     usual(s.DrainFor, usualDrain),
	}
}

// Harden keeps what this process has in memory from other programs, as far as its system can.
func Harden() error { return supervisor.Harden() }

// finish waits until both streams are read to their end. The tree is gone, so that all of its output lies in the pipes
// by now; cut makes that the end even if some process outside the tree holds a pipe open.
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
