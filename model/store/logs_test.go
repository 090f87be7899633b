package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// randomBatches returns lines of all kinds, the same for the same seed.
func randomBatches(seed uint64, count int) []model.LogBatch {
	r := rand.New(rand.NewPCG(seed, 1))
	at := int64(1_700_000_000_000_000)
	batches := make([]model.LogBatch, count)
	for i := range batches {
		for range r.IntN(200) {
			at += int64(r.IntN(2_000_000)) - 1000 // clocks go back too
			length := r.IntN(300)
			var line []byte
			for range length {
				line = append(line, "abcdef \x1b[0;1m\r\xff"[r.IntN(15)])
			}
			if r.IntN(10) > 0 {
				line = append(line, '\n')
			}
			batches[i].Bytes = append(batches[i].Bytes, line...)
			batches[i].Lines = append(batches[i].Lines, model.LineMeta{
				Time: at, Len: uint32(len(line)), Stream: model.Stream(1 + r.IntN(3)), Level: model.Level(1 + r.IntN(6)), Continued: r.IntN(8) == 0,
			})
		}
	}
	return batches
}

func joined(batches []model.LogBatch) model.LogBatch {
	var all model.LogBatch
	for _, b := range batches {
		all.Bytes = append(all.Bytes, b.Bytes...)
		all.Lines = append(all.Lines, b.Lines...)
	}
	return all
}

// readAll returns the log from a line on, as stored.
func readAll(t testing.TB, s *Store, stepRunID, from int64) model.LogBatch {
	t.Helper()
	var all model.LogBatch
	next := from
	for chunk, err := range s.LogChunks(context.Background(), stepRunID, from) {
		must(t, err)
		if chunk.First != next {
			t.Fatalf("a chunk begins with line %d, want %d", chunk.First, next)
		}
		next += int64(len(chunk.Lines))
		all.Bytes = append(all.Bytes, chunk.Bytes...)
		all.Lines = append(all.Lines, chunk.Lines...)
	}
	return all
}

func TestLogRoundTrip(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	for seed := range uint64(6) {
		run := startRun(t, s)
		step := run.Steps[0].ID
		batches := randomBatches(seed, 60)
		r := rand.New(rand.NewPCG(seed, 2))
		for i := 0; i < len(batches); {
			n := min(1+r.IntN(7), len(batches)-i)
			must(t, s.AppendLog(ctx, step, batches[i:i+n]))
			i += n
		}
		want := joined(batches)
		got := readAll(t, s, step, 1)
		if !bytes.Equal(got.Bytes, want.Bytes) || !slices.Equal(got.Lines, want.Lines) {
			t.Fatalf("seed %d: the log came back changed", seed)
		}
		from := int64(1 + r.IntN(len(want.Lines)))
		if tail := readAll(t, s, step, from); !slices.Equal(tail.Lines, want.Lines[from-1:]) {
			t.Errorf("seed %d: there are %d lines from line %d on", seed, from, len(tail.Lines))
		}
		length, err := s.LogLen(ctx, step)
		must(t, err)
		saved, err := s.Run(ctx, run.ID)
		must(t, err)
		latest := slices.MaxFunc(want.Lines, func(a, b model.LineMeta) int { return int(a.Time - b.Time) })
		if length != int64(len(want.Lines)) || saved.Steps[0].Lines != length || saved.Steps[0].LastOutput.UnixMicro() != latest.Time {
			t.Errorf("seed %d: %d lines of %d, last output %v", seed, length, len(want.Lines), saved.Steps[0].LastOutput)
		}
	}
}

func TestReadLog(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	run := startRun(t, s)
	step := run.Steps[0].ID
	at := time.UnixMicro(1_700_000_000_000_000).UTC()
	for n := range 5000 {
		must(t, s.AppendLog(ctx, step, []model.LogBatch{textBatch(at, fmt.Sprintf("line %d %s\r\n", n+1, strings.Repeat("é", n%100)))}))
	}
	must(t, s.AppendLog(ctx, step, []model.LogBatch{textBatch(at, "a long line that is cut ", "here\n", "no end")}))
	for _, row := range []struct {
		name        string
		from        int64
		count       int
		first, last int64 // 0 for none
	}{
		{"the beginning", 1, 10, 1, 10},
		{"the middle", 2500, 100, 2500, 2599},
		{"one line", 77, 1, 77, 77},
		{"more than there are", 4990, 100, 4990, 5003},
		{"behind the end", 6000, 10, 0, 0},
		{"before the beginning", -5, 10, 1, 4},
		{"nothing asked for", 1, 0, 0, 0},
		{"all", 1, 1 << 30, 1, 5003},
	} {
		t.Run(row.name, func(t *testing.T) {
			lines, err := s.ReadLog(ctx, step, row.from, row.count)
			must(t, err)
			if row.first == 0 {
				if len(lines) != 0 {
					t.Errorf("got %d lines", len(lines))
				}
				return
			}
			if lines[0].N != row.first || lines[len(lines)-1].N != row.last || int64(len(lines)) != row.last-row.first+1 {
				t.Fatalf("got lines %d to %d, %d in total", lines[0].N, lines[len(lines)-1].N, len(lines))
			}
		})
	}
	lines, err := s.ReadLog(ctx, step, 5000, 4)
	must(t, err)
	want := model.LogLine{N: 5000, Time: at, Stream: model.StreamStdout, Level: model.LevelInfo, Text: "line 5000 " + strings.Repeat("é", 99)}
	if lines[0] != want {
		t.Errorf("got %+v, want %+v", lines[0], want)
	}
	if lines[1].Text != "a long line that is cut " || !lines[1].Continued || lines[2].Text != "here" || lines[2].Continued ||
		lines[3].Text != "no end" {
		t.Errorf("the last lines are %+v", lines[1:])
	}
	var chunks int
	must(t, s.writer.QueryRow("SELECT count(*) FROM log_chunks").Scan(&chunks))
	if chunks > 25 {
		t.Errorf("5000 writes of one line left %d chunks: small ones are not joined", chunks)
	}
}

func TestReaderFollowsAGrowingLog(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	writer, reader := open(t, dir), open(t, dir)
	run := startRun(t, writer)
	step := run.Steps[0].ID
	seen := int64(0)
	read := func() {
		for line, err := range reader.LogLines(ctx, step, seen+1) {
			must(t, err)
			if line.N != seen+1 || line.Text != fmt.Sprintf("line %d", line.N) {
				t.Fatalf("after line %d comes %d %q", seen, line.N, line.Text)
			}
			seen = line.N
			if seen%997 == 0 { // the log grows while it is being read
				n := must2(writer.LogLen(ctx, step))
				must(t, writer.AppendLog(ctx, step, []model.LogBatch{textBatch(time.Now(), fmt.Sprintf("line %d\n", n+1))}))
			}
		}
	}
	for n := 0; n < 30_000; {
		var texts []string
		base := must2(writer.LogLen(ctx, step))
		for i := range int64(700) {
			texts = append(texts, fmt.Sprintf("line %d\n", base+i+1))
			n++
		}
		must(t, writer.AppendLog(ctx, step, []model.LogBatch{textBatch(time.Now(), texts...)}))
		read()
	}
	for seen < must2(writer.LogLen(ctx, step)) {
		read()
	}
	if seen < 30_000 || seen != must2(writer.LogLen(ctx, step)) {
		t.Errorf("read %d lines", seen)
	}
}

func must2[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func TestDamagedChunksAreNamedAndTheRestIsRead(t *testing.T) {
	ctx := context.Background()
	for _, row := range []struct{ name, damage string }{
		{"a flipped bit in the data", `UPDATE log_chunks SET data = CAST(x'ff' || substr(data, 2) AS BLOB) WHERE first_line IN (2001, 4001)`},
		{"data cut short", `UPDATE log_chunks SET data = substr(data, 1, 100) WHERE first_line IN (2001, 4001)`},
		{"a wrong checksum", `UPDATE log_chunks SET checksum = checksum + 1 WHERE first_line IN (2001, 4001)`},
		{"a wrong count of lines", `UPDATE log_chunks SET lines = 1 << 40 WHERE first_line IN (2001, 4001)`},
		{"no lines", `UPDATE log_chunks SET lines = 0 WHERE first_line IN (2001, 4001)`},
		{"wrong bytes", `UPDATE log_chunks SET bytes = -1 WHERE first_line IN (2001, 4001)`},
		{"the data of another chunk",
			`UPDATE log_chunks SET data = (SELECT data FROM log_chunks WHERE first_line = 1) WHERE first_line IN (2001, 4001)`},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := open(t, t.TempDir())
			run := startRun(t, s)
			step := run.Steps[0].ID
			for chunk := range 6 {
				var texts []string
				for i := range 1000 {
					texts = append(texts, fmt.Sprintf("line %d %s\n", chunk*1000+i+1, strings.Repeat("x", 50)))
				}
				must(t, s.AppendLog(ctx, step, []model.LogBatch{textBatch(time.Now(), texts...)}))
			}
			changed, err := s.writer.Exec(row.damage)
			must(t, err)
			if n, _ := changed.RowsAffected(); n != 2 {
				t.Fatalf("%d chunks were damaged", n)
			}
			var damage [][2]int64
			var lines []int64
			for line, err := range s.LogLines(ctx, step, 1) {
				if err == nil {
					lines = append(lines, line.N)
					continue
				}
				wantCode(t, err, "log.damaged")
				var d *DamagedLines
				if !errors.As(err, &d) {
					t.Fatalf("no lines are named: %v", err)
				}
				damage = append(damage, [2]int64{d.First, d.Last})
			}
			if !slices.Equal(damage, [][2]int64{{2001, 3000}, {4001, 5000}}) {
				t.Errorf("damage is reported for lines %v", damage)
			}
			if len(lines) != 4000 || lines[2000] != 3001 || lines[3999] != 6000 {
				t.Errorf("%d lines can be read", len(lines))
			}
			page, err := s.ReadLog(ctx, step, 1990, 2000)
			wantCode(t, err, "log.damaged")
			if len(page) != 11+989 || page[11].N != 3001 {
				t.Errorf("the page has %d lines", len(page))
			}
			if _, err := s.ReadLog(ctx, step, 5001, 1000); err != nil {
				t.Errorf("a page without damage: %v", err)
			}
		})
	}
}

func TestAppendLogRejectsInvalidBatches(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	run := startRun(t, s)
	step := run.Steps[0].ID
	for _, row := range []struct {
		name  string
		step  int64
		batch model.LogBatch
	}{
		{"lines shorter than the bytes", step, model.LogBatch{Bytes: []byte("abc"), Lines: []model.LineMeta{{Len: 2}}}},
		{"lines longer than the bytes", step, model.LogBatch{Bytes: []byte("abc"), Lines: []model.LineMeta{{Len: 4}}}},
		{"a step run that is not there", step + 1, textBatch(time.Now(), "a\n")},
		{"too much", step, model.LogBatch{Bytes: make([]byte, largestBatch+1), Lines: []model.LineMeta{{Len: largestBatch + 1}}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := s.AppendLog(ctx, row.step, []model.LogBatch{row.batch}); err == nil {
				t.Error("accepted")
			}
		})
	}
	must(t, s.AppendLog(ctx, step, []model.LogBatch{{}, textBatch(time.Now(), "fine\n"), {}}))
	must(t, s.AppendLog(ctx, step,
		[]model.LogBatch{{Bytes: bytes.Repeat([]byte{'x'}, largestBatch), Lines: []model.LineMeta{{Len: largestBatch}}}}))
	if got := readAll(t, s, step, 1); len(got.Lines) != 2 || len(got.Bytes) != 5+largestBatch {
		t.Errorf("the log has %d lines of %d bytes", len(got.Lines), len(got.Bytes))
	}
}

func TestFailedAppendLeavesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	run := startRun(t, s)
	step := run.Steps[0].ID
	must(t, s.AppendLog(context.Background(), step, []model.LogBatch{textBatch(time.Now(), "one\n")}))
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.AppendLog(over, step, []model.LogBatch{textBatch(time.Now(), "lost\n")}); !errors.Is(err, context.Canceled) {
		t.Fatalf("error is %v", err)
	}
	must(t, s.AppendLog(context.Background(), step, []model.LogBatch{textBatch(time.Now(), "two\n")}))
	if got := string(readAll(t, s, step, 1).Bytes); got != "one\ntwo\n" {
		t.Errorf("the log is %q", got)
	}
}

func FuzzUnpack(f *testing.F) {
	zip := newCompressor()
	var buffer packBuffer
	for seed := range uint64(4) {
		row, err := zip.pack(1, 1, joined(randomBatches(seed, int(seed))), &buffer)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(slices.Clone(row.data), row.lines, row.bytes, row.coding)
	}
	f.Fuzz(func(t *testing.T, data []byte, lines, bytes, coding int64) {
		row := chunkRow{first: 1, lines: lines, bytes: bytes, coding: coding, data: data}
		row.checksum = row.sum(1) // the data behind the checksum must be checked on its own
		batch, err := zip.unpack(1, row)
		if err != nil {
			return
		}
		if int64(len(batch.Lines)) != lines || int64(len(batch.Bytes)) != bytes {
			t.Fatalf("%d lines of %d, %d bytes of %d", len(batch.Lines), lines, len(batch.Bytes), bytes)
		}
		again, err := zip.pack(1, 1, batch, &packBuffer{})
		if err != nil {
			t.Fatal(err)
		}
		if back, err := zip.unpack(1, again); err != nil || !slices.Equal(back.Lines, batch.Lines) {
			t.Fatalf("packed again it is %v", err)
		}
	})
}
