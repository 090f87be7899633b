package uitest

import (
	"bytes"
	"runtime"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
)

// driver is Fyne's test driver with a queue for the main goroutine.
type driver struct {
	fyne.Driver
	queue *queue
	drawn map[fyne.CanvasObject]bool // nil: every object counts as drawn
}

func (d *driver) DoFromGoroutine(f func(), wait bool) {
	if !wait {
		d.queue.put(task{f: f})
		return
	}
	if goroutine() == d.queue.main {
		d.queue.t.Error("fyne.DoAndWait was called on the main goroutine: the shipped program would hang here")
		f()
		return
	}
	done := make(chan struct{})
	d.queue.put(task{f, done})
	<-done
}

type task struct {
	f    func()
	done chan struct{} // closed when f has returned; nil: nothing waits for it
}

func (t task) run() {
	defer t.release()
	t.f()
}

func (t task) release() {
	if t.done != nil {
		close(t.done)
	}
}

// queue is unbounded like Fyne's own, so that posting never blocks.
type queue struct {
	t    testing.TB
	main string
	wake chan struct{} // has a token while there may be a task

	mu     sync.Mutex
	tasks  []task
	closed bool
}

func newQueue(t testing.TB) *queue {
	return &queue{t: t, main: goroutine(), wake: make(chan struct{}, 1)}
}

func (q *queue) put(t task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed { // the test is over: late work is dropped, as Fyne drops it at quit
		t.release()
		return
	}
	q.tasks = append(q.tasks, t)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *queue) take() (task, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.tasks) == 0 {
		return task{}, false
	}
	t := q.tasks[0]
	q.tasks[0] = task{}
	q.tasks = q.tasks[1:]
	return t, true
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, t := range q.tasks {
		t.release()
	}
	q.tasks = nil
}

// goroutine returns the number of the calling goroutine. The runtime shows it only at the head of a stack trace: "goroutine 7 [running]:".
func goroutine() string {
	buf := make([]byte, 64)
	fields := bytes.Fields(buf[:runtime.Stack(buf, false)])
	return string(fields[1])
}
