package command

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
)

func (c *cli) runsExport() *cobra.Command {
	var format string
	var raw bool
	cmd := c.oneRun("export", "Print a run's log as text or as JSON lines", func(ctx context.Context, s *app.Services, id int64) error {
		return c.exportRun(ctx, s, id, format, raw)
	})
	cmd.Flags().StringVar(&format, "format", "text", "text or jsonl")
	cmd.Flags().BoolVar(&raw, "raw", false, "print the stored stream byte for byte (text only)")
	return cmd
}

func (c *cli) exportRun(ctx context.Context, s *app.Services, id int64, format string, raw bool) error {
	if format != "text" && format != "jsonl" {
		return model.NewError("usage", "%q is not a format. Choose text or jsonl.", format)
	}
	if raw && format != "text" {
		return model.NewError("usage", "--raw only works with --format text.")
	}
	run, err := s.Runs().Run(ctx, id)
	if err != nil {
		return err
	}
	if format == "jsonl" {
		if err := c.printTagged(exportedRun{newRunRecord(run)}); err != nil {
			return err
		}
	}
	var damaged error
	for _, step := range run.Steps {
		if raw {
			for chunk, err := range s.Runs().LogChunks(ctx, step.ID, 1) {
				if err != nil {
					damaged = err
					continue
				}
				if _, err := c.Out.Write(chunk.Bytes); err != nil {
					return err
				}
			}
			continue
		}
		for line, err := range s.Runs().LogLines(ctx, step.ID, 1) {
			if err != nil {
				damaged = err
				continue
			}
			if err := c.exportLine(step, line, format); err != nil {
				return err
			}
		}
	}
	return damaged
}

func (c *cli) exportLine(step model.StepRun, line model.LogLine, format string) error {
	if format == "jsonl" {
		return c.printTagged(engine.Line{
			Step: step.Number, Attempt: retried(step), N: line.N, Time: engine.StampOf(line.Time),
			Stream: line.Stream.String(), Level: line.Level.String(),
			Text: line.Text, Continued: line.Continued,
		})
	}
	text := line.Text
	if c.OutTTY {
		text = model.SafeBlock(text)
	}
	_, err := io.WriteString(c.Out, runs.ExportLine(step.Mark(), line, text))
	return err
}
