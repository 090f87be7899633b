package uitest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

func TestDoRunsOnTheTestsGoroutineInOrder(t *testing.T) {
	a := New(t)
	label := widget.NewLabel("")
	a.Show(label, fyne.NewSize(100, 50))
	var got []int
	go func() {
		for i := range 1000 {
			fyne.Do(func() {
				got = append(got, i) // a race, if it ran on another goroutine
				label.SetText("posted")
			})
		}
	}()
	a.Until("all posts", func() bool { return len(got) == 1000 })
	for i, n := range got {
		if i != n {
			t.Fatalf("post %d ran at position %d", n, i)
		}
	}
	if label.Text != "posted" {
		t.Errorf("label = %q", label.Text)
	}
}

func TestDoAndWaitReturnsAfterwards(t *testing.T) {
	a := New(t)
	var ran, returned bool
	var mu sync.Mutex
	go func() {
		fyne.DoAndWait(func() { mu.Lock(); ran = true; mu.Unlock() })
		mu.Lock()
		defer mu.Unlock()
		returned = ran
	}()
	a.Until("DoAndWait to return", func() bool { mu.Lock(); defer mu.Unlock(); return returned })
}

func TestPumpRunsWhatQueuedWorkQueues(t *testing.T) {
	a := New(t)
	n := 0
	fyne.Do(func() { n++; fyne.Do(func() { n++ }) })
	if n != 0 {
		t.Fatal("fyne.Do did not queue")
	}
	a.Pump()
	if n != 2 {
		t.Errorf("ran %d of 2", n)
	}
}

func TestPumpForRunsLateWork(t *testing.T) {
	a := New(t)
	n := 0
	time.AfterFunc(20*time.Millisecond, func() { fyne.Do(func() { n++ }) })
	for n == 0 { // a slow machine may need more than one turn
		a.PumpFor(50 * time.Millisecond)
	}
}

func TestLateWorkIsDropped(t *testing.T) {
	q := newQueue(t)
	waiting := make(chan struct{})
	q.put(task{func() { t.Error("ran after the end") }, waiting})
	q.close()
	<-waiting
	late := make(chan struct{})
	q.put(task{func() { t.Error("ran after the end") }, late})
	<-late
	if _, ok := q.take(); ok {
		t.Error("something is left")
	}
}

type fakeT struct {
	testing.TB
	failed bool
}

func (f *fakeT) Error(...any) { f.failed = true }

func TestDoAndWaitOnTheMainGoroutineFailsTheTest(t *testing.T) {
	fake := &fakeT{TB: t}
	d := &driver{queue: newQueue(fake)}
	ran := false
	d.DoFromGoroutine(func() { ran = true }, true)
	if !ran || !fake.failed {
		t.Errorf("ran %v, failed %v", ran, fake.failed)
	}
}

func TestPicture(t *testing.T) {
	a := New(t)
	w := a.Show(widget.NewLabel("hello"), fyne.NewSize(100, 40))
	path := filepath.Join(t.TempDir(), "pictures", "hello.png")
	a.Picture(w, path)
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		t.Errorf("no picture: %v", err)
	}
}
