// Package command is the command line: one file per command.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/browser"
	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// Exit codes of commands other than run; for those of runs see [runner.ExitFailed].
const (
	exitOK    = 0
	exitFound = 1 // doctor found a problem, or the test of an account failed
	exitUsage = 2 // the arguments make no sense, or the command failed
)

// IO is the input, output and environment of a command.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
	Environ  []string
	Terminal bool // a person sits at In and Err
	OutTTY   bool // Out is a terminal
	// ReadSecret asks for a secret without showing it.
	ReadSecret func(prompt string) (string, error)
	// RestoreTerminal makes the terminal as it was before a ReadSecret that has not ended. It may be nil.
	RestoreTerminal func()
	// OpenURL opens a page with the browser of this computer, of which command is the command line or empty; nil if there is none.
	OpenURL func(ctx context.Context, command, address string) error
	Updates settings.Updates
}

// Process returns the IO of this process.
func Process() IO {
	stdin, stderr := int(os.Stdin.Fd()), int(os.Stderr.Fd())
	before, _ := term.GetState(stdin) // it fails if this is no terminal
	return IO{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Environ: os.Environ(),
		Terminal: term.IsTerminal(stdin) && term.IsTerminal(stderr),
		OutTTY:   term.IsTerminal(int(os.Stdout.Fd())),
		ReadSecret: func(prompt string) (string, error) {
			fmt.Fprint(os.Stderr, model.SafeLine(prompt))
			secret, err := readSecret(stdin)
			fmt.Fprintln(os.Stderr)
			return string(secret), err
		},
		RestoreTerminal: func() {
			if before != nil {
				_ = term.Restore(stdin, before) // the command is about to end
			}
		},
		OpenURL: browser.Open,
	}
}

// Supervise runs the hidden mode that owns a script's processes, if args ask for it, and returns its exit code; otherwise
// asked is false. A program's main calls it before anything else, because each step waits for it to start.
func Supervise(args []string, number, commit string) (exit int, asked bool) {
	if !supervisor.Requested(args) {
		return 0, false
	}
	return supervisor.Main(supervisor.Build(number, commit)), true
}

// Main runs the command line and returns its exit code. number and commit are the version of the program.
func Main(ctx context.Context, stdio IO, args []string, number, commit string) int {
	// Before anything secret is read, since another program of the same user could be waiting for it.
	unprotected := app.Harden()
	c := &cli{IO: stdio, version: app.NewVersion(number, commit), unprotected: unprotected, heeded: &atomic.Bool{}}
	c.giveBackTerminal()
	root := c.root() //nolint:contextcheck // cobra passes the context to the commands
	root.SetArgs(args)
	root.SetOut(stdio.Out)
	root.SetErr(stdio.Err)
	err := root.ExecuteContext(ctx)
	if c.services != nil {
		err = errors.Join(err, c.services.Close()) //nolint:contextcheck // closing must finish even after a cancel
	}
	var exit exitCode
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &exit):
		return int(exit)
	}
	fmt.Fprintln(stdio.Err, c.paint(red, "stepdeck: ")+block(sentence(err)))
	return exitOf(err)
}

// exitOf returns the exit code of a command that failed: another one if a person could have answered what was asked.
func exitOf(err error) int {
	switch model.ErrorCode(err) {
	case runner.CodeUnconfirmed, model.CodePassphraseMissing, codeNotEntered:
		return runner.ExitRefused
	}
	if needsPerson(err) {
		return runner.ExitRefused
	}
	return exitUsage
}

// exitCode is an error that sets the exit code and prints nothing.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// sentence returns an error as it is printed: the sentence, its cause, then the flag or command that helps.
func sentence(err error) string {
	hint := errorHint(err)
	text := withoutWayOut(err, hint)
	if text != "" && !strings.ContainsAny(text[len(text)-1:], ".)?!") && !strings.Contains(text, "\n") {
		text += "."
	}
	if hint != "" {
		text += " " + hint
	}
	return text
}

// withoutWayOut returns an error without what its sentence says last of the way out, if the hint says the same as a command or flag:
// both begin with the same word, such as: Sign in.
func withoutWayOut(err error, hint string) string {
	var known *model.Error
	if hint == "" || !errors.As(err, &known) {
		return err.Error()
	}
	end := strings.LastIndex(known.Sentence, ". ")
	if end < 0 || firstWord(known.Sentence[end+2:]) != firstWord(hint) {
		return err.Error()
	}
	return strings.Replace(err.Error(), known.Sentence, known.Sentence[:end+1], 1)
}

func firstWord(text string) string {
	return strings.TrimRight(strings.Fields(text + " .")[0], ":.")
}

// cli is the state that commands share. Commands that need the services open them.
type cli struct {
	IO
	version  app.Version
	services *app.Services
	noColor  bool
	in       *engine.CommandReader // nil until standard input is read
	heeded   *atomic.Bool          // signals don't end the process: a run or a shell goes on
	secrets  engine.Secrets        // received on standard input

	unprotected error // why programs of the same user can read this process's memory; nil: they can't
}

func (c *cli) open(ctx context.Context) (*app.Services, error) { return c.openServices(ctx, false) }

// openServices opens the services, once. oneConnection is for a command that reads little and must start quickly.
func (c *cli) openServices(ctx context.Context, oneConnection bool) (*app.Services, error) {
	if c.services != nil {
		return c.services, nil
	}
	s, err := app.Open(ctx, app.Options{
		Environ: c.Environ, Version: c.version, MasterKey: c.secrets.MasterKey,
		OneConnection: oneConnection, Ask: c.passphrase(),
		Waiting:    func() { c.say("Waiting for your keychain. It may be asking for something in another window.") },
		Unanswered: func(notice *model.Error) { c.say("%s", notice) },
		Sweeping: func() {
			c.say("Removing what an interrupted run left behind. Whatever remains when this command ends is removed by the next one.")
		},
		Log: slog.New(slog.NewTextHandler(c.Err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return nil, err
	}
	c.services = s
	return s, nil
}

// passphrase asks a person at a terminal for that of the vault; nil if there is nobody to ask. A vault that does not exist yet gets its
// passphrase from the environment only: nobody should invent one in passing.
func (c *cli) passphrase() func(context.Context, secrets.Question) (string, error) {
	if !c.asks() {
		return nil
	}
	return func(_ context.Context, q secrets.Question) (string, error) {
		if q.New {
			return "", nil
		}
		if q.Wrong {
			c.say("%s", c.paint(red, "This is not the passphrase of the vault. Upper and lower case and spaces matter."))
		}
		typed, err := c.ReadSecret("Passphrase of the vault (not shown): ")
		return typed, notEntered(err, "No passphrase was entered, so the vault stays locked.")
	}
}

func (c *cli) getenv(name string) string {
	value, _ := c.lookupEnv(name)
	return value
}

func (c *cli) lookupEnv(name string) (string, bool) {
	for i := len(c.Environ) - 1; i >= 0; i-- {
		key, value, ok := strings.Cut(c.Environ[i], "=")
		if ok && (key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name)) { // COMSPEC is ComSpec there
			return value, true
		}
	}
	return "", false
}

func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "stepdeck",
		Short: "Run AWS CLI scripts as the right identity: this account, that role, this region",
		Long: `Run AWS CLI scripts as the right identity: this account, that role, this region.

Without a command, stepdeck opens its window; with a .stepdeck file it opens the window on the import of that file.`,
		Example: `  stepdeck import website.stepdeck
  stepdeck run Website --environment Staging
  stepdeck runs log 12 --follow`,
		SilenceErrors: true, SilenceUsage: true,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return c.window(cmd.Context(), cmd, args) },
	}
	root.PersistentFlags().BoolVar(&c.noColor, "no-color", false, "print without colours (like NO_COLOR)")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return model.NewError("usage", "%s. See: %s --help", strings.TrimSuffix(err.Error(), "."), cmd.CommandPath())
	})
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(
		c.importCommand(), c.exportCommand(), c.projectsCommand(), c.accountCommand(), c.awsAccountCommand(),
		c.credentialsCommand(), c.packageCommand(),
		c.runCommand(), c.choicesCommand(), c.runsCommand(), c.settingsCommand(), c.doctorCommand(), c.sandboxCommand(), c.schemaCommand(),
		c.versionCommand(),
	)
	root.AddCommand(c.systemCommands()...)
	return root
}

// exactly requires n arguments. what describes them in the error.
func exactly(n int, what string) cobra.PositionalArgs { return between(n, n, what) }

// between requires a number of arguments from least to most. what describes them in the error.
func between(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return model.NewError("usage", "%s takes %s. See: %s --help", cmd.CommandPath(), what, cmd.CommandPath())
		}
		return nil
	}
}

// atLeastOne requires an argument. what describes it in the error.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return model.NewError("usage", "%s takes %s. See: %s --help", cmd.CommandPath(), what, cmd.CommandPath())
		}
		return nil
	}
}

// group returns a command that does nothing but contain others. example shows some of them.
func group(use, short, example string, children ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Example: example, RunE: func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		names := make([]string, 0, len(cmd.Commands()))
		for _, sub := range cmd.Commands() {
			names = append(names, sub.Name())
		}
		return model.NewError("usage", "%s has no command %q. Choose one of: %s.", cmd.CommandPath(), args[0], strings.Join(names, ", "))
	}}
	cmd.AddCommand(children...)
	return cmd
}
