//go:build unix

package process_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/process"
	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// fakeSupervisor is a program in the supervisor's place. Orders come on its descriptor 3, reports go to 4.
func fakeSupervisor(t *testing.T, script string) process.Supervisor {
	t.Helper()
	path := filepath.Join(t.TempDir(), "supervisor")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return process.Supervisor{Program: path, Build: "1.2.3"}
}

// A supervisor that does not say that it is of the same build gets no job, and so none of its secrets.
func TestASupervisorThatIsNotReadyGetsNoJob(t *testing.T) {
	orders := filepath.Join(t.TempDir(), "orders")
	s, _, _ := script(t, "echo ran")
	s.Supervisor = fakeSupervisor(t, "exec cat <&3 >'"+orders+"'")
	s.Env = append(s.Env, "AWS_SECRET_ACCESS_KEY=Marimba-Marimba")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for ; ctx.Err() == nil; time.Sleep(time.Millisecond) {
			if text, _ := os.ReadFile(orders); len(text) > 0 {
				cancel() // the hello has come
			}
		}
	}()
	res, err := process.Run(ctx, s, nil)
	if err != nil || !res.Stopped || res.PID != 0 {
		t.Errorf("%+v, %v", res, err)
	}
	text, err := os.ReadFile(orders)
	if err != nil || !strings.Contains(string(text), "1.2.3") || strings.Contains(string(text), "Marimba") {
		t.Errorf("it got %q, %v", text, err)
	}
}

// A supervisor that is ready and then reads nothing holds up no stop, however long the job is.
func TestASupervisorThatReadsNothingIsKilled(t *testing.T) {
	ready := fmt.Sprintf(`printf '\000\000\000\000\%03o' >&4; exec sleep 600`, supervisor.ReportReady)
	s, _, _ := script(t, "echo ran")
	s.Supervisor = fakeSupervisor(t, ready)
	for i := range 10 {
		s.Env = append(s.Env, fmt.Sprintf("LONG%d=%s", i, strings.Repeat("x", 100_000)))
	}
	kill := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		_, err := process.Run(t.Context(), s, kill)
		ended <- err
	}()
	close(kill)
	if err := <-ended; err != nil {
		wantCode(t, err, "process.supervisor.lost")
	}
}

// A supervisor that says twice that it is ready is given up, with what it may have been told so far.
func TestASupervisorThatIsReadyTwice(t *testing.T) {
	frame := fmt.Sprintf(`\000\000\000\000\%03o`, supervisor.ReportReady)
	s, _, _ := script(t, "echo ran")
	s.Supervisor = fakeSupervisor(t, "printf '"+frame+frame+"' >&4")
	_, err := process.Run(t.Context(), s, nil)
	wantCode(t, err, "process.supervisor.lost")
}
