package desktop

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestALaterStartHandsOver(t *testing.T) {
	dir := t.TempDir()
	if handOver(t.Context(), dir, message{}) {
		t.Fatal("handed over to nobody")
	}
	got := make(chan message, 1)
	first := listen(dir, quiet(), func(m message) { got <- m })
	if !handOver(t.Context(), dir, message{File: "/somewhere/a.stepdeck"}) {
		t.Fatal("nobody took it over")
	}
	select {
	case m := <-got:
		if m.File != "/somewhere/a.stepdeck" {
			t.Errorf("it got %+v", m)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the window heard nothing")
	}
	if info, err := os.Stat(filepath.Join(dir, addressFile)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the address can be read by others: %v, %v", info.Mode(), err)
	}
	first.close()
	if handOver(t.Context(), dir, message{}) {
		t.Error("a closed window took it over")
	}
	if _, err := os.Stat(filepath.Join(dir, addressFile)); !os.IsNotExist(err) {
		t.Errorf("the address stays: %v", err)
	}
}

func TestADeadWindowIsNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	dead := listen(dir, quiet(), func(message) {})
	_ = dead.listener.Close() // as by kill -9: the file stays
	start := time.Now()
	if handOver(t.Context(), dir, message{}) {
		t.Error("a dead window took it over")
	}
	if took := time.Since(start); took > answerTime+5*time.Second {
		t.Errorf("it took %v", took)
	}
	var shown bool
	next := listen(dir, quiet(), func(message) { shown = true })
	dead.close() // late: the address is the next one's by now
	if !handOver(t.Context(), dir, message{}) || !shown {
		t.Error("the next window is not found")
	}
	next.close()
}

func TestAStrangerIsNotHeard(t *testing.T) {
	dir := t.TempDir()
	d := listen(dir, quiet(), func(m message) { t.Errorf("a stranger was heard: %+v", m) })
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
		t.Error("a wrong token was good enough")
	}
}

func TestBrokenAddress(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "half": `{"port":`, "no port": `{"token":"x"}`, "a port that is none": `{"port":99999999}`} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, addressFile), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if handOver(t.Context(), dir, message{}) {
				t.Error("handed over to nobody")
			}
		})
	}
}
