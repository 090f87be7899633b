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

// window is the real window on a stage, with somebody in front of it.
type window struct {
	*stage
	cmd    *exec.Cmd
	ask    io.WriteCloser
	said   chan string // lines of its standard output; closed when it ends
	errors *output
	id     string // of the X window
	inputs int    // clicks, keys, texts and drops so far
	ready  time.Duration
	over   bool

	pressed  time.Time // the mouse's button, the last time
	scrolled float64   // where what is scrolled to was, the last time
	spot     int       // over which the wheel was turned
}

// view is what the window shows; see the tests' side of the window in screens/desktop.
type view struct {
	Place  string  `json:"place"`
	Scale  float64 `json:"scale"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Layers int     `json:"layers"`
	Seen   []thing `json:"seen"`
}

// thing is one thing on the screen.
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

// Write implements io.Writer.
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

// launcher is how the window is started.
func launcher(t testing.TB) []string {
	t.Helper()
	if words := strings.Fields(os.Getenv("STEPDECK_E2E_LAUNCH")); len(words) > 0 {
		return words
	}
	return []string{program(t, "stepdeck-window")}
}

// open starts the window and waits until it is there. Whatever the toolkit complains about fails the test.
func (s *stage) open(env ...string) *window {
	s.t.Helper()
	words := launcher(s.t)
	w := s.start(words, append([]string{"STEPDECK_E2E=1"}, env...)...)
	if _, ok := s.t.(*testing.T); ok {
		s.t.Cleanup(func() { w.complaints() })
	}
	return w
}

// start starts a window program that says READY.
func (s *stage) start(words []string, env ...string) *window {
	s.t.Helper()
	w := &window{stage: s, said: make(chan string), errors: &output{}}
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
		defer close(w.said)
		for lines := bufio.NewReader(out); ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			w.said <- strings.TrimSpace(line)
		}
	}()
	s.t.Cleanup(w.kill)
	for w.hear() != "READY" {
	}
	w.ready = time.Since(begin)
	s.until("the window is on the screen", func() bool {
		ids := s.try("xdotool", "search", "--onlyvisible", "--name", "^Stepdeck")
		w.id, _, _ = strings.Cut(ids, "\n")
		return w.id != ""
	})
	s.until("the window has the keyboard", func() bool { return s.try("xdotool", "getactivewindow") == w.id })
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

// hear waits for a line.
func (w *window) hear() string {
	w.t.Helper()
	select {
	case line, ok := <-w.said:
		if !ok {
			w.t.Fatalf("the window has ended\n%s", w.errors)
		}
		return line
	case <-time.After(patience):
		w.picture("root", "silent")
		w.t.Fatalf("the window says nothing for %v\n%s", patience, w.errors)
	}
	return ""
}

// look gives what the window shows now.
func (w *window) look() view {
	w.t.Helper()
	if _, err := io.WriteString(w.ask, "look\n"); err != nil {
		w.t.Fatalf("the window does not listen: %v\n%s", err, w.errors)
	}
	var v view
	for {
		line := w.hear()
		if !strings.HasPrefix(line, "{") {
			continue
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			w.t.Fatalf("%v: %s", err, line)
		}
		return v
	}
}

// await looks until the window shows what is waited for.
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

// fail ends the test, and leaves a picture and what the window said of itself.
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

// close closes the window as a person does, and waits until the program has ended. The status bar tells a moment later than
// the run itself that it is over; until then closing asks a question.
func (w *window) close() {
	w.t.Helper()
	w.gone(" running")
	w.key("ctrl+q")
	w.ended()
}

// ended waits until the program has ended by itself.
func (w *window) ended() {
	w.t.Helper()
	for deadline := time.After(patience); ; {
		select {
		case _, ok := <-w.said:
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

// kill ends the program at once, as kill -9 does.
func (w *window) kill() {
	if w.over {
		return
	}
	w.over = true
	_ = w.cmd.Process.Kill()
	for range w.said {
	}
	var exit *exec.ExitError
	if err := w.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		w.t.Log(err)
	}
}

// complaints fails the test for whatever the toolkit, Go or the window's own log complains about.
func (w *window) complaints() {
	for line := range strings.Lines(w.errors.String()) {
		// Fyne watches the file of its own preferences, which are empty here, and reads it while it is being made.
		known := strings.Contains(line, "Preferences load error")
		if !known && strings.Contains(line, "Fyne error") || strings.Contains(line, "call thread") || strings.Contains(line, "panic") || strings.Contains(line, "fatal error") {
			w.t.Errorf("the window complains:\n%s", w.errors)
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
