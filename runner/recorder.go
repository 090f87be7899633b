package runner

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// recorder records one run, with secrets masked. It doesn't depend on the run's context, since the end of a stopped run is
// recorded too.
type recorder struct {
	ctx     context.Context //nolint:containedctx // outlives the run; here no caller can pass the wrong one
	history Recorder
	masking *masking
}

func newRecorder(ctx context.Context, history Recorder, m *masking) *recorder {
	return &recorder{context.WithoutCancel(ctx), history, m}
}

// create records the run and its step runs, and fills in their ids.
func (r *recorder) create(run *model.Run) error {
	created := r.masking.run(*run)
	if err := r.history.CreateRun(r.ctx, &created); err != nil {
		return err
	}
	if len(created.Steps) != len(run.Steps) {
		return fmt.Errorf("record the run: %d of %d steps", len(created.Steps), len(run.Steps))
	}
	run.ID = created.ID
	for i := range created.Steps {
		run.Steps[i].ID, run.Steps[i].RunID = created.Steps[i].ID, created.Steps[i].RunID
	}
	return nil
}

// add records another step run, and fills in its ids.
func (r *recorder) add(runID int64, step *model.StepRun) error {
	added := r.masking.step(*step)
	err := r.history.AddStepRun(r.ctx, runID, &added)
	step.ID, step.RunID = added.ID, added.RunID
	return err
}

func (r *recorder) update(step model.StepRun) error {
	return r.history.UpdateStepRun(r.ctx, r.masking.step(step))
}

func (r *recorder) saveInputs(stepRunID int64, in model.Inputs) error {
	return r.history.SaveInputs(r.ctx, stepRunID, r.masking.inputs(in))
}

// finish records the end of the run and of all its steps in one transaction.
func (r *recorder) finish(run model.Run) error {
	if err := r.history.FinishRun(r.ctx, r.masking.run(run)); err != nil {
		return fmt.Errorf("record the end of run %d: %w", run.ID, err)
	}
	return nil
}

func (r *recorder) appendLog(stepRunID int64, batches []model.LogBatch) error {
	return r.history.AppendLog(r.ctx, stepRunID, batches)
}

func (r *recorder) saveArtifact(stepRunID int64, a model.Artifact) error {
	return r.history.SaveArtifact(r.ctx, stepRunID, a)
}

func (r *recorder) takeCommands(runID int64) ([]model.RunCommand, error) {
	return r.history.TakeCommands(r.ctx, runID)
}

// logWriter writes the log of one step run on its own goroutine, with several batches per transaction if they come faster
// than the disk is. The queue is bounded: when it is full the script waits, as it does at a full pipe.
type logWriter struct {
	recorder *recorder
	stepID   int64
	queue    chan model.LogBatch
	done     sync.WaitGroup

	mu  sync.Mutex
	err error
}

const (
	queuedBatches     = 32 // of at most 64 KiB each, so that memory stays flat
	batchesPerRequest = 16
)

func newLogWriter(r *recorder, stepRunID int64) *logWriter {
	w := &logWriter{recorder: r, stepID: stepRunID, queue: make(chan model.LogBatch, queuedBatches)}
	w.done.Go(w.write)
	return w
}

func (w *logWriter) add(b model.LogBatch) { w.queue <- b }

func (w *logWriter) write() {
	for b := range w.queue {
		batches := w.more(b)
		if w.failed() != nil {
			continue // the run goes on, and reports at its end that the log is incomplete
		}
		if err := w.recorder.appendLog(w.stepID, batches); err != nil {
			w.mu.Lock()
			w.err = err
			w.mu.Unlock()
		}
	}
}

// more returns first with what else is in the queue.
func (w *logWriter) more(first model.LogBatch) []model.LogBatch {
	batches := []model.LogBatch{first}
	for len(batches) < batchesPerRequest {
		select {
		case b, open := <-w.queue:
			if !open {
				return batches
			}
			batches = append(batches, b)
		default:
			return batches
		}
	}
	return batches
}

func (w *logWriter) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// close waits until everything is written, and returns the first error.
func (w *logWriter) close() error {
	close(w.queue)
	w.done.Wait()
	return w.failed()
}

// row keeps a running step's row in the store up to date: at once for what a person waits for, once a second for counts.
type row struct {
	recorder *recorder
	now      func() time.Time

	mu      sync.Mutex
	step    model.StepRun
	dirty   bool
	written time.Time
}

// Values for the parameter urgent of update: how soon a change is written.
const (
	atOnce = true
	soon   = false // within rowEvery
)

// update changes the row and returns the step run as it is then.
func (w *row) update(urgent bool, change func(*model.StepRun)) (model.StepRun, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.step)
	w.dirty = true
	now := w.now()
	if urgent || now.Sub(w.written) >= rowEvery {
		return w.step, w.flush(now)
	}
	return w.step, nil
}

// last changes the row for the last time, without writing it: the caller records it.
func (w *row) last(change func(*model.StepRun)) model.StepRun {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.step)
	return w.step
}

// tick writes a change that has waited for rowEvery, so that the last one is written even if no other follows.
func (w *row) tick() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if !w.dirty || now.Sub(w.written) < rowEvery {
		return nil
	}
	return w.flush(now)
}

func (w *row) flush(now time.Time) error {
	if err := w.recorder.update(w.step); err != nil {
		return err
	}
	w.dirty, w.written = false, now
	return nil
}

func (w *row) get() model.StepRun {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.step
}
