package process_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/process"
	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// engineArg makes the test program an engine of its own, which a test can kill: it runs the Spec in the variable and
// prints the Result.
const (
	engineArg      = "__engine"
	engineVariable = "TEST_ENGINE_SPEC"
)

func TestMain(m *testing.M) {
	switch {
	case process.IsSupervisor(os.Args):
		// Not os.Exit: under the race detector that takes a second.
		syscall.Exit(process.Supervise())
	case len(os.Args) == 2 && os.Args[1] == engineArg:
		os.Exit(engine())
	}
	os.Exit(m.Run())
}

// engineSpec is a Spec that can travel.
type engineSpec struct {
	Path string
	Args []string
	Env  []string
	Dir  string
}

func engine() int {
	var s engineSpec
	if err := json.Unmarshal([]byte(os.Getenv(engineVariable)), &s); err != nil {
		return 2
	}
	if err := supervisor.Harden(); err != nil { // as the command does it; what follows must work all the same
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	tell := func(p []byte, _ time.Time) { _, _ = os.Stdout.Write(p) }
	_, err := process.Run(context.Background(), process.Spec{
		Path: s.Path, Args: s.Args, Env: s.Env, Dir: s.Dir, Stdout: tell, Stderr: tell,
	}, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// stream collects one stream and can be watched.
type stream struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	last time.Time
	back bool // a time stood before the one before it
}

func (s *stream) take(p []byte, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.back = s.back || at.Before(s.last)
	s.last = at
	s.buf.Write(p)
}

func (s *stream) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// events collects the calls of OnStop.
type events struct {
	mu   sync.Mutex
	list []model.StopEvent
	seen chan struct{} // gets one for each
}

func newEvents() *events { return &events{seen: make(chan struct{}, 100)} }

func (e *events) take(ev model.StopEvent) {
	e.mu.Lock()
	e.list = append(e.list, ev)
	e.mu.Unlock()
	e.seen <- struct{}{}
}

func (e *events) stages() (list []model.StopStage) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.list {
		list = append(list, ev.Stage)
	}
	return list
}

// until polls cond, which nothing announces, until it holds.
func until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !cond() {
		if time.Now().After(deadline) {
			t.Errorf("waited in vain for: %s", what)
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if got := model.ErrorCode(err); got != code {
		t.Fatalf("error %v has code %q, want %q", err, got, code)
	}
}

func wantStages(t *testing.T, e *events, want ...model.StopStage) {
	t.Helper()
	if got := e.stages(); !slices.Equal(got, want) {
		t.Errorf("stages %v, want %v", got, want)
	}
}

func TestCancelledBeforeTheStart(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("changed my mind")
	cancel(reason)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	res, err := process.Run(ctx, process.Spec{Path: self, Dir: filepath.Dir(self)}, nil)
	if !errors.Is(err, reason) || !res.Stopped || res.PID != 0 || res.ExitCode != -1 {
		t.Errorf("Run = %+v, %v", res, err)
	}
}

// The test program supervises itself and was built without a version.
func TestSupervisorOfAnotherBuildIsRefused(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	started := false
	res, err := process.Run(t.Context(), process.Spec{
		Supervisor: process.Supervisor{Build: "2.0.0 (abcdef)"}, Path: self, Dir: filepath.Dir(self), OnStart: func(int) { started = true },
	}, nil)
	wantCode(t, err, "process.supervisor.version")
	if res.PID != 0 || started {
		t.Errorf("it ran all the same: %+v", res)
	}
}
