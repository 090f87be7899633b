package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
)

// logFlags select lines of a log.
type logFlags struct {
	step   int
	try    int
	follow bool
	level  string
	search string
}

func (c *cli) runsLog() *cobra.Command {
	var f logFlags
	cmd := c.oneRun("log", "Print the log of a run", func(ctx context.Context, s *app.Services, id int64) error {
		return c.printLog(ctx, s, id, f)
	})
	cmd.Flags().IntVar(&f.step, "step", 0, "only this step, by its number")
	cmd.Flags().IntVar(&f.try, "attempt", 0, "only this attempt of steps that were retried, by its number")
	cmd.Flags().BoolVarP(&f.follow, "follow", "f", false, "keep printing new lines until the run is over")
	cmd.Flags().StringVar(&f.level, "level", "", "only lines of at least this level: verbose, info, highlight, wait, warning, error")
	cmd.Flags().StringVar(&f.search, "search", "", "only lines that contain this text, in any case")
	return cmd
}

// followEvery is the interval at which --follow polls for new lines.
const followEvery = 200 * time.Millisecond

func (c *cli) printLog(ctx context.Context, s *app.Services, id int64, f logFlags) error {
	least := model.LevelVerbose
	if f.level != "" {
		var ok bool
		if least, ok = model.ParseLevel(f.level); !ok {
			return model.NewError("usage", "%q is not a level. Choose one of: verbose, info, highlight, wait, warning, error.", f.level)
		}
	}
	run, err := s.Runs().Run(ctx, id)
	if err != nil {
		return err
	}
	if f.step != 0 && !hasStep(run, f.step) {
		return model.NewError("run.step.unknown", "Run %d has no step %d.", id, f.step)
	}
	p := logPrinter{c: c, runs: s.Runs(), least: least, needle: strings.ToLower(f.search), next: map[int64]int64{}}
	for {
		for _, step := range run.Steps {
			if f.step != 0 && step.Number != f.step || f.try != 0 && step.Attempt != f.try {
				continue
			}
			if err := p.print(ctx, step.ID); err != nil {
				return err
			}
		}
		if !f.follow || run.Status.Over() {
			return p.damaged
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(followEvery):
		}
		if run, err = s.Runs().Run(ctx, id); err != nil {
			return err
		}
		// If the engine dies meanwhile, nothing else would end the run, and this loop would never return.
		if _, err := s.Runs().MarkInterrupted(ctx); err != nil {
			return err
		}
	}
}

// logPrinter prints the selected lines of steps' logs, each line once.
type logPrinter struct {
	c       *cli
	runs    *runs.Service
	least   model.Level
	needle  string          // in lower case; "" matches every line
	next    map[int64]int64 // number of the next line to print, by the step run's id
	damaged error           // the last part of a log that couldn't be read
}

// print prints the lines of a step run that have come since the last call.
func (p *logPrinter) print(ctx context.Context, stepRun int64) error {
	for line, err := range p.runs.LogLines(ctx, stepRun, max(p.next[stepRun], 1)) {
		if err != nil {
			p.damaged = err
			continue
		}
		p.next[stepRun] = line.N + 1
		if line.Level < p.least || !strings.Contains(strings.ToLower(line.Text), p.needle) {
			continue
		}
		text := line.Text
		if p.c.OutTTY {
			text = model.SafeBlock(text)
		}
		clock := line.Time.Local().Format("15:04:05.000")
		if _, err := fmt.Fprintf(p.c.Out, "%s %d %s %s\n", clock, line.N, gutter(line), text); err != nil {
			return err
		}
	}
	return nil
}

func hasStep(run model.Run, number int) bool {
	for _, s := range run.Steps {
		if s.Number == number {
			return true
		}
	}
	return false
}

// gutter returns one character for the line's stream and level.
func gutter(l model.LogLine) string {
	switch {
	case l.Stream == model.StreamStepdeck:
		return "*"
	case l.Level == model.LevelError:
		return "!"
	case l.Level == model.LevelWarning:
		return "?"
	case l.Level == model.LevelVerbose:
		return "."
	}
	return "|"
}
