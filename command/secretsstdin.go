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

// secretsWithin is how long the secrets that --secrets-stdin promises may take to come.
const secretsWithin = 10 * time.Second

// secretsFlag lets cmd take its secrets from standard input, before anything else is done.
func (c *cli) secretsFlag(cmd *cobra.Command, f *runFlags) {
	cmd.Flags().BoolVar(&f.secretsStdin, "secrets-stdin", false,
		"with --events: wait for the vault's key and for values as the first command on standard input (see stepdeck schema --of commands)")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		switch {
		case !f.secretsStdin:
			return nil
		case !f.events:
			return model.NewError("usage", "--secrets-stdin goes with --events.")
		}
		return c.receiveSecrets(cmd.Context())
	}
}

// commands gives the reader of standard input, of which there is one: it reads ahead.
func (c *cli) commands() *engine.CommandReader {
	if c.in == nil {
		c.in = engine.NewCommandReader(c.In)
	}
	return c.in
}

// receiveSecrets waits for the first command. Whoever promised it may have died: the wait has an end.
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
				"Standard input ended before the secrets came that --secrets-stdin promises. Nothing has run.")
		case err != nil:
			return err
		case !ok:
			return model.NewError("run.secrets.first",
				"The first command on standard input must be the secrets that --secrets-stdin promises. Nothing has run.")
		}
		c.secrets = secrets
		return nil
	case <-late.C:
		return model.NewError("run.secrets.late",
			"The secrets that --secrets-stdin promises did not come on standard input within %v. Nothing has run.", secretsWithin)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
