package command_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is one that tests type at.
type terminal struct {
	t           *testing.T
	keys, shown *os.File // the person's side, and the program's
	screen      *syncBuffer
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	must(t, err)
	t.Cleanup(func() { _ = keys.Close() })
	must(t, unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	must(t, err)
	shown, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	must(t, err)
	t.Cleanup(func() { _ = shown.Close() })
	screen := &syncBuffer{}
	go func() {
		part := make([]byte, 1<<10)
		for {
			n, err := keys.Read(part)
			_, _ = screen.Write(part[:n])
			if err != nil {
				return
			}
		}
	}()
	return &terminal{t, keys, shown, screen}
}

// echoes reports whether the terminal shows what is typed.
func (m *terminal) echoes() bool {
	m.t.Helper()
	state, err := unix.IoctlGetTermios(int(m.shown.Fd()), unix.TCGETS)
	must(m.t, err)
	return state.Lflag&unix.ECHO != 0
}

// Ctrl-C, and the end of a terminal's program, at a question whose answer is hidden leave a terminal that shows what is typed.
func TestASignalAtAHiddenQuestion(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		asks string
	}{
		"secret key": {[]string{"account", "add", "New", "--access-key", "AKIAIOSFODNN7EXAMPLE"}, "(not shown):"},
		"code":       {[]string{"run", "P"}, "Code of the MFA device"},
		"passphrase": {[]string{"credentials", "Key"}, "Passphrase of the vault"},
	} {
		for _, by := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			t.Run(fmt.Sprint(name, " ", by), func(t *testing.T) {
				d, c := newDesk(t), newCloud(t)
				d.addKey(c, "Key")
				d.runsAs("Key")
				cmd, m := d.start(tt.args...), newTerminal(t)
				if name == "passphrase" {
					cmd.Env = append(cmd.Env, "STEPDECK_PASSPHRASE=")
				}
				cmd.Stdin, cmd.Stdout, cmd.Stderr = m.shown, m.shown, m.shown
				cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
				must(t, cmd.Start())
				until(t, "the question", func() bool { return bytes.Contains([]byte(m.screen.String()), []byte(tt.asks)) && !m.echoes() })
				if by == syscall.SIGINT {
					_, err := m.keys.WriteString("\x03")
					must(t, err)
				} else {
					must(t, cmd.Process.Signal(by))
				}
				var ended *exec.ExitError
				if err := cmd.Wait(); !errors.As(err, &ended) {
					t.Fatal(err)
				}
				if status, ok := ended.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != by {
					t.Errorf("it ended with %v\n%s", ended, m.screen)
				}
				if !m.echoes() {
					t.Error("the terminal doesn't show what is typed any more")
				}
			})
		}
	}
}

// Ctrl-D at a question whose answer is hidden is a refusal to answer: the command says so and ends.
func TestTheEndOfInputAtAHiddenQuestion(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		asks string
		exit int
		says string
	}{
		"secret key": {[]string{"account", "add", "New", "--access-key", "AKIAIOSFODNN7EXAMPLE"}, "(not shown):", 2,
			"No secret key was entered."},
		"code of a run":      {[]string{"run", "P"}, "Code of the MFA device", 3, "No code was entered, so"},
		"code of a test":     {[]string{"account", "test", "Key"}, "Code of the MFA device", 3, "No code was entered, so"},
		"code of a login":    {[]string{"account", "login", "Key"}, "Code of the MFA device", 3, "No code was entered, so"},
		"code of a shell":    {[]string{"account", "shell", "Key"}, "Code of the MFA device", 3, "No code was entered, so"},
		"passphrase":         {[]string{"credentials", "Key"}, "Passphrase of the vault", 3, "No passphrase was entered"},
		"passphrase of test": {[]string{"account", "test", "Key"}, "Passphrase of the vault", 3, "No passphrase was entered"},
		"passphrase of run":  {[]string{"run", "P"}, "Passphrase of the vault", 3, "No passphrase was entered"},
		"page":               {[]string{"account", "login", "Mine", "--other-browser"}, "Text of the page", 3, "No text was entered"},
		"value":              {[]string{"run", "Q"}, "Token (not shown)", 3, "No answer was given"},
	} {
		t.Run(name, func(t *testing.T) {
			d, c := newDesk(t), newCloud(t)
			d.addKey(c, "Key")
			d.addConsole(c, "Mine")
			d.runsAs("Key")
			d.project("stepdeck: 1\nproject: Q\nvariables:\n  - {name: Token, type: sensitive}\nsteps:\n" +
				bash("A", `echo "$(get_octopusvariable Token)"`))
			cmd, m := d.start(tt.args...), newTerminal(t)
			if strings.HasPrefix(name, "passphrase") {
				cmd.Env = append(cmd.Env, "STEPDECK_PASSPHRASE=")
			}
			cmd.Stdin, cmd.Stdout, cmd.Stderr = m.shown, m.shown, m.shown
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
			must(t, cmd.Start())
			defer func() { _ = cmd.Process.Kill() }()
			until(t, "the question", func() bool { return strings.Contains(m.screen.String(), tt.asks) && !m.echoes() })
			_, err := m.keys.WriteString("\x04")
			must(t, err)
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			select {
			case <-ended:
			case <-time.After(20 * time.Second):
				t.Fatalf("it goes on asking\n%s", m.screen)
			}
			if got := cmd.ProcessState.ExitCode(); got != tt.exit {
				t.Errorf("exit code %d, want %d", got, tt.exit)
			}
			until(t, "what it says", func() bool { return strings.Contains(m.screen.String(), tt.says) })
			if text := m.screen.String(); strings.Contains(text, "EOF") || strings.Count(text, tt.asks) != 1 {
				t.Errorf("it says\n%s", text)
			}
			if !m.echoes() {
				t.Error("the terminal doesn't show what is typed any more")
			}
		})
	}
}
