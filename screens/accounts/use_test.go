package accounts

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// fakeElsewhere records what was opened, and answers each attempt with the next of the errors.
type fakeElsewhere struct {
	mu       sync.Mutex
	terminal []runner.Use
	console  []runner.Use
	codes    []string
	service  string
	errors   []error
	slow     func(ctx context.Context, opening func()) error // nil: it answers at once
}

func (e *fakeElsewhere) next() error {
	if len(e.errors) == 0 {
		return nil
	}
	err := e.errors[0]
	e.errors = e.errors[1:]
	return err
}

func (e *fakeElsewhere) OpenTerminal(_ context.Context, u runner.Use) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.terminal = append(e.terminal, u)
	return e.next()
}

func (e *fakeElsewhere) OpenConsole(ctx context.Context, u runner.Use, service string, opening func(model.Identity, time.Duration),
) (model.Identity, error) {
	as := model.Identity{ARN: "arn:aws:sts::123456789012:assumed-role/deployer/me"}
	if e.slow != nil {
		return as, e.slow(ctx, func() { opening(as, time.Minute) })
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.console, e.service = append(e.console, u), service
	if u.Ask != nil {
		code, _ := u.Ask(ctx, "device", nil)
		e.codes = append(e.codes, code)
	}
	return as, e.next()
}

func newUse(t *testing.T, protected bool) (*rig, *fakeElsewhere, *useSheet) {
	t.Helper()
	e := &fakeElsewhere{}
	a := key("Website", exampleID)
	a.Region = "eu-west-1"
	r := newRigWith(t, small, func(d *Deps) { d.Elsewhere = e }, a)
	prod := model.AWSAccount{ID: "123456789012", Label: "Website-prod", Colour: "red", Protected: protected}
	if err := r.store.SaveAWSAccount(t.Context(), prod); err != nil {
		t.Fatal(err)
	}
	if err := r.store.SetVerified(t.Context(), r.account("Website").ID, verification()); err != nil {
		t.Fatal(err)
	}
	r.place.reload()
	r.Until("the AWS account", func() bool { return len(r.place.known) == 1 && !r.place.load.Busy() })
	r.place.table.Select(func(a model.Account) bool { return a.Name == "Website" })
	if r.place.elsewhere.Disabled() {
		t.Fatal("the account can't be used elsewhere")
	}
	r.place.elsewhere.OnTapped()
	return r, e, r.place.using
}

func TestOpenATerminalAndTheConsole(t *testing.T) {
	r, e, s := newUse(t, false)
	if s.who.Text != "Acts in 123456789012 Website-prod" || s.form.Field("confirm").Visible() {
		t.Errorf("it says %q", s.who.Text)
	}
	s.openTerminal.OnTapped()
	r.Until("the terminal", func() bool { return !s.work.Busy() })
	if len(e.terminal) != 1 || e.terminal[0].Account.Name != "Website" || e.terminal[0].Region != "eu-west-1" || e.terminal[0].Confirm != nil {
		t.Errorf("%+v", e.terminal)
	}
	s.roles.SetText("arn:aws:iam::111111111111:role/a, arn:aws:iam::222222222222:role/b")
	s.service.SetText("s3")
	if s.who.Text != "Acts in 222222222222" {
		t.Errorf("it says %q", s.who.Text)
	}
	s.console()
	r.Until("the console", func() bool { return !s.work.Busy() })
	if want := []string{"arn:aws:iam::111111111111:role/a", "arn:aws:iam::222222222222:role/b"}; !slices.Equal(e.console[0].Roles, want) ||
		e.service != "s3" || s.result.Text() != "The AWS console opens as arn:aws:sts::123456789012:assumed-role/deployer/me." {
		t.Errorf("%+v of %s, %q", e.console, e.service, s.result.Text())
	}
	s.roles.SetText("deployer")
	if !s.openTerminal.Disabled() {
		t.Error("a role that is none can be used")
	}
}

func TestAProtectedAWSAccountIsTypedFirst(t *testing.T) {
	r, e, s := newUse(t, true)
	if !s.openTerminal.Disabled() || !s.form.Field("confirm").Visible() {
		t.Fatal("it opens unasked")
	}
	s.confirm.SetText("Website-dev")
	if s.console(); len(e.console) != 0 || !s.openTerminal.Disabled() {
		t.Error("another label opens it")
	}
	s.confirm.SetText("website-prod")
	if s.openTerminal.Disabled() {
		t.Fatal("its label does not open it")
	}
	s.openTerminal.OnTapped()
	r.Until("the terminal", func() bool { return !s.work.Busy() })
	if len(e.terminal) != 1 || !slices.Equal(e.terminal[0].Confirm, []string{"website-prod"}) {
		t.Errorf("%+v", e.terminal)
	}
	// Another AWS account is not protected.
	s.roles.SetText("arn:aws:iam::111111111111:role/a")
	if s.form.Field("confirm").Visible() || s.openTerminal.Disabled() {
		t.Error("it asks for an AWS account that is not protected")
	}
}

func TestTheConsoleAsksForACode(t *testing.T) {
	r, e, s := newUse(t, false)
	e.errors = []error{model.NewError(model.CodeMFANeeded, "It needs a code.")}
	if s.form.Field("code").Visible() {
		t.Fatal("it asks for a code that may not be needed")
	}
	s.console()
	r.Until("the answer", func() bool { return !s.work.Busy() })
	if !s.form.Field("code").Visible() || s.result.Text() != "It needs a code." {
		t.Fatalf("no code is asked for: %s", s.result.Text())
	}
	s.code.SetText("123456")
	s.console()
	r.Until("the console", func() bool { return !s.work.Busy() })
	if !slices.Equal(e.codes, []string{"123456"}) {
		t.Errorf("codes %q", e.codes)
	}
}

// While nothing answers, the dialog says what it waits for and for how long, and can be stopped.
func TestTheConsoleSaysWhatItWaitsFor(t *testing.T) {
	r, e, s := newUse(t, false)
	goOn := make(chan struct{})
	e.slow = func(ctx context.Context, opening func()) error {
		runner.Telling(ctx)(model.NewError("aws.waiting", "There is no answer from AWS in region eu-west-1 yet."))
		select {
		case <-goOn:
		case <-ctx.Done():
			return ctx.Err()
		}
		opening()
		<-ctx.Done()
		runner.Telling(ctx)(model.NewError("aws.waiting", "It says so too late."))
		return ctx.Err()
	}
	for _, stop := range []func(){s.stop.OnTapped, s.dialog.Close} {
		s.console()
		if s.result.Text() != "Asking AWS who this is…" || !s.openTerminal.Disabled() {
			t.Errorf("it says %q", s.result.Text())
		}
		r.Until("the notice", func() bool { return s.result.Text() == "There is no answer from AWS in region eu-west-1 yet." })
		goOn <- struct{}{}
		r.Until("the browser", func() bool {
			return s.result.Text() == "AWS answered: arn:aws:sts::123456789012:assumed-role/deployer/me. "+
				"Waiting up to 1 minute for the browser to open the AWS console…"
		})
		if stop(); s.work.Busy() || s.openTerminal.Disabled() && s.dialog.Visible() {
			t.Fatal("it can't be stopped")
		}
		if r.Pump(); s.dialog.Visible() && s.result.Text() != "Stopped. You can try again." {
			t.Errorf("after the stop it says %q", s.result.Text())
		}
	}
}
