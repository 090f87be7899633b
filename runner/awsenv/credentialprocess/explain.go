package credentialprocess

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// explain says why there are no credentials. The SDK's error is never its cause: it can quote the output.
func (p *running) explain(ctx context.Context, err error) error {
	var exit *exec.ExitError
	text := err.Error()
	switch {
	case ctx.Err() != nil && !p.late:
		return p.error("aws.stopped", "was ended before it had answered").Because(context.Cause(ctx))
	case p.late, errors.Is(err, context.DeadlineExceeded):
		return p.error("process.timeout",
			fmt.Sprintf("had not answered after %s. Run it in a terminal: it may be waiting for an answer", model.TimeWords(p.Timeout))).
			Because(p.heard())
	case p.output.long:
		return p.error("process.output.long", fmt.Sprintf("prints more than %d KB. It must print credentials as JSON, and nothing else",
			longestOutput>>10))
	case errors.As(err, &exit):
		return p.failed(exit.ExitCode())
	case errors.Is(err, exec.ErrWaitDelay):
		return p.error("process.output.open", "left a program behind that keeps its output open. Let it close the output")
	case strings.Contains(text, "wrong version"):
		return p.error("process.version", "prints another version of the format than 1. Update it, or let it print version 1")
	case strings.Contains(text, "missing "):
		return p.error("process.incomplete", "prints no AccessKeyId or no SecretAccessKey. Run it in a terminal and see what is missing")
	case strings.Contains(text, "parse failed"):
		return p.error("process.output.form", "prints something other than credentials as JSON. Run it in a terminal and see what").
			Because(p.heard())
	}
	return p.error("process.start", "can't be started. Check the command line and the working folder").Because(startError(err))
}

func (p *running) failed(code int) error {
	if code == notFound {
		return p.error("process.missing", "names a program that is not there. Enter its full path, in double quotes if it has spaces").
			Because(p.heard())
	}
	return p.error("process.failed", fmt.Sprintf("failed with exit code %d. Run it in a terminal and see why", code)).Because(p.heard())
}

// heard returns what the process said on standard error, or nil.
func (p *running) heard() error {
	if text := p.errors.said(); text != "" {
		return errors.New(text)
	}
	return nil
}

// startError returns why the shell was not started.
func startError(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}
