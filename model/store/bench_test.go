package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

func benchBatches(lines, width int) []model.LogBatch {
	var batches []model.LogBatch
	at := time.Now().UnixMicro()
	for n := 0; n < lines; {
		var b model.LogBatch
		for len(b.Bytes)+width <= 64<<10 && n < lines {
			start := len(b.Bytes)
			b.Bytes = fmt.Appendf(b.Bytes, "%08d upload: ./build/app-%d.zip to s3://bucket-%d/releases/%x", n, n%1000, n*7919%1000003,
				uint32(n)*2654435761)
			for len(b.Bytes) < start+width-1 {
				b.Bytes = append(b.Bytes, '.')
			}
			b.Bytes = append(b.Bytes[:start+width-1], '\n')
			b.Lines = append(b.Lines, model.LineMeta{Time: at + int64(n), Len: uint32(width), Stream: model.StreamStdout, Level: model.LevelInfo})
			n++
		}
		batches = append(batches, b)
	}
	return batches
}

func BenchmarkAppendLog(b *testing.B) {
	const lines, width = 1_000_000, 95
	batches := benchBatches(lines, width)
	for _, perTransaction := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("batches=%d", perTransaction), func(b *testing.B) {
			var size int64
			for b.Loop() {
				b.StopTimer()
				dir := b.TempDir()
				s := open(b, dir)
				run := startRun(b, s)
				b.StartTimer()
				for i := 0; i < len(batches); i += perTransaction {
					must(b, s.AppendLog(context.Background(), run.Steps[0].ID, batches[i:min(i+perTransaction, len(batches))]))
				}
				must(b, s.FinishRun(context.Background(), run))
				info, err := os.Stat(filepath.Join(dir, FileName))
				must(b, err)
				size = info.Size()
			}
			b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
			b.ReportMetric(float64(size)/1e6, "MB")
		})
	}
}

func BenchmarkReadPage(b *testing.B) {
	s := open(b, b.TempDir())
	run := startRun(b, s)
	for _, batch := range benchBatches(1_000_000, 95) {
		must(b, s.AppendLog(context.Background(), run.Steps[0].ID, []model.LogBatch{batch}))
	}
	for b.Loop() {
		lines, err := s.ReadLog(context.Background(), run.Steps[0].ID, 900_000, 200)
		if err != nil || len(lines) != 200 || !strings.HasPrefix(lines[0].Text, "00899999") {
			b.Fatal(err, len(lines), lines[0].Text)
		}
	}
}

// BenchmarkShortCommand is the store's share of a short `stepdeck run`: open, look for dead runs, read the project,
// record the run with a line of log and its end, close. What counts is its CPU time (user and sys of `time go test
// -bench`).
func BenchmarkShortCommand(b *testing.B) {
	ctx := context.Background()
	dir := b.TempDir()
	first := open(b, dir)
	p := fullProject()
	_, err := first.SaveProject(ctx, &p)
	must(b, err)
	for b.Loop() {
		s, err := Open(ctx, Options{Dir: dir})
		must(b, err)
		_, err = s.MarkInterrupted(ctx)
		must(b, err)
		_, err = s.Project(ctx, "Website")
		must(b, err)
		run := startRun(b, s)
		must(b, s.AppendLog(ctx, run.Steps[0].ID, []model.LogBatch{textBatch(time.Now(), "a\n")}))
		run.Status, run.Steps[0].Status = model.Succeeded, model.Succeeded
		must(b, s.FinishRun(ctx, run))
		must(b, s.Close())
	}
}

// BenchmarkOpen only opens and closes.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	open(b, dir)
	for b.Loop() {
		s, err := Open(context.Background(), Options{Dir: dir})
		must(b, err)
		must(b, s.Close())
	}
}
