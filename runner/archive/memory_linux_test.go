package archive

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// cpuTime returns the CPU time of this process and of the children that it has waited for.
func cpuTime() time.Duration {
	var total time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if err := syscall.Getrusage(who, &usage); err != nil {
			return 0
		}
		total += time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	return total
}

// peakMemory unpacks in a separate process and returns its peak memory in MB.
func peakMemory(t testing.TB, path, dest string) float64 {
	t.Helper()
	report := dest + ".peak"
	alone := exec.CommandContext(t.Context(), os.Args[0])
	alone.Env = append(os.Environ(), "STEPDECK_TEST_EXTRACT="+path, "STEPDECK_TEST_DEST="+dest, "STEPDECK_TEST_REPORT="+report)
	if out, err := alone.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	status, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	// Not getrusage: its value for a process starts with its parent's.
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, err := strconv.Atoi(strings.TrimSpace(line[:strings.Index(line, "kB")]))
	if err != nil {
		t.Fatal(err)
	}
	return float64(kilobytes) * 1024 / 1e6
}

// TestMain unpacks and reports its memory if peakMemory started this process.
func TestMain(m *testing.M) {
	path := os.Getenv("STEPDECK_TEST_EXTRACT")
	if path == "" {
		os.Exit(m.Run())
	}
	if err := extractAlone(path, os.Getenv("STEPDECK_TEST_DEST"), os.Getenv("STEPDECK_TEST_REPORT")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func extractAlone(path, dest, report string) error {
	if _, err := Extract(context.Background(), path, dest, Options{Limits: Limits{Entries: 60_000}}); err != nil {
		return err
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	return os.WriteFile(report, status, 0o600)
}
