// Package awslist runs a command of aws that lists something, and reads what it lists: texts, or pairs of a value and a label.
//
// The command is started without a shell. It has a limited time and output, gets no input, and ends with its context together
// with what it started.
package awslist

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Limits of a command.
const (
	Patience   = 30 * time.Second
	MaxChoices = 5000
	MaxValue   = 4 << 10 // bytes: longer values are left out
	MaxText    = 1 << 20 // bytes of all values and labels
	MaxOutput  = 8 << 20 // bytes
)

const (
	longestError = 4 << 10 // of standard error that is kept: its end
	drain        = 2 * time.Second
)

// Request says what to run.
type Request struct {
	Program string                // path of aws
	Choices model.Choices         // whose arguments aws gets
	Environ []string              // whole environment
	Dir     string                // working folder
	Limit   time.Duration         // 0 for Patience
	Mask    func(s string) string // hides secrets in what aws says; nil: nothing is hidden
}

// List is what a command lists.
type List struct {
	Choices []model.Choice
	LeftOut int  // values that a prompt can't offer: they are empty, longer than MaxValue, or have invisible characters or no Unicode
	Cut     bool // there are more than MaxChoices, or more than MaxText of them
}

// Ask runs the command. The error says in words why there is no list.
func Ask(ctx context.Context, r Request) (List, error) {
	if err := checkProgram(r.Program); err != nil {
		return List{}, err
	}
	if r.Limit == 0 {
		r.Limit = Patience
	}
	limited, cancel := context.WithTimeout(ctx, r.Limit)
	defer cancel()
	out, errs := &whole{most: MaxOutput, over: cancel}, &tail{most: longestError}
	cmd := command(limited, r.Program, r.Choices.Arguments()...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = r.Environ, r.Dir, out, errs, drain
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) {
		endRest(cmd)
	}
	switch {
	case out.long:
		return List{}, model.NewError("choices.output", "The answer to “%s” is larger than %d MB. Ask for less, by a query or a filter.",
			r.Choices.CommandLine(), MaxOutput>>20)
	case ctx.Err() != nil:
		return List{}, context.Cause(ctx)
	case limited.Err() != nil:
		return List{}, model.NewError("choices.timeout", "“%s” had not answered after %s. Try again, or type the value.",
			r.Choices.CommandLine(), model.TimeWords(r.Limit))
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return List{}, r.explain(err, errs.said(r.Mask))
	}
	return Decode(out.kept, r.Choices)
}

// explain says why aws failed.
func (r Request) explain(err error, said string) error {
	line := r.Choices.CommandLine()
	var exit *exec.ExitError
	switch {
	case !errors.As(err, &exit):
		return model.NewError("choices.start", "%s can't be started. Check the path of aws in the settings.", r.Program).Because(err)
	case strings.Contains(said, "An error occurred ("):
		return model.NewError("choices.refused", "AWS refused “%s”. Have the permission added, or type the value.", line).
			Because(errors.New(said))
	}
	return model.NewError("choices.failed", "“%s” failed with exit code %d. Correct the command or the query, or type the value.",
		line, exit.ExitCode()).Because(cause(said))
}

func cause(said string) error {
	if said == "" {
		return nil
	}
	return fmt.Errorf("%s", said)
}
