package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
)

func (c *cli) runsCommand() *cobra.Command {
	return group("runs", "List runs, show their logs, export, keep, delete, stop and repeat them",
		c.runsList(), c.runsShow(), c.runsLog(), c.runsExport(), c.runsKeep(), c.runsDelete(), c.runsStop(), c.runsAgain())
}

// runID reads the number of a run, with or without #.
func runID(text string) (int64, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64)
	if err != nil || id <= 0 {
		return 0, model.NewError("usage", "%q is not the number of a run. See: stepdeck runs list", text)
	}
	return id, nil
}

// oneRun makes a command on one run.
func (c *cli) oneRun(use, short string, do func(ctx context.Context, s *app.Services, id int64) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " ID", Short: short, Args: exactly(1, "the number of a run"),
		ValidArgsFunction: c.complete(first(offerRuns)),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := runID(args[0])
			if err != nil {
				return err
			}
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			return do(cmd.Context(), s, id)
		},
	}
}

func (c *cli) runsList() *cobra.Command {
	var project, status string
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use: "list", Short: "List runs, the newest first", Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			if status != "" && !slices.Contains(model.Statuses(), model.Status(status)) {
				return model.NewError("usage", "%q is not a status. There are: %s.", status, joinStatuses())
			}
			filter := model.RunFilter{Project: project, Status: model.Status(status), Limit: limit}
			runs, err := s.Runs().Runs(cmd.Context(), filter)
			if err != nil {
				return err
			}
			defer c.sayIfMore(cmd.Context(), s, filter, len(runs))
			var rows [][]string
			for _, r := range runs {
				if asJSON {
					if err := c.printJSON(newRunRecord(r)); err != nil {
						return err
					}
					continue
				}
				code := ""
				if r.Status.Over() {
					code = strconv.Itoa(r.ExitCode)
				}
				rows = append(rows, []string{strconv.FormatInt(r.ID, 10), string(r.Status), code, r.Project, r.Environment, strings.Join(r.AWSAccounts(), " "), r.Who, clock(r.Started), took(r.Started, r.Finished)})
			}
			if asJSON {
				return nil
			}
			if len(rows) == 0 {
				c.say("No run matches.")
				return nil
			}
			return c.table([]string{"RUN", "STATUS", "EXIT", "PROJECT", "ENVIRONMENT", "AWS ACCOUNT", "WHO", "STARTED", "TOOK"}, rows)
		},
	}
	cmd.Flags().StringVar(&project, "project", "", "of this project")
	cmd.Flags().StringVar(&status, "status", "", "with this status: running, succeeded, warning, failed, stopped, timedout, interrupted")
	cmd.Flags().IntVar(&limit, "limit", 100, "at most so many; 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return cmd
}

// sayIfMore says that a list does not show all that there is. What it can't count it does not mention: the list itself is whole.
func (c *cli) sayIfMore(ctx context.Context, s *app.Services, filter model.RunFilter, shown int) {
	if filter.Limit <= 0 || shown < filter.Limit {
		return
	}
	if all, err := s.Runs().CountRuns(ctx, filter); err == nil && all > shown {
		c.say("The newest %d of %d runs. --limit 0 lists all of them.", shown, all)
	}
}

func joinStatuses() string {
	words := make([]string, 0, len(model.Statuses()))
	for _, s := range model.Statuses() {
		words = append(words, string(s))
	}
	return strings.Join(words, ", ")
}

func (c *cli) runsShow() *cobra.Command {
	var asJSON bool
	cmd := c.oneRun("show", "Show a run: who, what, how it ended", func(ctx context.Context, s *app.Services, id int64) error {
		r, err := s.Runs().Run(ctx, id)
		if err != nil {
			return err
		}
		if asJSON {
			return c.printJSON(newRunRecord(r))
		}
		c.showRun(r)
		return nil
	})
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object")
	return cmd
}

func (c *cli) showRun(r model.Run) {
	// One line each: messages and names come from scripts too, and must not look like ours.
	p := func(text string, args ...any) { fmt.Fprintln(c.Out, safef(text, args...)) }
	kept := map[bool]string{true: ", kept"}[r.Kept]
	p("Run %d: %s%s", r.ID, r.Status, kept)
	p("  %-13s %s%s", "Project", r.Project, suffix(", environment ", r.Environment))
	p("  %-13s %s", "Who", r.Who)
	p("  %-13s %s%s", "Started", clock(r.Started), suffix(", took ", took(r.Started, r.Finished)))
	if r.Status.Over() {
		p("  %-13s %d", "Exit code", r.ExitCode)
	}
	if r.Message != "" {
		p("  %-13s %s", "Message", r.Message)
	}
	for _, s := range r.Steps {
		p("")
		p("Step %d %s: %s", s.Number, s.Step, s.Status)
		row := func(name, value string) {
			if value != "" {
				p("  %-13s %s", name, value)
			}
		}
		if s.Identity.AWSID != "" {
			row("Acted in", s.Identity.AWSID+inRegion(s.Region)+map[bool]string{true: "  SANDBOX"}[s.Identity.Sandbox])
			row("As", s.Identity.ARN)
			row("Account", s.Identity.Account)
		}
		row("Took", took(s.Started, s.Finished))
		if s.ExitCode != nil {
			row("Exit code", strconv.Itoa(*s.ExitCode))
		}
		row("Signal", s.Signal)
		row("Message", s.Message)
		if s.Lines > 0 {
			row("Log", counted(s.Lines, "line", "lines")+", "+counted(s.Masked, "place", "places")+" hidden")
		}
		if s.Inputs.Package != "" {
			row("Package", s.Inputs.Package+" "+versionText(s.Inputs.PackageVersion)+" "+s.Inputs.File)
		}
		if s.Inputs.Folder != "" {
			row("Folder", s.Inputs.Folder)
			row("File", s.Inputs.File)
			row("SHA-256", s.Inputs.FolderSHA256)
		}
		for _, o := range s.Outputs {
			value := o.Value
			if o.Sensitive {
				value = "(sensitive)"
			}
			row("Output", o.Name+" = "+clipLine(value))
		}
	}
}

// logFlags choose lines of a log.
type logFlags struct {
	step   int
	follow bool
	level  string
	search string
}

func (c *cli) runsLog() *cobra.Command {
	var f logFlags
	cmd := c.oneRun("log", "Print the log of a run", func(ctx context.Context, s *app.Services, id int64) error {
		return c.printLog(ctx, s, id, f)
	})
	cmd.Flags().IntVar(&f.step, "step", 0, "of this step only, by its number")
	cmd.Flags().BoolVarP(&f.follow, "follow", "f", false, "go on until the run is over")
	cmd.Flags().StringVar(&f.level, "level", "", "from this level on: verbose, info, highlight, wait, warning, error")
	cmd.Flags().StringVar(&f.search, "search", "", "only lines that hold this text, in any case")
	return cmd
}

// followEvery is how often a log is looked at for more.
const followEvery = 200 * time.Millisecond

func (c *cli) printLog(ctx context.Context, s *app.Services, id int64, f logFlags) error {
	least := model.LevelVerbose
	if f.level != "" {
		var ok bool
		if least, ok = model.ParseLevel(f.level); !ok {
			return model.NewError("usage", "%q is not a level. There are: verbose, info, highlight, wait, warning, error.", f.level)
		}
	}
	run, err := s.Runs().Run(ctx, id)
	if err != nil {
		return err
	}
	if f.step != 0 && !hasStep(run, f.step) {
		return model.NewError("run.step.unknown", "Run %d has no step %d.", id, f.step)
	}
	needle := strings.ToLower(f.search)
	next := map[int64]int64{}
	var damaged error
	for {
		for _, step := range run.Steps {
			if f.step != 0 && step.Number != f.step {
				continue
			}
			if next[step.ID] == 0 {
				next[step.ID] = 1
			}
			for line, err := range s.Runs().LogLines(ctx, step.ID, next[step.ID]) {
				if err != nil {
					damaged = err
					continue
				}
				next[step.ID] = line.N + 1
				if line.Level < least || needle != "" && !strings.Contains(strings.ToLower(line.Text), needle) {
					continue
				}
				text := line.Text
				if c.OutTTY {
					text = model.SafeBlock(text)
				}
				if _, err := fmt.Fprintf(c.Out, "%s %d %s %s\n", line.Time.Local().Format("15:04:05.000"), line.N, mark(line), text); err != nil {
					return err
				}
			}
		}
		if !f.follow || run.Status.Over() {
			return damaged
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(followEvery):
		}
		if run, err = s.Runs().Run(ctx, id); err != nil {
			return err
		}
		// An engine that died while we follow leaves a run that never ends.
		if _, err := s.Runs().MarkInterrupted(ctx); err != nil {
			return err
		}
	}
}

func hasStep(run model.Run, number int) bool {
	for _, s := range run.Steps {
		if s.Number == number {
			return true
		}
	}
	return false
}

// mark shows stream and level of a line in one character: the gutter of the log.
func mark(l model.LogLine) string {
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

func (c *cli) runsExport() *cobra.Command {
	var format string
	var raw bool
	cmd := c.oneRun("export", "Print a run's log as text or as JSON lines", func(ctx context.Context, s *app.Services, id int64) error {
		return c.exportRun(ctx, s, id, format, raw)
	})
	cmd.Flags().StringVar(&format, "format", "text", "text or jsonl")
	cmd.Flags().BoolVar(&raw, "raw", false, "the stored stream as it is, byte for byte (text only)")
	return cmd
}

func (c *cli) exportRun(ctx context.Context, s *app.Services, id int64, format string, raw bool) error {
	if format != "text" && format != "jsonl" {
		return model.NewError("usage", "%q is not a format. There are: text, jsonl.", format)
	}
	if raw && format != "text" {
		return model.NewError("usage", "--raw goes with --format text.")
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
			Step: step.Number, N: line.N, Time: engine.StampOf(line.Time), Stream: line.Stream.String(), Level: line.Level.String(), Text: line.Text,
			Continued: line.Continued,
		})
	}
	text := line.Text
	if c.OutTTY {
		text = model.SafeBlock(text)
	}
	_, err := fmt.Fprintf(c.Out, "%s  %-9s %d | %s\n", line.Time.UTC().Format("2006-01-02T15:04:05.000Z"), line.Level, step.Number, text)
	return err
}

func (c *cli) runsKeep() *cobra.Command {
	var undo bool
	cmd := c.oneRun("keep", "Keep a run for ever, whatever its age", func(ctx context.Context, s *app.Services, id int64) error {
		return s.Runs().KeepRun(ctx, id, !undo)
	})
	cmd.Flags().BoolVar(&undo, "undo", false, "let it go by age again")
	return cmd
}

func (c *cli) runsDelete() *cobra.Command {
	return c.oneRun("delete", "Delete a run that is over, with its log", func(ctx context.Context, s *app.Services, id int64) error {
		run, err := s.Runs().Run(ctx, id)
		if err != nil {
			return err
		}
		if run.Kept {
			return model.NewError("run.kept", "Run %d is kept. Let it go first: stepdeck runs keep %d --undo", id, id)
		}
		return s.Runs().DeleteRun(ctx, id)
	})
}

func (c *cli) runsStop() *cobra.Command {
	var kill bool
	cmd := c.oneRun("stop", "Stop a run, whoever started it", func(ctx context.Context, s *app.Services, id int64) error {
		command := model.StopRun
		if kill {
			command = model.KillRun
		}
		if err := s.Runs().Ask(ctx, id, command); err != nil {
			return err
		}
		c.say("Run %d is asked to stop. Follow it with: stepdeck runs log %d --follow", id, id)
		return nil
	})
	cmd.Flags().BoolVar(&kill, "kill", false, "end its processes at once")
	return cmd
}

func (c *cli) runsAgain() *cobra.Command {
	var exactly bool
	var f runFlags
	cmd := c.oneRun("again", "Repeat a run: its steps as they are now, or exactly what it ran", func(ctx context.Context, s *app.Services, id int64) error {
		req, err := s.Runs().Again(ctx, id, exactly)
		if err != nil {
			return err
		}
		req.Confirm = f.confirm
		given, err := c.given(req.Project, f)
		if err != nil {
			return err
		}
		for _, g := range given {
			req.Given = slices.DeleteFunc(req.Given, func(old runner.Given) bool { return model.NameKey(old.Name) == model.NameKey(g.Name) })
		}
		req.Given = append(req.Given, given...)
		return c.carryOut(ctx, s, req, f)
	})
	cmd.Flags().BoolVar(&exactly, "exactly", false, "with the inputs that the run kept")
	cmd.Flags().StringArrayVar(&f.confirm, "confirm", nil, "ID or LABEL of a protected AWS account that the run may act in")
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "NAME=VALUE: another value than then")
	cmd.Flags().StringArrayVar(&f.setEnv, "set-env", nil, "NAME=VAR: a value, taken from an environment variable; a run keeps no sensitive ones")
	cmd.Flags().StringArrayVar(&f.setFile, "set-file", nil, "NAME=FILE: a value, taken from a file as it stands")
	cmd.Flags().BoolVar(&f.timestamps, "timestamps", false, "put time and stream before each line")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print one JSON object a line")
	cmd.Flags().BoolVar(&f.events, "events", false, "print events as JSON without the lines' text, and take commands on standard input")
	cmd.MarkFlagsMutuallyExclusive("json", "events", "timestamps")
	c.secretsFlag(cmd, &f)
	return cmd
}
