package logview

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/widgets/find"
)

// flood is a log that grows without using memory.
type flood struct{ n atomic.Int64 }

func (s *flood) Len() int { return int(s.n.Load()) }

func (s *flood) Page(ctx context.Context, from, count int) ([]Line, error) {
	return endless(s.Len()).Page(ctx, from, count)
}

// BenchmarkFlood is one frame of a log that is followed while 50,000 lines a second come in, ten frames a second: reading,
// colouring, painting.
func BenchmarkFlood(b *testing.B) {
	for name, scale := range map[string]int{"1200x800": 1, "2400x1600": 2} {
		b.Run(name, func(b *testing.B) {
			src := &flood{}
			src.n.Store(1000)
			f := open(b, src)
			f.win.Resize(fyne.NewSize(1200, 800))
			size := f.grid.Raster.Size()
			w, h := int(size.Width)*scale, int(size.Height)*scale
			f.grid.Raster.Generator(w, h)
			cpu := cpuTime()
			b.ReportAllocs()
			for b.Loop() {
				want := int(src.n.Add(5000))
				f.seenAt = -1
				f.wake()
				f.until("the lines", func() bool { return f.n == want && f.load == nil })
				f.grid.Raster.Generator(w, h)
			}
			b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "heap-MiB")
		})
	}
}

func BenchmarkFindMillion(b *testing.B) {
	f := open(b, endless(1_000_000))
	for b.Loop() {
		f.Find(find.Query{Text: "no such text"})
		f.until("the search", func() bool { return !f.FindState().Running })
	}
}

func BenchmarkScroll(b *testing.B) {
	f := open(b, endless(1_000_000))
	f.win.Resize(fyne.NewSize(1200, 800))
	size := f.grid.Raster.Size()
	cpu := cpuTime()
	i := 0
	for b.Loop() {
		i += 40
		f.pane.ScrollTo(float64(i % 900_000))
		f.until("the page", func() bool { return f.load == nil })
		f.grid.Raster.Generator(int(size.Width), int(size.Height))
	}
	b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

func TestMemoryDoesNotGrowWithTheLog(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	src := &flood{}
	src.n.Store(1000)
	f := open(t, src)
	f.win.Canvas().Capture()
	before := heap()
	for src.Len() < 1_000_000 {
		want := int(src.n.Add(9000))
		f.Changed()
		f.until("the lines", func() bool { return f.n == want })
		f.seenAt = -1 // as if the view had been painted, so that it does not slow down
		f.waker.Store(0)
	}
	for i := range 300 {
		f.pane.ScrollTo(float64(i * 3000))
		f.until("the page", func() bool { return f.load == nil })
	}
	const most = 12 << 20
	if after := heap(); after > before+most {
		t.Errorf("%s more after a million lines", fmt.Sprint((after-before)>>20, " MiB"))
	}
}
