package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// artifactFlags select files of a run and say what to do with them.
type artifactFlags struct {
	step, try int
	output    string
	asJSON    bool
}

func (c *cli) runsArtifacts() *cobra.Command {
	var f artifactFlags
	cmd := &cobra.Command{
		Use: "artifacts ID [NAME]", Short: "List the artifacts of a run, print one or save them",
		Example: `  stepdeck runs artifacts 12
  stepdeck runs artifacts 12 report.txt
  stepdeck runs artifacts 12 report.pdf -o report.pdf
  stepdeck runs artifacts 12 -o reports`,
		Args:              between(1, 2, "the number of a run, and optionally the name of an artifact"),
		ValidArgsFunction: c.complete(completeArtifacts),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.artifacts(cmd.Context(), args, f)
		},
	}
	cmd.Flags().IntVar(&f.step, "step", 0, "only artifacts of this step, by its number")
	cmd.Flags().IntVar(&f.try, "attempt", 0, "only artifacts of this attempt at steps that were retried, by its number")
	cmd.Flags().StringVarP(&f.output, "output", "o", "",
		"save into this file, or without NAME all into this folder, replacing what has the same name; - is standard output")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print one JSON object per line")
	return cmd
}

func (c *cli) artifacts(ctx context.Context, args []string, f artifactFlags) error {
	id, err := runID(args[0])
	if err != nil {
		return err
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	run, err := s.Runs().Run(ctx, id)
	if err != nil {
		return err
	}
	list := f.selected(run)
	switch {
	case len(args) == 2:
		a, err := findArtifact(run, list, args[1])
		if err != nil {
			return err
		}
		return c.saveArtifact(ctx, s, a, f.output)
	case f.output != "":
		return c.saveArtifacts(ctx, s, run, list, f.output)
	}
	return c.listArtifacts(run, list, f.asJSON)
}

// selected returns the files of the chosen step and attempt.
func (f artifactFlags) selected(run model.Run) []runs.Artifact {
	return slices.DeleteFunc(runs.Artifacts(run), func(a runs.Artifact) bool {
		return f.step != 0 && a.Step.Number != f.step || f.try != 0 && a.Step.Attempt != f.try
	})
}

func (c *cli) listArtifacts(run model.Run, list []runs.Artifact, asJSON bool) error {
	var rows [][]string
	for _, a := range list {
		if asJSON {
			if err := c.printJSON(newArtifactRecord(a)); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []string{a.Step.Mark(), a.Step.Step, strconv.FormatInt(a.Size, 10), a.Name, artifactNote(a.Artifact)})
	}
	switch {
	case asJSON:
		return nil
	case len(rows) == 0:
		c.say("Run %d has no artifacts there.", run.ID)
		return nil
	}
	return c.table([]string{"STEP", "NAME", "BYTES", "ARTIFACT", "NOTE"}, rows)
}

// artifactNote says what is to be known of a file.
func artifactNote(a model.Artifact) string {
	switch {
	case !a.Kept():
		return "not kept: " + a.Missing
	case a.HoldsSecret:
		return "contains a secret"
	}
	return ""
}

// findArtifact returns the file with a name: of several attempts at a step the one of the last.
func findArtifact(run model.Run, list []runs.Artifact, name string) (found runs.Artifact, err error) {
	var names []string
	for _, a := range list {
		names = append(names, a.Name)
		if model.NameKey(a.Name) != model.NameKey(name) {
			continue
		}
		if found.Number != 0 && found.Step.Number != a.Step.Number {
			return found, model.NewError("artifact.ambiguous", "Several steps of run %d have an artifact %q. Choose one of them with --step.",
				run.ID, a.Name)
		}
		found = a
	}
	switch near := model.Nearest(name, names); {
	case found.Number != 0:
		return found, nil
	case near != "":
		return found, model.NewError("artifact.unknown", "Run %d has no artifact %q. Did you mean %q?", run.ID, name, near)
	}
	return found, model.NewError("artifact.unknown", "Run %d has no artifact %q. See: stepdeck runs artifacts %d", run.ID, name, run.ID)
}

// saveArtifact writes a file to a path, or to standard output.
func (c *cli) saveArtifact(ctx context.Context, s *app.Services, a runs.Artifact, path string) error {
	if path != "" && path != "-" {
		return s.Runs().SaveArtifact(ctx, a, path)
	}
	if c.OutTTY && path == "" {
		return c.showArtifact(ctx, s, a)
	}
	return s.Runs().CopyArtifact(ctx, a, c.Out)
}

// showArtifact prints a file at a terminal, if it is text.
func (c *cli) showArtifact(ctx context.Context, s *app.Services, a runs.Artifact) error {
	var text bytes.Buffer
	if a.Size <= maxShow {
		if err := s.Runs().CopyArtifact(ctx, a, &text); err != nil {
			return err
		}
	}
	shown, ok := model.DecodeText(text.Bytes())
	if a.Size > maxShow || !ok || strings.ContainsRune(shown, 0) {
		return model.NewError("artifact.terminal", "%q is not fit for a terminal. Save it with -o FILE, or print it as it is with -o -.", a.Name)
	}
	_, err := io.WriteString(c.Out, model.SafeBlock(shown))
	return err
}

// saveArtifacts writes files into a folder, and prints their paths.
func (c *cli) saveArtifacts(ctx context.Context, s *app.Services, run model.Run, list []runs.Artifact, folder string) error {
	if folder == "-" {
		return model.NewError("usage", "Only one file can go to standard output. Name it: stepdeck runs artifacts %d NAME", run.ID)
	}
	saved, err := s.Runs().SaveArtifacts(ctx, list, folder, true)
	for _, path := range saved {
		if _, err := fmt.Fprintln(c.Out, path); err != nil {
			return err
		}
	}
	if err == nil && len(saved) == 0 {
		c.say("Run %d has no artifacts there.", run.ID)
	}
	return err
}

// artifactRecord is a line of `runs artifacts --json`.
type artifactRecord struct {
	Run     int64  `json:"run"`
	Step    int    `json:"step" about:"number of the step in the process, from 1"`
	Of      string `json:"stepName"`
	Attempt int    `json:"attempt" about:"from 1"`
	engine.File
}

func newArtifactRecord(a runs.Artifact) artifactRecord {
	return artifactRecord{Run: a.Step.RunID, Step: a.Step.Number, Of: a.Step.Step, Attempt: a.Step.Attempt, File: engine.NewFile(a.Artifact)}
}

// completeArtifacts completes a run, then a file that it has kept.
func completeArtifacts(ctx context.Context, s *app.Services, args []string) ([]string, error) {
	if len(args) == 0 {
		return completeRuns(ctx, s, args)
	}
	id, err := runID(args[0])
	if err != nil || len(args) > 1 {
		return nil, err
	}
	run, err := s.Runs().Run(ctx, id)
	return convert(runs.Artifacts(run), func(a runs.Artifact) string { return a.Name }), err
}
