// Package credentialprocess runs a credential_process command line, as the aws command and the SDKs do, and reads the
// credentials that it prints.
//
// The line is run by the system's shell, as the Go SDK runs it: sh on macOS and Linux, cmd.exe on Windows. Quoting that
// AWS documents means the same there as for the aws command: an argument with spaces stands in double quotes.
package credentialprocess

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"

	"github.com/stepdeck/stepdeck/model"
)

// Limits of a process.
const (
	Patience      = time.Minute // as the SDKs'
	longestOutput = 64 << 10    // credentials have at most a few kilobytes
	longestError  = 4 << 10     // of standard error that is kept: its end
	drain         = 2 * time.Second
)

// Request says what to run.
type Request struct {
	Command string           // the command line, as in credential_process
	For     string           // profile or account that needs it, for errors
	Environ []string         // that the process inherits, without Stepdeck's own variables
	Dir     string           // working folder; empty for the current one
	Timeout time.Duration    // 0 for Patience
	Now     func() time.Time // nil for time.Now
}

// Credentials are what a process printed. They print hidden.
type Credentials struct {
	AccessKeyID  string
	SecretKey    string
	SessionToken string
	AccountID    string    // of AWS; empty if the process doesn't say
	Expires      time.Time // zero: never. Until then the answer can be used again
}

// Format prints nothing of the credentials, whatever the verb.
func (Credentials) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "credentials") }

// LogValue prints as Format does.
func (Credentials) LogValue() slog.Value { return slog.StringValue("credentials") }

// Secrets returns what must be masked.
func (c Credentials) Secrets() []string {
	return slices.DeleteFunc([]string{c.SecretKey, c.SessionToken}, func(s string) bool { return s == "" })
}

// Run runs the process and returns its credentials. The process gets no input, opens no window, and ends with ctx
// together with what it started.
func Run(ctx context.Context, r Request) (Credentials, error) {
	r.Command = strings.TrimSpace(r.Command)
	if r.Command == "" || strings.ContainsRune(r.Command, 0) {
		return Credentials{}, r.error("process.empty", "has no command line to get credentials from. Enter one")
	}
	if err := r.checkChain(); err != nil {
		return Credentials{}, err
	}
	if r.Timeout == 0 {
		r.Timeout = Patience
	}
	p := &running{Request: r, output: &limited{most: longestOutput}, errors: &tail{most: longestError}}
	provider := processcreds.NewProviderCommand(p, func(o *processcreds.Options) { o.Timeout = r.Timeout })
	answer, err := provider.Retrieve(ctx)
	if err != nil {
		return Credentials{}, p.explain(ctx, err)
	}
	return p.read(answer)
}

// running is a process that was started.
type running struct {
	Request
	command *exec.Cmd
	output  *limited
	errors  *tail
	late    bool // it had no more time
}

// NewCommand makes the command for the SDK, which starts it and reads its output.
func (p *running) NewCommand(ctx context.Context) (*exec.Cmd, error) {
	p.command = shell(ctx, p.Command)
	p.command.Env, p.command.Dir = p.environ(), p.Dir
	p.command.Stdout, p.command.Stderr = p.output, p.errors
	p.command.WaitDelay = drain // for what it started and what still holds its output
	stop := p.command.Cancel
	p.command.Cancel = func() error {
		p.late = errors.Is(ctx.Err(), context.DeadlineExceeded)
		return stop()
	}
	return p.command, nil
}

func (p *running) read(answer aws.Credentials) (Credentials, error) {
	c := Credentials{AccessKeyID: answer.AccessKeyID, SecretKey: answer.SecretAccessKey, SessionToken: answer.SessionToken,
		AccountID: answer.AccountID}
	if answer.CanExpire {
		c.Expires = answer.Expires
	}
	now := time.Now
	if p.Now != nil {
		now = p.Now
	}
	if !c.Expires.IsZero() && !now().Before(c.Expires) {
		return Credentials{}, p.error("process.expired", "printed credentials that expired at "+model.LocalTime(c.Expires)+
			". Check this computer's clock, and sign in again where the process gets them")
	}
	return c, nil
}

// error names whom the process is for. The command line is not in it: it can contain a password.
func (r Request) error(code, what string) *model.Error {
	return model.NewError(code, "The credential process of %s %s.", model.SafeQuote(r.For, 200), what)
}
