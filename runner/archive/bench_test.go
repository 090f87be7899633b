package archive

import (
	"archive/zip"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The benchmarks also unpack with the usual programs and report ratios: seconds mean little on a shared machine. Each
// figure is the best of its rounds.

func BenchmarkExtractSmallFiles(b *testing.B) {
	path := filepath.Join(b.TempDir(), "small.1.0.0.zip")
	writeBenchZip(b, path, 10_000, 100, func(r *rand.Rand) int { return 2000 + r.IntN(9000) })
	compareExtraction(b, path)
}

func BenchmarkExtractLarge(b *testing.B) {
	if os.Getenv("STEPDECK_BENCH_LARGE") != "1" {
		b.Skip("needs 3 GB of disk: set STEPDECK_BENCH_LARGE=1")
	}
	path := filepath.Join(b.TempDir(), "large.1.0.0.zip")
	writeBenchZip(b, path, 16, 1, func(*rand.Rand) int { return 64 << 20 })
	compareExtraction(b, path)
}

func BenchmarkExtractTarGz(b *testing.B) {
	dir := b.TempDir()
	source := filepath.Join(dir, "small.1.0.0.zip")
	writeBenchZip(b, source, 10_000, 100, func(r *rand.Rand) int { return 2000 + r.IntN(9000) })
	tree := filepath.Join(dir, "tree")
	if _, err := Extract(context.Background(), source, tree, Options{}); err != nil {
		b.Fatal(err)
	}
	for ending, flag := range map[string]string{".tar.gz": "-czf", ".tar.bz2": "-cjf", ".tar": "-cf"} {
		b.Run(ending[1:], func(b *testing.B) {
			path := filepath.Join(dir, "small.1.0.0"+ending)
			if out, err := exec.Command(tool(b, "tar"), flag, path, "-C", tree, ".").CombinedOutput(); err != nil {
				b.Fatalf("tar: %v\n%s", err, out)
			}
			compareExtraction(b, path)
		})
	}
}

func BenchmarkList50000(b *testing.B) {
	path := filepath.Join(b.TempDir(), "many.1.0.0.zip")
	writeBenchZip(b, path, 50_000, 500, func(*rand.Rand) int { return 0 })
	for b.Loop() {
		l, err := List(context.Background(), path, Limits{Entries: 60_000}) // its folders count too
		if err != nil || len(l.Entries) != 50_000 {
			b.Fatalf("%d entries, %v", len(l.Entries), err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/listing")
}

// compareExtraction runs this package, unzip and bsdtar in turn.
func compareExtraction(b *testing.B, path string) {
	b.Helper()
	runs := []struct {
		name    string
		extract func(dest string) error
	}{
		{"stepdeck", func(dest string) error {
			_, err := Extract(context.Background(), path, dest, Options{})
			return err
		}},
		{"bsdtar", func(dest string) error {
			return inNewFolder(dest, tool(b, "bsdtar"), "-xf", path, "-C", dest)
		}},
	}
	if filepath.Ext(path) == ".zip" {
		runs = append(runs, struct {
			name    string
			extract func(dest string) error
		}{"unzip", func(dest string) error {
			return inNewFolder(dest, tool(b, "unzip"), "-q", path, "-d", dest)
		}})
	}
	best, leastCPU := map[string]time.Duration{}, map[string]time.Duration{}
	keepLeast := func(of map[string]time.Duration, name string, took time.Duration) {
		if of[name] == 0 || took < of[name] {
			of[name] = took
		}
	}
	parent := b.TempDir()
	for b.Loop() {
		for round := range 3 {
			for _, run := range runs {
				dest := filepath.Join(parent, fmt.Sprintf("%s-%d", run.name, round))
				start, cpu := time.Now(), cpuTime()
				if err := run.extract(dest); err != nil {
					b.Fatalf("%s: %v", run.name, err)
				}
				keepLeast(best, run.name, time.Since(start))
				keepLeast(leastCPU, run.name, cpuTime()-cpu)
				if err := os.RemoveAll(dest); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	if peak := peakMemory(b, path, filepath.Join(parent, "alone")); peak > 0 {
		b.ReportMetric(peak, "MB_peak")
	}
	ours := best["stepdeck"].Seconds()
	b.ReportMetric(ours, "s/best")
	for _, other := range runs[1:] {
		b.ReportMetric(ours/best[other.name].Seconds(), "x_"+other.name)
		if cpu := leastCPU[other.name]; cpu > 0 {
			b.ReportMetric(leastCPU["stepdeck"].Seconds()/cpu.Seconds(), "cpu_x_"+other.name)
		}
	}
	b.ReportMetric(0, "ns/op") // of all programs together: says nothing
}

func inNewFolder(dest, program string, args ...string) error {
	if err := os.Mkdir(dest, 0o700); err != nil {
		return err
	}
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// writeBenchZip makes files that compress to about half, as scripts and programs do.
func writeBenchZip(b *testing.B, path string, files, folders int, size func(*rand.Rand) int) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	r := rand.New(rand.NewPCG(1, 2))
	for i := range files {
		w, err := z.Create(fmt.Sprintf("folder-%03d/file-%05d.txt", i*folders/files, i))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := w.Write(halfRandom(r, size(r))); err != nil {
			b.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
}

func halfRandom(r *rand.Rand, size int) []byte {
	const words = "the quick brown fox jumps over a lazy dog and then it runs back again "
	data := make([]byte, 0, size+64)
	for len(data) < size {
		if r.IntN(2) == 0 {
			at := r.IntN(len(words) - 32)
			data = append(data, words[at:at+8+r.IntN(24)]...)
		} else {
			for range 2 {
				data = fmt.Appendf(data, "%08x", r.Uint32())
			}
		}
	}
	return data[:size]
}
