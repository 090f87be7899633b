package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/terminal"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// shellFlags are the flags of account shell and account terminal.
type shellFlags struct {
	use   useFlags
	shell string

	pause      bool
	dataFolder string // empty: as the environment has it
}

func (f *shellFlags) declare(cmd *cobra.Command) {
	f.use.declare(cmd)
	cmd.Flags().StringVar(&f.shell, "shell", "", "path of the shell; without it your usual one")
}

func (c *cli) accountShell() *cobra.Command {
	var f shellFlags
	cmd := &cobra.Command{
		Use: "shell NAME [-- COMMAND…]", Short: "Start a shell, or a command, that uses an account",
		Long: `Start a shell, or a command, whose programs use an account: aws, every SDK, and what is made with them.

They ask this command for keys over a loopback address that ends with the shell, and so have fresh ones however long it
is open. No key is in the environment, an argument, a file or the shell's history. Other AWS identities of this terminal
(profiles, keys in variables) are hidden meanwhile. The prompt and the title show the account.`,
		Example: `  stepdeck account shell Website
  stepdeck account shell Website --role arn:aws:iam::123456789012:role/deployer --region eu-west-1
  stepdeck account shell Website --confirm Website-prod -- aws s3 ls`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 && cmd.ArgsLenAtDash() != 1 {
				return model.NewError("usage", "A command stands after --, such as: %s NAME -- aws s3 ls", cmd.CommandPath())
			}
			return atLeastOne("the name of the account")(cmd, args)
		},
		ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.dataFolder != "" { // for what is started here, too
				c.Environ = append(slices.Clone(c.Environ), "STEPDECK_HOME="+f.dataFolder)
			}
			err := c.shell(cmd.Context(), args[0], args[1:], f)
			if exit := exitCode(0); f.pause && err != nil && !errors.As(err, &exit) {
				c.pause(err)
				return exitCode(exitUsage)
			}
			return err
		},
	}
	f.declare(cmd)
	f.use.declareCodes(cmd)
	cmd.Flags().BoolVar(&f.pause, "pause", false, "wait after an error, so that it can be read before the window closes")
	cmd.Flags().StringVar(&f.dataFolder, terminal.DataFolderFlag, "", "the data folder, in a terminal that has its own environment")
	_ = cmd.Flags().MarkHidden("pause")
	_ = cmd.Flags().MarkHidden(terminal.DataFolderFlag)
	return cmd
}

// pause shows why a shell did not start until the person has read it.
func (c *cli) pause(err error) {
	fmt.Fprintln(c.Err, c.paint(red, "stepdeck: ")+block(sentence(err)))
	if c.Terminal {
		fmt.Fprint(c.Err, "Press Enter to close this window. ")
		_, _ = readLine(c.In) // whatever ends the wait
	}
}

// shell runs a command, or a shell if there is none, as an account. It returns the exit code of either.
func (c *cli) shell(ctx context.Context, name string, command []string, f shellFlags) (err error) {
	s, a, err := c.accountNamed(ctx, name)
	if err != nil {
		return err
	}
	served, err := c.serve(ctx, s, a, f.use)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, served.Close()) }()
	folder, err := s.Data().CreateShellFolder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, runner.RemoveWorkspace(context.WithoutCancel(ctx), folder)) }()
	environ, err := served.Environ(c.Environ, runner.PrivateFolder(folder))
	if err != nil {
		return err
	}
	if len(command) > 0 {
		return c.runHere(terminal.Shell{Path: command[0], Args: command[1:]}, environ)
	}
	shell, err := terminal.Prepare(c.chosenShell(f.shell), shellMark(a, served), folder)
	if err != nil {
		return err
	}
	c.welcome(a, served)
	return c.runHere(shell, environ)
}

func (c *cli) chosenShell(given string) string {
	if given != "" {
		return given
	}
	return terminal.DefaultShell(c.getenv)
}

// shellMark is what the prompt shows: the account, and the AWS account that it acts in.
func shellMark(a model.Account, s *runner.Served) string {
	return terminal.Mark(a.Name) + "@" + terminal.Mark(s.Account.Title())
}

// welcome says who the shell's programs are.
func (c *cli) welcome(a model.Account, s *runner.Served) {
	text := fmt.Sprintf("%s in AWS account %s", a.Name, s.Account)
	if c.OutTTY {
		_, _ = io.WriteString(c.Err, terminal.Title(text)) // a title is no loss
	}
	if s.Identity.Sandbox {
		text = "SANDBOX: " + text
	}
	c.say("Programs in this shell are %s, as %s. Leave it with: exit", model.SafeLine(text), s.Identity.ARN)
}

// runHere runs a program in this terminal. The person's signals are for the program alone: this command has to outlive it.
func (c *cli) runHere(shell terminal.Shell, environ []string) error {
	path, err := exec.LookPath(shell.Path)
	if err != nil {
		return model.NewError("account.shell.program", "The program %q can't be started. Check its name.", shell.Path).Because(err)
	}
	cmd := exec.Command(path, shell.Args...) //nolint:noctx // only the person ends it
	cmd.Env = slices.Concat(environ, shell.Env)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.In, c.Out, c.Err
	passed := make(chan os.Signal, 1)
	signal.Notify(passed, stopSignals()...)
	defer signal.Stop(passed)
	c.heeded.Store(true)
	defer c.heeded.Store(false)
	if err := cmd.Start(); err != nil {
		return model.NewError("account.shell.program", "The program %q can't be started. Check its name.", shell.Path).Because(err)
	}
	err = cmd.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return exitCode(max(ended.ExitCode(), exitFound)) // -1 after a signal
	}
	return err
}

// serve lets programs use an account. It asks for what that needs.
func (c *cli) serve(ctx context.Context, s *app.Services, a model.Account, f useFlags) (served *runner.Served, err error) {
	err = c.used(ctx, s, a, f, func(u runner.Use) error {
		served, err = s.Accounts().Serve(ctx, u)
		return err
	})
	if served != nil {
		c.warn(served.Notices)
	}
	return served, err
}

func (c *cli) accountTerminal() *cobra.Command {
	var f shellFlags
	cmd := &cobra.Command{
		Use: "terminal NAME", Short: "Open a terminal that uses an account",
		Long: `Open a new terminal window whose programs use an account, as those of account shell do. It asks there for what is
needed: a sign-in, a code of an MFA device, the confirmation of a protected AWS account.`,
		Example:           `  stepdeck account terminal Website`,
		Args:              exactly(1, "the name of the account"),
		ValidArgsFunction: c.complete(firstArg(completeAccounts)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.use.check(); err != nil {
				return err
			}
			s, a, err := c.accountNamed(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			program, err := os.Executable()
			if err != nil {
				return model.NewError("account.terminal.program", "Stepdeck can't find out where its command is.").Because(err)
			}
			words := terminal.Command(program, s.Data().Dir(), f.shellOf(a.Name))
			err = terminal.Open(a.Name, words, c.Environ, c.getenv)
			if model.ErrorCode(err) == terminal.CodeNoDisplay {
				return hinted{err, fmt.Sprintf("Use this terminal instead: stepdeck account shell %q", a.Name)}
			}
			return err
		},
	}
	f.declare(cmd)
	return cmd
}

// shellOf describes the shell of a new terminal.
func (f shellFlags) shellOf(account string) terminal.As {
	return terminal.As{Account: account, Roles: f.use.roles, Confirm: f.use.confirm, Region: f.use.region, Shell: f.shell}
}
