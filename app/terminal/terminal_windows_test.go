package terminal_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"github.com/stepdeck/stepdeck/app/terminal"
)

// inTerminal is the variable that makes this test program what a terminal runs: it writes its arguments, and whether it has a console,
// to the file.
const inTerminal = "STEPDECK_TEST_IN_TERMINAL"

func TestMain(m *testing.M) {
	file := os.Getenv(inTerminal)
	if file == "" {
		os.Exit(m.Run())
	}
	text := strings.Join(os.Args[1:], "|")
	if window, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleCP").Call(); window != 0 {
		text += "|console"
	}
	if os.WriteFile(file+".new", []byte(text), 0o600) != nil || os.Rename(file+".new", file) != nil {
		os.Exit(1)
	}
	time.Sleep(2 * time.Second) // longer than Open looks whether it has started
}

func TestACommandGetsAConsoleOfItsOwn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "seen")
	environ := append(os.Environ(), inTerminal+"="+file, "PATH=") // without Windows Terminal
	t.Setenv("PATH", "")
	if err := terminal.Open("Website", []string{os.Args[0], "account", "shell", "--", "My web; x"}, environ, os.Getenv); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if text, err := os.ReadFile(file); err == nil {
			if want := "account|shell|--|My web; x|console"; string(text) != want {
				t.Errorf("it has %q, want %q", text, want)
			}
			return
		}
	}
	t.Error("nothing ran")
}
