package process_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/process"
)

// cpu is what this process and all its children that ended have used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var sum time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if err := syscall.Getrusage(who, &u); err != nil {
			b.Fatal(err)
		}
		sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return sum
}

// BenchmarkStart: the CPU that a step costs beside the bare program.
func BenchmarkStart(b *testing.B) {
	program, err := exec.LookPath("true")
	if err != nil {
		b.Skip(err)
	}
	measure := func(b *testing.B, run func() error) {
		before := cpu(b)
		for b.Loop() {
			if err := run(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
	}
	b.Run("bare", func(b *testing.B) {
		measure(b, func() error { return exec.Command(program).Run() })
	})
	b.Run("supervised", func(b *testing.B) {
		measure(b, func() error {
			_, err := process.Run(context.Background(), process.Spec{Path: program, Dir: "/"}, nil)
			return err
		})
	})
}

// BenchmarkOutput: "cat" of a file, beside the same through a pipe to another program.
func BenchmarkOutput(b *testing.B) {
	file := filepath.Join(b.TempDir(), "big")
	const size = 256 << 20
	writeBig(b, file, size, nil)
	b.Run("floor", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			cat := exec.Command("cat", file)
			out, err := cat.StdoutPipe()
			if err == nil {
				err = cat.Start()
			}
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(struct{ io.Writer }{io.Discard}, out); err != nil {
				b.Fatal(err)
			}
			if err := cat.Wait(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("supervised", func(b *testing.B) {
		program, err := exec.LookPath("cat")
		if err != nil {
			b.Skip(err)
		}
		b.SetBytes(size)
		for b.Loop() {
			n := 0
			_, err := process.Run(context.Background(), process.Spec{
				Path: program, Args: []string{file}, Dir: "/",
				Stdout: func(p []byte, _ time.Time) { n += len(p) },
			}, nil)
			if err != nil || n != size {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("cat-to-cat", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			cmd := exec.Command("sh", "-c", `cat "$0" | cat >/dev/null`, file)
			cmd.Stderr = os.Stderr
			if err := cmd.Run(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
