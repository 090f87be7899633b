package archive

import (
	"sync/atomic"
	"time"
)

// Progress is the progress of unpacking. Done and Total are bytes of one kind: unpacked ones of a zip or folder, packed
// ones of a tar. Total is 0 while it is unknown.
type Progress struct {
	Files       int
	Bytes       int64 // written
	Done, Total int64
}

// progressInterval is short enough for a smoothly moving bar.
const progressInterval = 100 * time.Millisecond

// meter counts, and reports from its own goroutine, so that unpacking never waits for the display.
type meter struct {
	files, bytes, done, total atomic.Int64

	report func(Progress)
	quit   chan struct{}
	ended  chan struct{}
}

func newMeter(report func(Progress)) *meter {
	m := &meter{report: report}
	if report == nil {
		return m
	}
	m.quit, m.ended = make(chan struct{}), make(chan struct{})
	go func() {
		defer close(m.ended)
		ticker := time.NewTicker(progressInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				report(m.now())
			case <-m.quit:
				return
			}
		}
	}()
	return m
}

func (m *meter) now() Progress {
	return Progress{Files: int(m.files.Load()), Bytes: m.bytes.Load(), Done: m.done.Load(), Total: m.total.Load()}
}

// stop ends the reports, with a last one if successful.
func (m *meter) stop(success bool) {
	if m.report == nil {
		return
	}
	close(m.quit)
	<-m.ended
	if success {
		m.report(m.now())
	}
}
