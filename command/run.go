package command

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// runFlags are the flags of `run` and `runs again`.
type runFlags struct {
	environment                string
	set, setEnv, setFile       []string
	param                      []string
	confirm                    []string
	timeout                    time.Duration
	timestamps, asJSON, events bool
	preview, verify            bool
	secretsStdin               bool
	mfaCodeEnv                 string
	artifacts                  string // the folder for the files that the run keeps; empty: none
	artifactsGiven             func() bool
	signInWait                 time.Duration
	signInWaitGiven            func() bool
	rehearseFlags
}

// addArtifacts adds the flag for a copy of what the run keeps.
func (f *runFlags) addArtifacts(cmd *cobra.Command) {
	const name = "artifacts"
	f.artifactsGiven = func() bool { return cmd.Flags().Changed(name) }
	cmd.Flags().StringVar(&f.artifacts, name, "",
		"also save the artifacts of the run into this folder at its end, even if it fails; those of the same name are replaced")
}

// addSignInWait adds the flag for how long a run waits for somebody.
func (f *runFlags) addSignInWait(cmd *cobra.Command) {
	const name = "sign-in-wait"
	f.signInWaitGiven = func() bool { return cmd.Flags().Changed(name) }
	cmd.Flags().DurationVar(&f.signInWait, name, runner.DefaultSignInWait,
		"how long the run waits for somebody to sign in again, here or elsewhere (without a terminal: 0 unless given)")
}

func (c *cli) runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run PROJECT [STEP…]",
		Short: "Run a project's process, or the named steps of it",
		Long: `Run a project's process, or the named steps of it.

The scripts' output goes to standard output and their errors to standard error, with secrets hidden. The identity of each
step, progress and results go to standard error too. Every run is stored: see stepdeck runs.

Exit codes: the code of the first failed step, or 1 if it has none; 3 if anything was refused before the first script
started; 124 if the time limit passed; 130 if the run was stopped.

With --rehearse each step assumes its role with a session that may only read, and the run lists the calls that AWS refused. It
still reads data. What a script does outside of AWS, or with credentials of its own, is not limited.`,
		Example: `  stepdeck run Website --environment Staging
  stepdeck run Website Rotate --set Count=3 --set-env Password=APP_PASSWORD
  stepdeck run Website Report --param Days=30 --param Force=True
  stepdeck run Website --environment Production --confirm Website-prod
  stepdeck run Website --preview --verify
  stepdeck run Website --rehearse`,
		Args:              atLeastOne("the name of a project"),
		ValidArgsFunction: c.complete(completeSteps),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.verify && !f.preview {
				return model.NewError("usage", "--verify only works with --preview.")
			}
			return c.run(cmd.Context(), args[0], args[1:], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.environment, "environment", "e", "", "environment to run in")
	flags.StringArrayVar(&f.set, "set", nil, "NAME=VALUE: a value for this run (not for a sensitive variable); STEP/NAME: a step's own")
	flags.StringArrayVar(&f.setEnv, "set-env", nil, "NAME=VAR: take a value from an environment variable")
	flags.StringArrayVar(&f.setFile, "set-file", nil, "NAME=FILE: take a value from a text file (UTF-8 or UTF-16), as it is")
	flags.StringArrayVar(&f.param, "param", nil, "NAME=VALUE: a parameter of the steps' scripts, for this run")
	flags.StringArrayVar(&f.confirm, "confirm", nil, "ID or LABEL of a protected AWS account that the run may act in")
	flags.StringVar(&f.mfaCodeEnv, "mfa-code-env", "", mfaCodeUsage)
	flags.DurationVar(&f.timeout, "timeout", 0, "time limit of the whole run, such as 10m")
	flags.BoolVar(&f.timestamps, "timestamps", false, "print the time and stream before each line")
	flags.BoolVar(&f.asJSON, "json", false, "print one JSON object per line")
	flags.BoolVar(&f.events, "events", false, "print events as JSON without the lines' text, and read commands from standard input")
	flags.BoolVar(&f.preview, "preview", false, "show what would run, without running anything")
	flags.BoolVar(&f.verify, "verify", false, "with --preview: ask AWS who each step would be")
	f.rehearseFlags.add(cmd)
	cmd.MarkFlagsMutuallyExclusive("json", "events", "timestamps")
	cmd.MarkFlagsMutuallyExclusive("events", "preview")
	f.addSignInWait(cmd)
	f.addArtifacts(cmd)
	cmd.MarkFlagsMutuallyExclusive("artifacts", "preview")
	c.secretsFlag(cmd, &f)
	_ = cmd.RegisterFlagCompletionFunc("environment", c.complete(completeEnvironments))
	_ = cmd.RegisterFlagCompletionFunc("set", c.completeSet)
	_ = cmd.RegisterFlagCompletionFunc("param", c.completeParam)
	return cmd
}

func (c *cli) run(ctx context.Context, name string, steps []string, f runFlags) error {
	if f.timeout < 0 {
		return model.NewError("usage", "--timeout can't be negative.")
	}
	s, err := c.openServices(ctx, true)
	if err != nil {
		return err
	}
	project, err := s.Projects().Project(ctx, name)
	if err != nil {
		return err
	}
	given, err := c.given(project, f)
	if err != nil {
		return err
	}
	rehearsal, err := f.rehearsal()
	if err != nil {
		return err
	}
	req := runner.Request{Project: project, Who: app.Who(c.Environ), RunOptions: model.RunOptions{
		Environment: f.environment, Steps: steps, Given: given, Confirm: f.confirm, Timeout: f.timeout, Rehearsal: rehearsal,
	}}
	if err := c.setParams(ctx, s, &req, f.param); err != nil {
		return err
	}
	if f.preview {
		return c.preview(ctx, s, req, f)
	}
	if !f.events && !f.asJSON && c.asks() {
		if err := c.askAll(ctx, s, &req); err != nil {
			return err
		}
	}
	return c.identified(ctx, s, req, f)
}

// identified executes req once a person has signed in for it and has entered the codes that it needs.
func (c *cli) identified(ctx context.Context, s *app.Services, req runner.Request, f runFlags) error {
	if err := c.askIdentities(ctx, s, req, f); err != nil {
		return err
	}
	return c.execute(ctx, s, req, f)
}

// execute runs req, with signals handled, and returns its exit code as the error.
func (c *cli) execute(ctx context.Context, s *app.Services, req runner.Request, f runFlags) error {
	switch {
	case f.signInWait < 0:
		return model.NewError("usage", "--sign-in-wait can't be negative.")
	case f.artifacts == "" && f.artifactsGiven(): // such as a variable of a shell that is not set
		return model.NewError("usage", "--artifacts is empty. Name a folder, or leave it out.")
	}
	if c.unprotected != nil { // not fatal: only programs of the same user could
		c.say("%s", c.paint(yellow, "Warning: "+c.unprotected.Error()))
	}
	stopper := runner.NewStopper()
	if f.events || c.asks() && !f.asJSON || f.signInWaitGiven() {
		req.SignInWait = f.signInWait
	}
	c.Err = &lockedWriter{out: c.Err} // the run goes on while somebody is asked
	attendant := c.attend(ctx, s)
	defer attendant.close()
	watcher := c.watcher(f, stopper, attendant)
	release := c.signals(stopper)
	defer release()
	run, err := s.Runs().Runner().Run(ctx, req, watcher, stopper)
	if run.ID != 0 && f.artifacts != "" {
		err = errors.Join(err, c.handOut(context.WithoutCancel(ctx), s, run.ID, f.artifacts))
	}
	if err != nil {
		if run.ID == 0 {
			return err
		}
		c.say("%s%s", c.paint(red, "stepdeck: "), block(sentence(err)))
		if run.ExitCode == 0 {
			return exitCode(runner.ExitFailed) // the run succeeded, but its record or what was to come of it is incomplete
		}
	}
	if run.ExitCode != 0 {
		return exitCode(run.ExitCode)
	}
	return nil
}

// handOut saves the files that a run has kept into a folder, whatever became of the run.
func (c *cli) handOut(ctx context.Context, s *app.Services, id int64, folder string) error {
	run, err := s.Runs().Run(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.Runs().SaveArtifacts(ctx, runs.Artifacts(run), folder, true)
	return err
}

// watcher returns the printer that the flags ask for. With --events, commands on standard input can stop the run.
func (c *cli) watcher(f runFlags, stopper *runner.Stopper, a *attendant) runner.Watcher {
	switch {
	case f.events:
		w := newJSONWatcher(c, false)
		go c.readCommands(stopper, w)
		return w
	case f.asJSON:
		return newJSONWatcher(c, true)
	}
	return newTextWatcher(c, f.timestamps, a)
}

// signals makes Ctrl-C and similar signals stop the run, and a second one kill it, until release is called.
func (c *cli) signals(stopper *runner.Stopper) (release func()) {
	// A run goes on when the reader of its output is gone.
	ignoreBrokenPipe()
	ch := make(chan os.Signal, 4)
	signal.Notify(ch, stopSignals()...)
	c.heeded.Store(true)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-ch:
				stopper.Interrupt()
			case <-done:
				return
			}
		}
	}()
	return func() { c.heeded.Store(false); signal.Stop(ch); close(done) }
}

// givenValues collects the values for a run and refuses a name that is given twice.
type givenValues struct {
	project model.Project
	list    []model.Given
	seen    map[string]bool
}

func (g *givenValues) add(of model.ValueName, read func() (string, error)) error {
	if named := g.project.ValuesNamed(of.Name); of.Step == "" && len(named) == 1 {
		of = named[0]
	}
	if g.seen[of.Key()] {
		return model.NewError("usage", "%q is given twice. Give it once.", of)
	}
	g.seen[of.Key()] = true
	value, err := read()
	g.list = append(g.list, model.GivenTo(of, value))
	return err
}

// flag adds the values of a flag, each NAME=….
func (g *givenValues) flag(flag string, texts []string, read func(name, rest string) (string, error)) error {
	for _, text := range texts {
		name, rest, ok := strings.Cut(text, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			return model.NewError("usage", "%s takes NAME=…, not %q.", flag, name)
		}
		if err := g.add(model.ValueName{Name: name}, func() (string, error) { return read(name, rest) }); err != nil {
			return err
		}
	}
	return nil
}

// given returns the values of --set, --set-env and --set-file, and those received on standard input.
func (c *cli) given(project model.Project, f runFlags) ([]model.Given, error) {
	g := givenValues{project: project, seen: map[string]bool{}}
	err := g.flag("--set", f.set, func(name, value string) (string, error) {
		if isSensitive(project, name) {
			return "", model.NewError("run.set.sensitive",
				"%q is sensitive, and other programs can read arguments. Set it with --set-env or --set-file.", name)
		}
		if isFile(project, name) {
			return fullPath(value), nil
		}
		return value, nil
	})
	if err != nil {
		return nil, err
	}
	err = g.flag("--set-env", f.setEnv, func(name, from string) (string, error) {
		value, set := c.lookupEnv(from)
		if !set {
			return "", model.NewError("run.set.env", "The environment variable %s for %q is not set.", from, name)
		}
		return decodeGiven(project, name, []byte(value), "The value of the environment variable "+from)
	})
	if err != nil {
		return nil, err
	}
	err = g.flag("--set-file", f.setFile, func(name, path string) (string, error) {
		data, err := os.ReadFile(path)
		if err != nil {
			return "", model.NewError("run.set.file",
				"The file %s for %q can't be read. Check its path and rights.", path, name).Because(err)
		}
		return decodeGiven(project, name, data, "The file "+path)
	})
	if err != nil {
		return nil, err
	}
	for _, v := range c.secrets.Given {
		of := model.ValueName{Step: v.Step, Name: v.Name}
		if err := g.add(of, func() (string, error) {
			return decodeGiven(project, of.String(), v.Value, "The value of "+strconv.Quote(of.String())+" on standard input")
		}); err != nil {
			return nil, err
		}
	}
	return g.list, nil
}

// decodeGiven decodes a value as UTF-8 or UTF-16. Bytes that are neither are kept as they are, but refused in a secret.
func decodeGiven(project model.Project, name string, data []byte, source string) (string, error) {
	if isSensitive(project, name) {
		return model.DecodeSecret(data, source)
	}
	if text, ok := model.DecodeText(data); ok {
		return text, nil
	}
	return string(data), nil
}

// isFile reports whether a variable's value is the path of a file.
func isFile(project model.Project, name string) bool {
	v, known := project.DeclaredNamed(name)
	return known && v.Prompt != nil && v.Prompt.Control == model.ControlFile
}

func isSensitive(project model.Project, name string) bool {
	v, known := project.DeclaredNamed(name)
	return known && v.Type == model.TypeSensitive
}
