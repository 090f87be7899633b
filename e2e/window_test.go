//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// window is the real window on a stage.
type window struct {
	*stage
	cmd    *exec.Cmd
	ask    io.WriteCloser
	lines  chan string // of its standard output; closed when it ends
	errors *output
	id     string // X window id
	inputs int    // clicks, keys, texts and drops so far
	ready  time.Duration
	over   bool

	pressed  time.Time // the last press of the mouse button
	scrolled float64   // position, after the last turn of the wheel, of the thing to scroll to
	spot     int       // where the wheel was last turned
}

// view is what the window shows; screens/desktop writes it.
type view struct {
	Place  string  `json:"place"`
	Scale  float64 `json:"scale"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Layers int     `json:"layers"`
	Seen   []thing `json:"seen"`
}

// thing is a control or a text on the screen.
type thing struct {
	Type      string  `json:"type"`
	Text      string  `json:"text"`
	Hint      string  `json:"hint"`
	X         float64 `json:"x"`
	Y         float64 `json:"y"`
	W         float64 `json:"w"`
	H         float64 `json:"h"`
	Layer     int     `json:"layer"`
	Out       bool    `json:"out"`
	Focusable bool    `json:"focusable"`
	Focused   bool    `json:"focused"`
	Disabled  bool    `json:"disabled"`
	Checked   bool    `json:"checked"`
}

// output collects what a program writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// launcher returns the command that starts the window.
func launcher(t testing.TB) []string {
	t.Helper()
	if words := strings.Fields(os.Getenv("STEPDECK_E2E_LAUNCH")); len(words) > 0 {
		return words
	}
	return []string{program(t, "stepdeck-window")}
}

// open starts the window and waits until it is shown. Complaints of Fyne fail the test.
func (s *stage) open(env ...string) *window {
	s.t.Helper()
	words := launcher(s.t)
	w := s.start(words, append([]string{"STEPDECK_E2E=1"}, env...)...)
	if _, ok := s.t.(*testing.T); ok {
		s.t.Cleanup(func() { w.complaints() })
	}
	return w
}

// start starts a window program that prints READY.
func (s *stage) start(words []string, env ...string) *window {
	s.t.Helper()
	w := &window{stage: s, lines: make(chan string), errors: &output{}}
	w.cmd = exec.Command(words[0], words[1:]...)
	w.cmd.Env = append(append([]string{}, s.env...), env...)
	w.cmd.Dir = s.home
	w.cmd.Stderr = w.errors
	var err error
	if w.ask, err = w.cmd.StdinPipe(); err != nil {
		s.t.Fatal(err)
	}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	begin := time.Now()
	if err := w.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		defer close(w.lines)
		for lines := bufio.NewReader(out); ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			w.lines <- strings.TrimSpace(line)
		}
	}()
	s.t.Cleanup(w.kill)
	for w.readLine() != "READY" {
	}
	w.ready = time.Since(begin)
	s.until("the window is on the screen", func() bool {
		ids := s.try("xdotool", "search", "--onlyvisible", "--name", "^Stepdeck")
		w.id, _, _ = strings.Cut(ids, "\n")
		return w.id != ""
	})
	s.until("the window has the focus", func() bool { return s.try("xdotool", "getactivewindow") == w.id })
	return w
}

// try runs a tool that may fail.
func (s *stage) try(name string, args ...string) string {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display, "LC_ALL=C.UTF-8")
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// readLine waits for a line of the window's standard output.
func (w *window) readLine() string {
	w.t.Helper()
	select {
	case line, ok := <-w.lines:
		if !ok {
			w.t.Fatalf("the window has ended\n%s", w.errors)
		}
		return line
	case <-time.After(patience):
		w.picture("root", "silent")
		w.t.Fatalf("the window has printed nothing for %v\n%s", patience, w.errors)
	}
	return ""
}

// look returns what the window shows now.
func (w *window) look() view {
	w.t.Helper()
	if _, err := io.WriteString(w.ask, "look\n"); err != nil {
		w.t.Fatalf("the window does not read its standard input: %v\n%s", err, w.errors)
	}
	var v view
	for {
		line := w.readLine()
		if !strings.HasPrefix(line, "{") {
			continue
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			w.t.Fatalf("%v: %s", err, line)
		}
		return v
	}
}

// await looks until shown holds.
func (w *window) await(what string, shown func(view) bool) view {
	w.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(25 * time.Millisecond) {
		v := w.look()
		if shown(v) {
			return v
		}
		if time.Now().After(deadline) {
			w.fail(v, "waited %v in vain: %s", patience, what)
		}
	}
}

// fail fails the test, and saves a picture and the window's error output.
func (w *window) fail(v view, format string, args ...any) {
	w.t.Helper()
	picture := w.picture("root", "failed")
	if text, err := json.MarshalIndent(v, "", " "); err == nil {
		if err := os.WriteFile(strings.TrimSuffix(picture, ".png")+".json", text, 0o644); err != nil {
			w.t.Log(err)
		}
	}
	w.t.Logf("picture: %s\nplace %s, on the screen:\n%s\n%s", picture, v.Place, strings.Join(v.texts(), "\n"), w.errors)
	w.t.Fatalf(format, args...)
}

// close closes the window as a person does, and waits until the program has ended. It waits for the status bar first, which learns of the
// end of a run a moment later than the run's page: until then closing asks a question.
func (w *window) close() {
	w.t.Helper()
	w.gone(" running")
	w.key("ctrl+q")
	w.ended()
}

// ended waits until the program has exited.
func (w *window) ended() {
	w.t.Helper()
	for deadline := time.After(patience); ; {
		select {
		case _, ok := <-w.lines:
			if ok {
				continue
			}
			w.over = true
			if err := w.cmd.Wait(); err != nil {
				w.t.Errorf("the window ended with %v\n%s", err, w.errors)
			}
			return
		case <-deadline:
			w.fail(w.look(), "the window does not close")
		}
	}
}

// kill kills the program.
func (w *window) kill() {
	if w.over {
		return
	}
	w.over = true
	_ = w.cmd.Process.Kill()
	for range w.lines {
	}
	var exit *exec.ExitError
	if err := w.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		w.t.Log(err)
	}
}

// complaints fails the test if Fyne, Go or the window's own log has reported an error.
func (w *window) complaints() {
	for line := range strings.Lines(w.errors.String()) {
		if isComplaint(line) {
			w.t.Errorf("the window reports an error:\n%s", w.errors)
			break
		}
	}
	text, _ := os.ReadFile(filepath.Join(w.data, "window.log"))
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "level=WARN") || strings.Contains(line, "level=ERROR") {
			w.t.Errorf("the window's log: %s", line)
		}
	}
}

// isComplaint reports whether a line is an error of Fyne or Go. Fyne watches the file of its own preferences, and may read it while it is
// being written: that is harmless, since Stepdeck keeps nothing there.
func isComplaint(line string) bool {
	if strings.Contains(line, "Fyne error") {
		return !strings.Contains(line, "Preferences load error")
	}
	return strings.Contains(line, "call thread") || strings.Contains(line, "panic") || strings.Contains(line, "fatal error")
}
