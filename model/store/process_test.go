package store

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// runAndWait is an engine that starts a run, prints its id, and never finishes it.
func runAndWait(dir string, _ []string) error {
	s, err := openChild(dir)
	if err != nil {
		return err
	}
	run := model.Run{Project: "Website", Status: model.Running, Started: time.Now(), Steps: []model.StepRun{
		{Number: 1, Attempt: 1, Step: "One", Status: model.Succeeded, Started: time.Now(), Finished: time.Now()},
		{Number: 2, Attempt: 1, Step: "Two", Status: model.Running, Started: time.Now()},
		{Number: 3, Attempt: 1, Step: "Three", Status: model.Queued},
	}}
	if err := s.CreateRun(context.Background(), &run); err != nil {
		return err
	}
	fmt.Println(run.ID)
	untilEndOfInput()
	return s.Close()
}

func TestRunOfADeadEngineIsInterrupted(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	s := open(t, dir)
	engine := startChild(t, "run", dir)
	id, err := strconv.ParseInt(engine.says(), 10, 64)
	must(t, err)
	ours := startRun(t, s)

	marked, err := s.MarkInterrupted(ctx)
	must(t, err)
	if len(marked) != 0 {
		t.Fatalf("living runs were marked: %v", marked)
	}
	wantCode(t, s.DeleteRun(ctx, id), "run.running")

	engine.kill()
	marked, err = s.MarkInterrupted(ctx)
	must(t, err)
	if len(marked) != 1 || marked[0].ID != id {
		t.Fatalf("marked %v, want run %d", marked, id)
	}
	got := marked[0]
	if got.Status != model.Interrupted || got.Finished.Before(got.Started) || got.Message == "" || got.ExitCode != 1 {
		t.Errorf("the run is recorded as %+v", got)
	}
	for i, want := range []model.Status{model.Succeeded, model.Interrupted, model.Skipped} {
		if got.Steps[i].Status != want {
			t.Errorf("step %d is %s, want %s", i+1, got.Steps[i].Status, want)
		}
	}
	if again, err := s.MarkInterrupted(ctx); err != nil || len(again) != 0 {
		t.Errorf("marked again: %v %v", again, err)
	}
	if still, err := s.Run(ctx, ours.ID); err != nil || still.Status != model.Running {
		t.Errorf("this process's run is %s (%v)", still.Status, err)
	}
}

// The script of a dead engine may have been quiet: the run lasted at least as long as its engine is known to have lived.
func TestADeadEngineLivedUntilItsLastSign(t *testing.T) {
	for name, row := range map[string]struct {
		beat, output, want time.Duration // after the beginning
		lock               string        // instead of the sign
	}{
		"a quiet script":     {beat: time.Hour, output: time.Minute, want: time.Hour},
		"a script that says": {beat: time.Hour, output: 2 * time.Hour, want: 2 * time.Hour},
		"no sign":            {output: time.Minute, want: time.Minute},
		"neither":            {},
		"a broken lock":      {output: time.Minute, want: time.Minute, lock: "\x00\x00\x00\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, ctx := t.TempDir(), context.Background()
			engine, err := Open(ctx, Options{Dir: dir})
			must(t, err)
			run := startRun(t, engine)
			if row.beat > 0 {
				engine.Beat(run.ID, run.Started.Add(row.beat))
			}
			if row.output > 0 {
				step := run.Steps[0]
				step.LastOutput = run.Started.Add(row.output)
				must(t, engine.UpdateStepRun(ctx, step))
			}
			must(t, engine.Close())
			s := open(t, dir)
			if row.lock != "" {
				must(t, os.WriteFile(s.runLockPath(run.ID), []byte(row.lock), 0o600))
			}
			marked, err := s.MarkInterrupted(ctx)
			must(t, err)
			if len(marked) != 1 {
				t.Fatalf("marked %+v", marked)
			}
			got, want := marked[0], run.Started.Add(row.want).Truncate(time.Microsecond)
			if !got.Finished.Equal(want) || !got.Steps[0].Finished.Equal(want) {
				t.Errorf("ended at %s, its step at %s, want %s", got.Finished, got.Steps[0].Finished, want)
			}
			if told := "after " + model.LocalTime(want) + ", its last sign of life"; !strings.Contains(got.Message, told) {
				t.Errorf("it says %q, and not %q", got.Message, told)
			}
		})
	}
}

// writeMixed does what each of several concurrent engines does: a run with a log, updates of its rows, settings.
func writeMixed(dir string, args []string) error {
	ctx := context.Background()
	lines, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	s, err := openChild(dir)
	if err != nil {
		return err
	}
	if _, err := s.MarkInterrupted(ctx); err != nil {
		return err
	}
	run := model.Run{Project: args[0], Status: model.Running, Started: time.Now(),
		Steps: []model.StepRun{{Number: 1, Attempt: 1, Step: "S", Status: model.Running}}}
	if err := s.CreateRun(ctx, &run); err != nil {
		return err
	}
	step := &run.Steps[0]
	for n := 0; n < lines; {
		var texts []string
		for range min(1+rand.IntN(900), lines-n) {
			n++
			texts = append(texts, fmt.Sprintf("%s line %d %s\n", args[0], n, strings.Repeat("x", 60)))
		}
		if err := s.AppendLog(ctx, step.ID, []model.LogBatch{textBatch(time.Now(), texts...)}); err != nil {
			return err
		}
		if err := s.SetProgress(ctx, step.ID, model.Progress{Percent: n * 100 / lines}); err != nil {
			return err
		}
		if err := s.SaveSettings(ctx, map[string]string{"last": args[0]}); err != nil {
			return err
		}
		if _, err := s.TakeCommands(ctx, run.ID); err != nil {
			return err
		}
	}
	step.Status, run.Status, run.Finished = model.Succeeded, model.Succeeded, time.Now()
	if err := s.FinishRun(ctx, run); err != nil {
		return err
	}
	fmt.Println(run.ID)
	return s.Close()
}

func TestEightProcessesLoseNothing(t *testing.T) {
	const lines = 20_000
	dir, ctx := t.TempDir(), context.Background()
	children := make([]*child, 8)
	for i := range children { // one of them creates the database
		children[i] = startChild(t, "mixed", dir, fmt.Sprintf("P%d", i), strconv.Itoa(lines))
	}
	ids := make([]int64, len(children))
	for i, c := range children {
		id, err := strconv.ParseInt(c.says(), 10, 64)
		must(t, err)
		ids[i] = id
		must(t, c.wait())
	}
	s := open(t, dir)
	for i, id := range ids {
		run, err := s.Run(ctx, id)
		must(t, err)
		if run.Status != model.Succeeded || run.Steps[0].Lines != lines || run.Project != fmt.Sprintf("P%d", i) {
			t.Errorf("run %d is %s of %s with %d lines", id, run.Status, run.Project, run.Steps[0].Lines)
		}
		n := int64(0)
		for line, err := range s.LogLines(ctx, run.Steps[0].ID, 1) {
			must(t, err)
			n++
			if want := fmt.Sprintf("P%d line %d %s", i, n, strings.Repeat("x", 60)); line.Text != want || line.N != n {
				t.Fatalf("line %d of run %d is %d %q", n, id, line.N, line.Text)
			}
		}
		if n != lines {
			t.Errorf("run %d has %d lines", id, n)
		}
	}
	if marked, err := s.MarkInterrupted(ctx); err != nil || len(marked) != 0 {
		t.Errorf("finished runs were marked: %v %v", marked, err)
	}
}

// appendFast writes a log and environments in an endless loop and prints each time what is now committed.
func appendFast(dir string, _ []string) error {
	ctx := context.Background()
	s, err := openChild(dir)
	if err != nil {
		return err
	}
	run := model.Run{Project: "Kill", Status: model.Running, Started: time.Now(),
		Steps: []model.StepRun{{Number: 1, Attempt: 1, Step: "S", Status: model.Running}}}
	if err := s.CreateRun(ctx, &run); err != nil {
		return err
	}
	fmt.Println("run", run.ID)
	for n := 0; ; {
		var texts []string
		for range 1 + rand.IntN(300) {
			n++
			texts = append(texts, fmt.Sprintf("line %d\n", n))
		}
		if err := s.AppendLog(ctx, run.Steps[0].ID, []model.LogBatch{textBatch(time.Now(), texts...)}); err != nil {
			return err
		}
		fmt.Println("lines", n)
		name := fmt.Sprintf("E%d-%d", run.ID, n)
		if err := s.SaveEnvironment(ctx, &model.Environment{Name: name}); err != nil {
			return err
		}
		fmt.Println("environment", name)
	}
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	cycles := 30
	if testing.Short() {
		cycles = 3
	}
	dir, ctx := t.TempDir(), context.Background()
	acknowledged := 0
	for cycle := range cycles {
		victim := startChild(t, "append", dir)
		var runID int64
		_, err := fmt.Sscanf(victim.says(), "run %d", &runID)
		must(t, err)
		// Killed at a random moment: the test doesn't wait for anything.
		kill := time.AfterFunc(time.Duration(1+rand.IntN(60))*time.Millisecond, func() { _ = victim.cmd.Process.Kill() })
		said := victim.rest()
		_ = victim.wait()
		kill.Stop()
		acknowledged += len(said)

		s, err := Open(ctx, Options{Dir: dir})
		must(t, err)
		var check string
		must(t, s.writer.QueryRow("PRAGMA quick_check").Scan(&check))
		if check != "ok" {
			t.Fatalf("cycle %d: %s", cycle, check)
		}
		marked, err := s.MarkInterrupted(ctx)
		must(t, err)
		if len(marked) != 1 || marked[0].ID != runID {
			t.Fatalf("cycle %d: marked %v, want run %d", cycle, marked, runID)
		}
		environments, err := s.Environments(ctx)
		must(t, err)
		known := map[string]bool{}
		for _, e := range environments {
			known[e.Name] = true
		}
		acknowledgedLines := int64(0)
		for _, line := range said {
			what, value, _ := strings.Cut(line, " ")
			switch what {
			case "lines":
				if n, err := strconv.ParseInt(value, 10, 64); err == nil {
					acknowledgedLines = n
				}
			case "environment":
				if !known[value] {
					t.Fatalf("cycle %d: environment %s was acknowledged and is lost", cycle, value)
				}
			}
		}
		step := marked[0].Steps[0]
		if step.Lines < acknowledgedLines {
			t.Fatalf("cycle %d: %d lines were acknowledged, %d are there", cycle, acknowledgedLines, step.Lines)
		}
		n := int64(0)
		for line, err := range s.LogLines(ctx, step.ID, 1) {
			must(t, err)
			if n++; line.Text != fmt.Sprintf("line %d", n) {
				t.Fatalf("cycle %d: line %d is %q", cycle, n, line.Text)
			}
		}
		if n != step.Lines {
			t.Fatalf("cycle %d: the row says %d lines, the log has %d", cycle, step.Lines, n)
		}
		must(t, s.Close())
	}
	if acknowledged < cycles {
		t.Errorf("only %d acknowledged writes in %d cycles: this tested little", acknowledged, cycles)
	}
	t.Logf("%d kills, %d acknowledged writes, none lost", cycles, acknowledged)
}

// waitForCommands is an engine that only takes commands.
func waitForCommands(dir string, _ []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, err := openChild(dir)
	if err != nil {
		return err
	}
	run := model.Run{Project: "Website", Status: model.Running,
		Steps: []model.StepRun{{Number: 1, Attempt: 1, Step: "S", Status: model.Running}}}
	if err := s.CreateRun(ctx, &run); err != nil {
		return err
	}
	changes, err := s.Changes(ctx)
	if err != nil {
		return err
	}
	fmt.Println(run.ID)
	for ctx.Err() == nil {
		changed, err := changes.Changed(ctx)
		if err != nil {
			return err
		}
		if !changed {
			time.Sleep(5 * time.Millisecond)
			continue
		}
		commands, err := s.TakeCommands(ctx, run.ID)
		if err != nil {
			return err
		}
		for _, c := range commands {
			fmt.Println(c)
			if c == model.KillRun {
				return s.Close()
			}
		}
	}
	return ctx.Err()
}

func TestCommandsReachAnotherProcess(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	s := open(t, dir)
	engine := startChild(t, "commands", dir)
	id, err := strconv.ParseInt(engine.says(), 10, 64)
	must(t, err)
	must(t, s.Ask(ctx, id, model.StopRun))
	if got := engine.says(); got != "stop" {
		t.Fatalf("the engine took %q", got)
	}
	must(t, s.Ask(ctx, id, model.KillRun))
	if got := engine.says(); got != "kill" {
		t.Fatalf("the engine took %q", got)
	}
	must(t, engine.wait())
	if left, err := s.TakeCommands(ctx, id); err != nil || len(left) != 0 {
		t.Errorf("commands were not taken: %v %v", left, err)
	}
	_, err = s.MarkInterrupted(ctx)
	must(t, err)
	wantCode(t, s.Ask(ctx, id, model.StopRun), "run.over")
	wantCode(t, s.Ask(ctx, id+100, model.StopRun), "run.unknown")
}

func TestNothingOfALogStaysAfterItsRunIsDeleted(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	run := startRun(t, s)
	for range 600 {
		text := bytes.Repeat([]byte("0123456789abcde\n"), 3000) // one chunk each
		b := model.LogBatch{Bytes: text}
		for range 3000 {
			b.Lines = append(b.Lines, model.LineMeta{Len: 16, Stream: model.StreamStdout, Level: model.LevelInfo})
		}
		must(t, s.AppendLog(ctx, run.Steps[0].ID, []model.LogBatch{b}))
	}
	must(t, s.SaveInputs(ctx, run.Steps[0].ID, model.Inputs{Script: "echo", Values: []model.InputValue{{Name: "a", Value: "v"}}}))
	run.Status = model.Succeeded
	must(t, s.FinishRun(ctx, run))
	must(t, s.DeleteRun(ctx, run.ID))
	for _, table := range []string{"runs", "step_runs", "log_chunks", "contents", "step_inputs"} {
		var n int
		must(t, s.writer.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
		if n != 0 {
			t.Errorf("%s has %d rows left", table, n)
		}
	}
	var free int
	must(t, s.writer.QueryRow("PRAGMA freelist_count").Scan(&free))
	if free != 0 {
		t.Errorf("%d pages were not returned", free)
	}
	next := startRun(t, s)
	if next.ID <= run.ID {
		t.Errorf("run %d is numbered like the deleted %d", next.ID, run.ID)
	}
}
