package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// open opens a store in dir until the end of the test.
func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(context.Background(), Options{Dir: dir, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantCode fails unless err is a model.Error with that code.
func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if model.ErrorCode(err) != code {
		t.Fatalf("error is %q (%v), want %q", model.ErrorCode(err), err, code)
	}
}

// startRun creates a run of one step.
func startRun(t testing.TB, s *Store) model.Run {
	t.Helper()
	run := model.Run{
		Project: "Website", Who: "ana@desk", Status: model.Running, Started: time.Now(),
		Steps: []model.StepRun{{Number: 1, Attempt: 1, Step: "Roll", Status: model.Running, Started: time.Now()}},
	}
	must(t, s.CreateRun(context.Background(), &run))
	return run
}

// childRoles are what this test binary does when it starts itself: a real second process on the same data folder.
var childRoles = map[string]func(dir string, args []string) error{
	"hold":     holdOpen,
	"run":      runAndWait,
	"append":   appendFast,
	"mixed":    writeMixed,
	"migrate":  migrateOnce,
	"commands": waitForCommands,
}

const childRole = "STEPDECK_STORE_TEST_ROLE"

func TestMain(m *testing.M) {
	role := os.Getenv(childRole)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := childRoles[role](os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, role, err)
		os.Exit(1)
	}
}

// child is another running process.
type child struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines *bufio.Scanner // of its output
	ended bool
}

func startChild(t *testing.T, role, dir string, args ...string) *child {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{dir}, args...)...)
	cmd.Env = append(os.Environ(), childRole+"="+role)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	in, err := cmd.StdinPipe() // closing it makes the child finish
	must(t, err)
	must(t, cmd.Start())
	c := &child{t: t, cmd: cmd, lines: bufio.NewScanner(out)}
	t.Cleanup(func() {
		if !c.ended {
			_ = in.Close()
			c.kill()
		}
	})
	return c
}

// says returns the next line of the child's output.
func (c *child) says() string {
	c.t.Helper()
	if !c.lines.Scan() {
		c.t.Fatalf("the child ended: %v", c.wait())
	}
	return c.lines.Text()
}

// rest returns the child's remaining output after it ends.
func (c *child) rest() (lines []string) {
	for c.lines.Scan() {
		lines = append(lines, c.lines.Text())
	}
	return lines
}

func (c *child) wait() error {
	c.ended = true
	return c.cmd.Wait()
}

// kill ends the child as kill -9 does.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.wait()
}

// untilEndOfInput blocks until the parent dies or closes the standard input.
func untilEndOfInput() {
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
	}
}

func openChild(dir string) (*Store, error) {
	return Open(context.Background(), Options{Dir: dir, Version: "child"})
}

// holdOpen keeps the database open until it is told to end.
func holdOpen(dir string, _ []string) error {
	s, err := openChild(dir)
	if err != nil {
		return err
	}
	fmt.Println("open")
	untilEndOfInput()
	return s.Close()
}

func textBatch(at time.Time, lines ...string) model.LogBatch {
	var b model.LogBatch
	for i, l := range lines {
		b.Bytes = append(b.Bytes, l...)
		b.Lines = append(b.Lines, model.LineMeta{
			Time: at.UnixMicro() + int64(i), Len: uint32(len(l)), Stream: model.StreamStdout, Level: model.LevelInfo,
			Continued: !strings.HasSuffix(l, "\n"),
		})
	}
	return b
}
