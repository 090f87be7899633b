package desktop

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func discardLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestALaterStartHandsOver(t *testing.T) {
	dir := t.TempDir()
	if handOver(t.Context(), dir, message{}) {
		t.Fatal("handed over without a window")
	}
	got := make(chan message, 1)
	first := listen(dir, discardLog(), func(m message) { got <- m })
	if !handOver(t.Context(), dir, message{File: "/somewhere/a.stepdeck"}) {
		t.Fatal("the request was not accepted")
	}
	select {
	case m := <-got:
		if m.File != "/somewhere/a.stepdeck" {
			t.Errorf("it got %+v", m)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the window received nothing")
	}
	if info, err := os.Stat(filepath.Join(dir, addressFile)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the address can be read by others: %v, %v", info.Mode(), err)
	}
	first.close()
	if handOver(t.Context(), dir, message{}) {
		t.Error("a closed window accepted a request")
	}
	if _, err := os.Stat(filepath.Join(dir, addressFile)); !os.IsNotExist(err) {
		t.Errorf("the address file remains: %v", err)
	}
}

// Files that belong together are opened together, also by a window that is open already.
func TestSeveralFiles(t *testing.T) {
	m, err := newMessage([]string{"a.json", "b.json", "c.json"})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	got := make(chan message, 1)
	open := listen(dir, discardLog(), func(m message) { got <- m })
	defer open.close()
	if !handOver(t.Context(), dir, m) {
		t.Fatal("the request was not accepted")
	}
	received := <-got
	var names []string
	for _, path := range received.files() {
		if !filepath.IsAbs(path) {
			t.Errorf("%s is no path that the window can open", path)
		}
		names = append(names, filepath.Base(path))
	}
	if strings.Join(names, " ") != "a.json b.json c.json" {
		t.Errorf("it got %v", names)
	}
	if m, err := newMessage(nil); err != nil || len(m.files()) > 0 {
		t.Errorf("without a file it opens %v, %v", m.files(), err)
	}
}

func TestHandOverDoesNotWaitForADeadWindow(t *testing.T) {
	dir := t.TempDir()
	dead := listen(dir, discardLog(), func(message) {})
	_ = dead.listener.Close() // as by kill -9: the file stays
	start := time.Now()
	if handOver(t.Context(), dir, message{}) {
		t.Error("a dead window accepted a request")
	}
	if took := time.Since(start); took > answerTime+5*time.Second {
		t.Errorf("it took %v", took)
	}
	var shown bool
	next := listen(dir, discardLog(), func(message) { shown = true })
	dead.close() // late: the file is the next window's by now
	if !handOver(t.Context(), dir, message{}) || !shown {
		t.Error("the next window is not found")
	}
	next.close()
}

func TestAWrongTokenIsRefused(t *testing.T) {
	dir := t.TempDir()
	d := listen(dir, discardLog(), func(m message) { t.Errorf("a request with a wrong token was received: %+v", m) })
	defer d.close()
	var at address
	if err := json.Unmarshal(d.text, &at); err != nil {
		t.Fatal(err)
	}
	at.Token = "guessed"
	text, err := json.Marshal(at)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, addressFile), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if handOver(t.Context(), dir, message{}) {
		t.Error("a request with a wrong token was accepted")
	}
}

func TestBrokenAddress(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "half": `{"port":`, "no port": `{"token":"x"}`,
		"an impossible port": `{"port":99999999}`} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, addressFile), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if handOver(t.Context(), dir, message{}) {
				t.Error("handed over without a window")
			}
		})
	}
}
