//go:build e2e

package e2e

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Each benchmark of the window also reports what it is compared with, measured in the same run. STEPDECK_E2E_BIN names the folder of
// programs that are built as they ship, except for the tag e2e.

// bare starts an empty Fyne window.
func (s *stage) bare() *window {
	s.t.Helper()
	return s.start([]string{program(s.t, "bare")})
}

// BenchmarkFirstFrame measures the time from the start of the program to the first frame, with the data of a small shop.
func BenchmarkFirstFrame(b *testing.B) {
	s := newStage(b)
	s.fill()
	const rounds = 15
	for b.Loop() {
		var bare, full, bareCPU, fullCPU []time.Duration
		for range rounds {
			w := s.bare()
			bare, bareCPU = append(bare, w.ready), append(bareCPU, w.cpu())
			w.kill()
			w = s.open()
			full, fullCPU = append(full, w.ready), append(fullCPU, w.cpu())
			w.kill()
		}
		report(b, "bare-ms", ms(median(bare)))
		report(b, "window-ms", ms(median(full)))
		report(b, "ratio", float64(median(full))/float64(median(bare)))
		report(b, "bare-CPU-ms", ms(median(bareCPU))) // soon after the first frame; on a busy machine it says more than the time
		report(b, "window-CPU-ms", ms(median(fullCPU)))
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkIdle measures memory and CPU of an idle window.
func BenchmarkIdle(b *testing.B) {
	s := newStage(b)
	s.fill()
	for b.Loop() {
		w := s.bare()
		bare, bareCPU := w.settled(), w.idle()
		w.kill()
		w = s.open()
		memory, cpu := w.settled(), w.idle()
		w.kill()
		report(b, "bare-MiB", bare)
		report(b, "window-MiB", memory)
		report(b, "ratio", memory/bare)
		report(b, "bare-CPU%", bareCPU)
		report(b, "window-CPU%", cpu)
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkMillionLines follows a run of 1,000,000 lines of 95 bytes, and measures the memory before and after.
func BenchmarkMillionLines(b *testing.B) {
	for b.Loop() {
		s := newStage(b)
		lines := filepath.Join(s.home, "lines")
		writeLines(b, lines, 1_000_000)
		s.importScript("Flood", "Million", "cat '"+lines+"'\n")
		w := s.open()
		before := w.settled()
		began := time.Now()
		w.runProject("Flood")
		w.read("✓ Succeeded")
		took := time.Since(began)
		after := w.settled()
		report(b, "idle-MiB", before)
		report(b, "after-MiB", after)
		report(b, "ratio", after/before)
		report(b, "peak-MiB", w.status("VmHWM"))
		report(b, "run-s", took.Seconds())
		w.kill()
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFlood follows a run that writes 50,000 lines a second, and measures the window's CPU per frame.
func BenchmarkFlood(b *testing.B) {
	const each, perSecond, seconds = 2500, 20, 30
	for b.Loop() {
		s := newStage(b)
		lines := filepath.Join(s.home, "lines")
		writeLines(b, lines, each)
		s.importScript("Flood", "Pour", fmt.Sprintf(`
next=$(date +%%s%%N)
for i in $(seq %d); do
  cat '%s'
  next=$((next + 1000000000 / %d)) now=$(date +%%s%%N)
  [ $next -le $now ] || read -rt "$(printf '0.%%09d' $((next - now)))" <> <(:) || :
done
`, perSecond*seconds, lines, perSecond))
		w := s.open()
		w.runProject("Flood")
		s.until("the flood is there", func() bool { return s.shown(w) > 200_000 })
		frames, cpu, from, begin := w.countFrames(), w.cpu(), s.shown(w), time.Now()
		time.Sleep(10 * time.Second)
		passed := time.Since(begin).Seconds()
		painted, used, rate := frames(), w.cpu()-cpu, float64(s.shown(w)-from)/passed
		report(b, "frames/s", float64(painted)/passed)
		report(b, "CPU-ms/frame", ms(used)/float64(painted))
		report(b, "CPU%", 100*used.Seconds()/passed)
		report(b, "lines/s", rate)
		w.click(words("Stop"))
		w.read("Stopped")
		w.kill()
	}
	b.ReportMetric(0, "ns/op")
}

// shown returns how many lines of the only run the store has.
func (s *stage) shown(w *window) int {
	s.t.Helper()
	out := s.command("runs", "list", "--json")
	_, after, found := strings.Cut(out, `"lines":`)
	if !found {
		w.fail(w.look(), "the list of runs has no number of lines:\n%s", out)
	}
	digits := strings.TrimLeft(after, " ")
	end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	n, _ := strconv.Atoi(digits[:end])
	return n
}

// BenchmarkKeys types into a script of 5,000 lines, and measures the window's CPU per key.
func BenchmarkKeys(b *testing.B) {
	const keys = 300
	for b.Loop() {
		s := newStage(b)
		var body strings.Builder
		for i := range 5000 {
			fmt.Fprintf(&body, "echo \"line %d of $count\" | tee -a out.txt # keep\n", i)
		}
		s.importScript("Long", "Write", body.String())
		w := s.open()
		w.openProject("Long")
		w.click(words("Write"))
		w.click(words("Edit"))
		w.focus(kind("codeedit.Editor"))
		w.key("ctrl+End")
		w.still()
		idle := w.idle() / 100
		cpu, begin := w.cpu(), time.Now()
		w.tool("xdotool", "type", "--delay", "50", strings.Repeat("echo $x \"y\"; ", keys/13+1)[:keys])
		passed := time.Since(begin)
		used := w.cpu() - cpu - time.Duration(idle*float64(passed))
		report(b, "CPU-ms/key", ms(used)/keys)
		report(b, "keys/s", keys/passed.Seconds())
		w.kill()
	}
	b.ReportMetric(0, "ns/op")
}

func report(b *testing.B, unit string, n float64) {
	b.Helper()
	b.ReportMetric(n, unit)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func median(list []time.Duration) time.Duration {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// writeLines writes n lines of 95 bytes.
func writeLines(b *testing.B, file string, n int) {
	b.Helper()
	f, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	out := bufio.NewWriter(f)
	for i := range n {
		fmt.Fprintf(out, "upload: site/articles/%08d.html to s3://web-prod/articles/%08d.html (%016x)\n", i, i, i*2654435761)
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// cpu returns the CPU time that the window's process has used.
func (w *window) cpu() time.Duration {
	w.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.cmd.Process.Pid))
	if err != nil {
		w.t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), ") ") // the name before may contain spaces
	fields := strings.Fields(after)
	var ticks int
	for _, at := range []int{11, 12} { // in user mode, in the kernel; see proc(5)
		n, err := strconv.Atoi(fields[at])
		if err != nil {
			w.t.Fatal(err)
		}
		ticks += n
	}
	const perSecond = 100 // USER_HZ, the same on every Linux that Go runs on
	return time.Duration(ticks) * time.Second / perSecond
}

// idle returns the CPU of the idle window, in percent of one core.
func (w *window) idle() float64 {
	w.t.Helper()
	w.tool("xdotool", "mousemove", "0", "0")
	const watched = 20 * time.Second
	before, begin := w.cpu(), time.Now()
	time.Sleep(watched)
	return 100 * float64(w.cpu()-before) / float64(time.Since(begin))
}

// status returns a size from the process's status, in MiB.
func (w *window) status(key string) float64 {
	w.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.cmd.Process.Pid))
	if err != nil {
		w.t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), key+":")
	if !found {
		w.t.Fatalf("the status of the process has no %s", key)
	}
	n, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		w.t.Fatal(err)
	}
	return float64(n) / 1024
}

// settled returns the resident memory once it has been stable for some seconds: after the start, and after a garbage collection, which
// happens at least every two minutes.
func (w *window) settled() float64 {
	w.t.Helper()
	const quiet = 5
	last, same := 0.0, 0
	for range 90 {
		now := w.status("VmRSS")
		if now > last*0.995 && now < last*1.005 {
			same++
		} else {
			last, same = now, 0
		}
		if same == quiet {
			break
		}
		time.Sleep(time.Second)
	}
	return last
}

// countFrames counts the frames that the window paints. The function it returns ends the count and returns it.
func (w *window) countFrames() func() int {
	w.t.Helper()
	cmd := exec.Command(program(w.t, "xframes"), "-window", w.id)
	cmd.Env = append(os.Environ(), "DISPLAY="+w.display)
	in, err := cmd.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if _, err := lines.ReadString('\n'); err != nil {
		w.t.Fatal("the frame counter does not work: ", err)
	}
	return func() int {
		w.t.Helper()
		if err := in.Close(); err != nil {
			w.t.Fatal(err)
		}
		text, err := io.ReadAll(lines)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			w.t.Fatal(err)
		}
		n, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil || n == 0 {
			w.t.Fatalf("counted %q", text)
		}
		return n
	}
}
