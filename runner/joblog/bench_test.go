package joblog

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

const benchLines = 100_000

// benchText returns lines of 95 bytes such as scripts print.
func benchText(mix func(i int) string) []byte {
	r := rand.New(rand.NewPCG(5, 6))
	var b bytes.Buffer
	for i := range benchLines {
		line := fmt.Sprintf("2026-11-23T12:25:%02d.%03dZ upload: ./dist/assets/%08x.js to s3://contoso-web/assets/%s",
			i%60, i%1000, r.Uint32(), mix(i))
		line += strings.Repeat("x", 95)
		b.WriteString(line[:94] + "\n")
	}
	return b.Bytes()
}

func secrets(n int) *Masker {
	r := rand.New(rand.NewPCG(7, 8))
	m := NewMasker()
	for i := range n {
		length := 40
		if i%3 == 2 {
			length = 400 // a session token
		}
		b := make([]byte, length)
		for k := range b {
			b[k] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[r.IntN(64)]
		}
		m.Add(string(b))
	}
	m.current()
	return m
}

func plain(int) string { return "index" }

func BenchmarkLog(b *testing.B) {
	dense := secrets(20)
	hostile := NewMasker()
	hostile.Add(strings.Repeat("a", 39) + "b")
	few := NewMasker()
	few.Add("hunter2-hunter2")
	for _, c := range []struct {
		name   string
		masker *Masker
		text   []byte
	}{
		{"no secrets", NewMasker(), benchText(plain)},
		{"1 secret", few, benchText(plain)},
		{"3 secrets", secrets(3), benchText(plain)},
		{"20 secrets", secrets(20), benchText(plain)},
		{"20 secrets, one on every line", dense,
			benchText(func(i int) string { return string(dense.patterns[i%len(dense.patterns)].text[:24]) })},
		{"hostile", hostile, bytes.Repeat([]byte(strings.Repeat("a", 94)+"\n"), benchLines)},
		{"many marks of messages", secrets(3), bytes.Repeat([]byte(strings.Repeat("##octopus", 10)+"abcd\n"), benchLines)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.text)))
			lines := 0
			for b.Loop() {
				l := New(Options{Masker: c.masker, Emit: func(batch model.LogBatch) { lines += len(batch.Lines) }})
				for text := c.text; len(text) > 0; {
					n := min(64<<10, len(text))
					l.Write(model.StreamStdout, text[:n], time.Time{})
					text = text[n:]
				}
				l.Close()
			}
			b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "lines/s")
			if lines == 0 {
				b.Fatal("no lines")
			}
		})
	}
}

// BenchmarkFloorScanner is the lower bound: it only finds and copies lines.
func BenchmarkFloorScanner(b *testing.B) {
	text := benchText(plain)
	b.SetBytes(int64(len(text)))
	lines := 0
	var out []byte
	for b.Loop() {
		s := bufio.NewScanner(bytes.NewReader(text))
		for s.Scan() {
			out = append(out, s.Bytes()...)
			if lines++; len(out) > 64<<10 {
				out = make([]byte, 0, 80<<10)
			}
		}
	}
	b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "lines/s")
}

// A table is made at once, without copies of a list that grows: a run waits for it.
func TestATableIsMadeAtItsSize(t *testing.T) {
	m := secrets(3)
	most := 1
	for _, p := range m.patterns {
		most += len(p.text)
	}
	if table := newTable(m.patterns); cap(table.nodes) != most {
		t.Errorf("room for %d nodes, %d are in it, want room for %d", cap(table.nodes), len(table.nodes), most)
	}
}

func BenchmarkTable(b *testing.B) {
	for _, n := range []int{3, 20} {
		b.Run(fmt.Sprintf("%d secrets", n), func(b *testing.B) {
			m := secrets(n)
			for b.Loop() {
				newTable(m.patterns)
			}
			t := m.table
			b.ReportMetric(float64(len(m.patterns)), "patterns")
			b.ReportMetric(float64(tableBytes(t)), "bytes")
		})
	}
}

// Adding a value of a megabyte: every form is generated, few bytes of each are kept.
func BenchmarkAddMegabyte(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	large := make([]byte, 1<<20)
	for i := range large {
		large[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[r.IntN(64)]
	}
	for b.Loop() {
		m := NewMasker()
		m.Add(string(large))
		t, _ := m.current()
		b.ReportMetric(float64(len(m.patterns)), "patterns")
		b.ReportMetric(float64(tableBytes(t)), "bytes")
	}
}

// A script that makes one value after another a secret, and prints between.
func BenchmarkMaskOneByOne(b *testing.B) {
	for b.Loop() {
		m := NewMasker()
		for i := range 100 {
			m.Add(fmt.Sprintf("secret value number %d", i))
			m.Holds("text")
		}
	}
}

func BenchmarkClean(b *testing.B) {
	text := string(benchText(plain)[:95*1000])
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for line := range strings.Lines(text) {
			Clean(line)
		}
	}
}
