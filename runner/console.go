package runner

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

// ConsolePage is a page that signs whoever opens it within 15 minutes in to the AWS console. It prints hidden.
type ConsolePage struct {
	URL      string
	Identity model.Identity
	Account  model.AWSAccount // that it acts in
	Notices  []string
}

// Format prints nothing of the address, whatever the verb.
func (ConsolePage) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "console page") }

// LogValue prints as Format does.
func (ConsolePage) LogValue() slog.Value { return slog.StringValue("console page") }

// ConsolePage returns a page that signs a browser in to the AWS console as an account. service is the word for a service in the
// console's addresses, such as s3; empty for the console's home.
func (r *Runner) ConsolePage(ctx context.Context, u Use, service string) (ConsolePage, error) {
	if u.Account.InSandbox() {
		return ConsolePage{}, model.NewError("console.sandbox",
			"Account %q is in the sandbox of a run, which has no console. Use one with the URL of a sandbox that is running.", u.Account.Name)
	}
	m := r.newMasking(model.Project{}, nil)
	who, err := r.sessionsFor(ctx, u.Account, u.Ask.codes(), m)
	if err != nil {
		return ConsolePage{}, m.err(err)
	}
	defer who.close()
	page, err := r.consolePage(ctx, u, service, who, m)
	return page, m.err(err)
}

func (r *Runner) consolePage(ctx context.Context, u Use, service string, who *sessions, m *masking) (ConsolePage, error) {
	req := u.request()
	req.Console = true
	session, err := who.request(ctx, req)
	page := ConsolePage{Notices: m.notices(session.Notices)} // they may tell why
	if err != nil {
		return page, err
	}
	page.Identity = m.identity(session.Identity)
	if page.Account, err = r.allow(ctx, u, session); err != nil {
		return page, err
	}
	page.URL, err = awsenv.ConsoleURL(ctx, who.network, session, service, r.deps.Now)
	if model.ErrorCode(err) == awsenv.CodeConsoleRefused && u.Account.Kind == model.KindConsole && len(u.Roles) == 0 {
		err = model.NewError("console.signedin", "AWS doesn't open the console with the keys of a sign-in with the console. Open it in "+
			"the browser in which you signed in for account %q, or assume a role.", u.Account.Name)
	}
	return page, err
}
