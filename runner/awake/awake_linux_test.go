package awake

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// keeperVariable makes the test program one that keeps the system awake, by the bus at that address, until it is killed. It also
// starts a program that outlives it.
const keeperVariable = "TEST_KEEPER_BUS"

func TestMain(m *testing.M) {
	if bus := os.Getenv(keeperVariable); bus != "" {
		Keep(context.Background(), Options{Bus: bus, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
		_, _ = os.Stdin.Read(make([]byte, 1)) // the lock is there by now
		if err := exec.Command("sleep", "60").Start(); err != nil {
			os.Exit(2)
		}
		_, _ = os.Stdout.WriteString("started\n")
		select {}
	}
	os.Exit(m.Run())
}

// logind is a fake one on a bus of its own.
type logind struct {
	address string
	refuses string // a lock that it doesn't give

	mu    sync.Mutex
	calls []string
	given map[string][2]*os.File // the two ends of the lock that a caller was given
	bus   *dbus.Conn
	locks chan *os.File // the locks of callers that have left the bus: reading one ends when it is released
}

// Inhibit is the method of org.freedesktop.login1.Manager.
func (l *logind) Inhibit(caller dbus.Sender, what, who, why, mode string) (dbus.UnixFD, *dbus.Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, strings.Join([]string{what, who, why, mode}, "|"))
	if what == l.refuses {
		return 0, dbus.NewError("org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", nil)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	l.given[string(caller)] = [2]*os.File{r, w}
	return dbus.UnixFD(w.Fd()), nil
}

// follow closes the fake's own copy of a lock once its caller has left the bus, so it has what it was sent.
func (l *logind) follow(signals <-chan *dbus.Signal) {
	for s := range signals {
		var name, before, now string
		if dbus.Store(s.Body, &name, &before, &now) != nil || now != "" {
			continue
		}
		l.mu.Lock()
		if ends, given := l.given[name]; given {
			_ = ends[1].Close()
			l.locks <- ends[0]
			delete(l.given, name)
		}
		l.mu.Unlock()
	}
}

func (l *logind) called() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.calls)
}

// startLogind starts a bus with a fake logind.
func startLogind(t *testing.T, refuses string) *logind {
	t.Helper()
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		if os.Getenv("STEPDECK_REQUIRE_TOOLS") != "" {
			t.Fatal("dbus-daemon is missing")
		}
		t.Skip("NOT TESTED: dbus-daemon is missing")
	}
	dir := t.TempDir()
	socket, config := filepath.Join(dir, "bus"), filepath.Join(dir, "bus.conf")
	text := `<busconfig><type>system</type><listen>unix:path=` + socket + `</listen><auth>EXTERNAL</auth>` +
		`<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(daemon, "--config-file="+config, "--nofork", "--print-address")
	ready, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if _, err := ready.Read(make([]byte, 1)); err != nil { // it says its address once it listens
		t.Fatal(err)
	}
	l := &logind{address: "unix:path=" + socket, refuses: refuses, locks: make(chan *os.File, 10), given: map[string][2]*os.File{}}
	bus, err := dbus.Connect(l.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	if err := bus.Export(l, "/org/freedesktop/login1", "org.freedesktop.login1.Manager"); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.RequestName(login, 0); err != nil {
		t.Fatal(err)
	}
	if err := bus.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged")); err != nil {
		t.Fatal(err)
	}
	signals := make(chan *dbus.Signal, 100)
	bus.Signal(signals)
	go l.follow(signals)
	l.bus = bus
	return l
}

const login = "org.freedesktop.login1"

// without takes logind off its bus and returns the bus's address.
func (l *logind) without(t *testing.T) (address string) {
	t.Helper()
	if _, err := l.bus.ReleaseName(login); err != nil {
		t.Fatal(err)
	}
	return l.address
}

func wantReleased(t *testing.T, lock *os.File) {
	t.Helper()
	defer lock.Close()
	if err := lock.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := lock.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the lock was not released: %v", err)
	}
}

func wantHeld(t *testing.T, lock *os.File) {
	t.Helper()
	if err := lock.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := lock.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the lock is not held: %v", err)
	}
}

const rest = "|Stepdeck|A run is in progress|block"

func TestTheSystemStaysAwakeUntilTheRelease(t *testing.T) {
	for name, tt := range map[string]struct {
		refuses string
		calls   []string
	}{
		"at the screen": {"", []string{"sleep:idle" + rest}},
		"over SSH":      {"sleep:idle", []string{"sleep:idle" + rest, "idle" + rest}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLogind(t, tt.refuses)
			release := Keep(t.Context(), Options{Bus: l.address, Log: slog.New(slog.DiscardHandler)})
			lock := <-l.locks
			wantHeld(t, lock)
			release()
			wantReleased(t, lock)
			if got := l.called(); !slices.Equal(got, tt.calls) {
				t.Errorf("asked for %q, want %q", got, tt.calls)
			}
		})
	}
}

// The end of the process is enough, even if a program that it has started lives on.
func TestAKilledProcessKeepsNothingAwake(t *testing.T) {
	t.Parallel()
	l := startLogind(t, "")
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), keeperVariable+"="+l.address)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lock := <-l.locks
	wantHeld(t, lock)
	if _, err := in.Write([]byte("\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	child := childOf(t, cmd.Process.Pid)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	wantReleased(t, lock)
	if err := child.Kill(); err != nil {
		t.Errorf("the program that was to live on is gone: %v", err)
	}
	_ = cmd.Wait()
}

// childOf returns the only child of a process.
func childOf(t *testing.T, pid int) *os.Process {
	t.Helper()
	files, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil || len(text) == 0 {
			continue
		}
		child, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		p, err := os.FindProcess(child)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	t.Fatal("no child")
	return nil
}

func TestASystemThatCanNotBeKeptAwakeHoldsNobodyUp(t *testing.T) {
	silent, err := net.Listen("unix", filepath.Join(t.TempDir(), "silent"))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for name, bus := range map[string]string{
		"no bus":               "unix:path=" + filepath.Join(t.TempDir(), "none"),
		"a bus without logind": startLogind(t, "").without(t),
		"a silent bus":         "unix:path=" + silent.Addr().String(),
		"no address":           "nonsense",
	} {
		t.Run(name, func(t *testing.T) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				Keep(t.Context(), Options{Bus: bus, Log: slog.New(slog.DiscardHandler)})()
			}()
			select {
			case <-done:
			case <-time.After(30 * time.Second):
				t.Error("it waits")
			}
		})
	}
}
