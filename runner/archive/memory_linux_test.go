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
	alone := exec.Command(os.Args[0], "-test.run=^TestExtractAlone$", "-test.timeout=5m")
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

// TestExtractAlone is what peakMemory runs.
func TestExtractAlone(t *testing.T) {
	path := os.Getenv("STEPDECK_TEST_EXTRACT")
	if path == "" {
		t.Skip("does its work for other tests, in a process of its own")
	}
	if _, err := Extract(context.Background(), path, os.Getenv("STEPDECK_TEST_DEST"), Options{Limits: Limits{Entries: 60_000}}); err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	write(t, os.Getenv("STEPDECK_TEST_REPORT"), status)
}

// The directory of a package is the only thing that must be in memory.
func TestMemoryStaysSmall(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("unpacks 50,000 files; the race detector holds memory of its own")
	}
	const most = 80 // MB
	entries := make([]rawEntry, 0, 50_000)
	for i := range cap(entries) {
		entries = append(entries, rawEntry{name: fmt.Sprintf("folder-%03d/with some longer name/file-%05d.txt", i/500, i)})
	}
	path := writePackage(t, "many.1.0.0.zip", rawZip(entries...))
	peak := peakMemory(t, path, t.TempDir()+"/out")
	if peak > most {
		t.Errorf("%.0f MB, want at most %d", peak, most)
	} else {
		t.Logf("%.0f MB", peak)
	}
}
