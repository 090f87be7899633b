package command

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// secretsWithin is how long --secrets-stdin waits for the secrets.
const secretsWithin = 10 * time.Second

// secretsFlag adds --secrets-stdin, which makes cmd read its secrets from standard input before it does anything else.
func (c *cli) secretsFlag(cmd *cobra.Command, f *runFlags) {
	cmd.Flags().BoolVar(&f.secretsStdin, "secrets-stdin", false,
		"with --events: wait for the vault's key and for values, as the first command on standard input (see stepdeck schema --of commands)")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		switch {
		case !f.secretsStdin:
			return nil
		case !f.events:
			return model.NewError("usage", "--secrets-stdin only works with --events.")
		}
		if err := engine.NewEncoder(c.Out).Encode(engine.Ready{Build: c.version.Build()}); err != nil {
			return err
		}
		return c.receiveSecrets(cmd.Context())
	}
}

// commands returns the reader of standard input. There is only one, because it reads ahead.
func (c *cli) commands() *engine.CommandReader {
	if c.in == nil {
		c.in = engine.NewCommandReader(c.In)
	}
	return c.in
}

// receiveSecrets waits for the first command, but not forever: the program that should send it may have died.
func (c *cli) receiveSecrets(ctx context.Context) error {
	first := make(chan error, 1)
	var command engine.Command
	go func() {
		var err error
		command, err = c.commands().Next()
		first <- err
	}()
	late := time.NewTimer(secretsWithin)
	defer late.Stop()
	select {
	case err := <-first:
		secrets, ok := command.(engine.Secrets)
		switch {
		case errors.Is(err, io.EOF):
			return model.NewError("run.secrets.ended",
				"Standard input ended before the secrets that --secrets-stdin waits for. Nothing has run.")
		case err != nil:
			return err
		case !ok:
			return model.NewError("run.secrets.first",
				"With --secrets-stdin, the first command on standard input must be the secrets. Nothing has run.")
		}
		c.secrets = secrets
		return nil
	case <-late.C:
		return model.NewError("run.secrets.late",
			"The secrets that --secrets-stdin waits for didn't arrive on standard input within %v. Nothing has run.", secretsWithin)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
