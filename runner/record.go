package runner

import (
	"context"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// recording writes the log of one step run to the store on a goroutine of its own, several batches to a transaction when
// they come faster than the disk takes them. The queue is bounded: then the script waits, as at a full pipe.
type recording struct {
	recorder Recorder
	stepID   int64
	queue    chan model.LogBatch
	done     chan struct{}

	mu  sync.Mutex
	err error
}

const (
	queuedBatches  = 32 // of at most 64 KiB each, so that memory stays flat
	batchesPerTurn = 16
)

// ctx ends with the engine, not with the run: what a stopped script wrote is kept all the same.
func newRecording(ctx context.Context, recorder Recorder, stepRunID int64) *recording {
	r := &recording{recorder: recorder, stepID: stepRunID, queue: make(chan model.LogBatch, queuedBatches), done: make(chan struct{})}
	go r.write(ctx)
	return r
}

func (r *recording) add(b model.LogBatch) { r.queue <- b }

func (r *recording) write(ctx context.Context) {
	defer close(r.done)
	for b := range r.queue {
		batches := []model.LogBatch{b}
		for open := true; open && len(batches) < batchesPerTurn; {
			select {
			case more, ok := <-r.queue:
				if open = ok; ok {
					batches = append(batches, more)
				}
			default:
				open = false
			}
		}
		if r.failed() != nil {
			continue // the run goes on to its end and says that its log is incomplete
		}
		if err := r.recorder.AppendLog(ctx, r.stepID, batches); err != nil {
			r.mu.Lock()
			r.err = err
			r.mu.Unlock()
		}
	}
}

func (r *recording) failed() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// close waits until all is written and tells what went wrong.
func (r *recording) close() error {
	close(r.queue)
	<-r.done
	return r.failed()
}

// row keeps the row of a running step current: at once for what a person waits for, once a second for counts.
type row struct {
	recorder Recorder

	mu      sync.Mutex
	step    model.StepRun
	dirty   bool
	written time.Time
}

// update changes the row; urgent ones are written at once.
func (w *row) update(ctx context.Context, now time.Time, urgent bool, change func(*model.StepRun)) (model.StepRun, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.step)
	w.dirty = true
	if urgent || now.Sub(w.written) >= rowEvery {
		return w.step, w.flush(ctx, now)
	}
	return w.step, nil
}

func (w *row) tick(ctx context.Context, now time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.dirty || now.Sub(w.written) < rowEvery {
		return nil
	}
	return w.flush(ctx, now)
}

func (w *row) flush(ctx context.Context, now time.Time) error {
	if err := w.recorder.UpdateStepRun(ctx, w.step); err != nil {
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
