package runner

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

// AskCode asks a person for the code of an MFA device. because is why AWS did not take the last one; nil at first.
type AskCode func(ctx context.Context, device string, because error) (code string, err error)

func (ask AskCode) codes() askCode {
	if ask == nil {
		return nil
	}
	return func(ctx context.Context, q awsenv.CodeQuestion) (string, error) { return ask(ctx, q.Device, q.Because) }
}

// Credentials are keys for programs other than scripts. They print hidden.
type Credentials struct {
	AccessKeyID  string
	SecretKey    string
	SessionToken string    // empty: the key is long-lived
	Expires      time.Time // zero: never
	Notices      []string
}

// Format prints nothing of the keys, whatever the verb.
func (Credentials) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "credentials") }

// LogValue prints as Format does.
func (Credentials) LogValue() slog.Value { return slog.StringValue("credentials") }

// UsableElsewhere returns why the keys of an account are of no use to other programs; nil if they are.
func UsableElsewhere(a model.Account) error {
	if !a.InSandbox() {
		return nil
	}
	return model.NewError("credentials.sandbox",
		"The keys of account %q work only while a run of it goes on. Use one with the URL of a sandbox that is running.", a.Name)
}

// Credentials returns the keys of an account; with an error the notices, which may tell why.
func (r *Runner) Credentials(ctx context.Context, u Use) (Credentials, error) {
	if err := UsableElsewhere(u.Account); err != nil {
		return Credentials{}, err
	}
	session, m, err := r.sessionOf(ctx, u.request(), u.Ask.codes())
	notices := m.notices(session.Notices)
	if err == nil {
		_, err = r.allow(ctx, u, session)
	}
	if err != nil {
		return Credentials{Notices: notices}, err
	}
	keys := session.Credentials()
	return Credentials{
		AccessKeyID: keys.AccessKeyID, SecretKey: keys.SecretAccessKey, SessionToken: keys.Token, Expires: keys.Expiration,
		Notices: notices,
	}, nil
}
