//go:build e2e

package e2e

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// browser is the browser of the person at the window: a real one, without a window of its own.
type browser struct {
	s       *stage
	orders  io.WriteCloser
	answers *json.Decoder
	opened  string // file with the pages that the window has opened, one a line
	read    int    // how many of them the person has seen
}

// page is what the browser shows.
type page struct {
	URL   string `json:"url"`
	Title string `json:"title"`
	Text  string `json:"text"`
	Error string `json:"error"`
}

// has reports whether the page shows words.
func (p page) has(words string) bool { return strings.Contains(p.Title+"\n"+p.Text, words) }

// openBrowser starts a browser, and hands it the pages that programs of this stage open. It has to be called before these start.
func (s *stage) openBrowser() *browser {
	s.t.Helper()
	b := &browser{s: s, opened: filepath.Join(s.home, "opened")}
	opener := s.write("bin/xdg-open", "#!/bin/sh\nprintf '%s\\n' \"$1\" >>\"$HOME/opened\"\n")
	if err := os.Chmod(opener, 0o755); err != nil {
		s.t.Fatal(err)
	}
	for i, entry := range s.env {
		if path, found := strings.CutPrefix(entry, "PATH="); found {
			s.env[i] = "PATH=" + filepath.Dir(opener) + ":" + path
		}
	}
	cmd := exec.Command(program(s.t, "xbrowser"), "-program", need(s.t, "chromium"))
	cmd.Env = append(os.Environ(), "HOME="+s.home)
	cmd.Stderr = os.Stderr
	var err error
	if b.orders, err = cmd.StdinPipe(); err != nil {
		s.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	b.answers = json.NewDecoder(out)
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = b.orders.Close() // it ends its own processes
		_ = cmd.Wait()
	})
	return b
}

// next waits until the window has opened a further page, and goes there.
func (b *browser) next() page {
	b.s.t.Helper()
	var pages []string
	b.s.until("the window opens a page", func() bool {
		text, _ := os.ReadFile(b.opened)
		pages = strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		return strings.HasSuffix(string(text), "\n") && len(pages) > b.read
	})
	b.read = len(pages)
	if last := pages[len(pages)-1]; strings.ContainsAny(last, "?=") {
		b.s.t.Errorf("every program can read the address of the sign-in among the browser's arguments: %s", last)
	}
	return b.visit(pages[len(pages)-1])
}

func (b *browser) visit(url string) page {
	b.s.t.Helper()
	return b.order(map[string]string{"goto": url})
}

// allow signs in on the page that is shown, as ann.
func (b *browser) allow() page {
	b.s.t.Helper()
	b.order(map[string]string{"type": "ann", "into": "input[name=user]"})
	return b.order(map[string]string{"click": "button[value=allow]"})
}

func (b *browser) deny() page {
	b.s.t.Helper()
	return b.order(map[string]string{"click": "button[value=deny]"})
}

func (b *browser) order(o map[string]string) page {
	b.s.t.Helper()
	if err := json.NewEncoder(b.orders).Encode(o); err != nil {
		b.s.t.Fatal("the browser takes no order: ", err)
	}
	var p page
	if err := b.answers.Decode(&p); err != nil {
		b.s.t.Fatal("the browser doesn't answer: ", err)
	}
	if p.Error != "" {
		b.s.t.Fatalf("the browser can't do %v: %s", o, p.Error)
	}
	return p
}

// wants fails the test if the page doesn't show words.
func (b *browser) wants(p page, words string) {
	b.s.t.Helper()
	if !p.has(words) {
		b.s.t.Fatalf("the page %s shows no %q, but\n%s\n%s", p.URL, words, p.Title, p.Text)
	}
}
