package runs

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
)

// running records a run of another process whose step waits for somebody.
func (f *fixture) running(a model.Account, message string) model.Run {
	f.t.Helper()
	run := model.Run{Project: "P", Who: "ana", Status: model.Running, Started: time.Now(), Steps: []model.StepRun{{
		Number: 1, Attempt: 1, Step: "S", Status: model.Running, Started: time.Now(), Message: message,
		Identity: model.Identity{Account: a.Name, AccountID: a.ID, Kind: a.Kind},
	}}}
	if err := f.store.CreateRun(f.t.Context(), &run); err != nil {
		f.t.Fatal(err)
	}
	if err := f.store.UpdateStepRun(f.t.Context(), run.Steps[0]); err != nil {
		f.t.Fatal(err)
	}
	return run
}

func (f *fixture) account(a model.Account) model.Account {
	f.t.Helper()
	if err := f.store.SaveAccount(f.t.Context(), &a); err != nil {
		f.t.Fatal(err)
	}
	return a
}

// A run that another process has started waits for a sign-in: its view says so, offers it, and stops saying so when it goes on.
func TestTheViewAsksForWhatARunWaitsFor(t *testing.T) {
	f := open(t, "stepdeck: 1\nproject: P\nsteps: []\n")
	a := f.account(model.Account{Name: "Ann", Kind: model.KindConsole, SignInRegion: "eu-west-1"})
	asked := 0
	f.signIn = func(of model.Account, done func(bool)) {
		asked++
		if of.ID != a.ID {
			t.Errorf("asked for %s", of.Name)
		}
		done(false)
	}
	run := f.running(a, "The step waits for somebody to sign in, until noon.")
	f.place.Open(run.ID)
	w := f.place.view.await
	f.until("the question", func() bool {
		return w.content.Visible() && strings.Contains(f.texts(), "waits for somebody to sign in")
	})
	for range 2 { // given up, it can be asked for again
		f.tap(w.button)
		f.until("the sign-in", func() bool { return !w.busy.Busy() && !w.open })
	}
	if asked != 2 || w.button.Text != "Sign in…" {
		t.Errorf("asked %d times by %q", asked, w.button.Text)
	}
	run.Steps[0].Message = ""
	if err := f.store.UpdateStepRun(t.Context(), run.Steps[0]); err != nil {
		t.Fatal(err)
	}
	f.until("the run to go on", func() bool { return !w.content.Visible() })
}

// For the profile of an account a code can be entered, but only the aws command signs in: the text says how.
func TestTheViewOffersNoSignInOfTheAWSCommand(t *testing.T) {
	for message, offers := range map[string]bool{
		`The step "S" waits for somebody to sign in for account "Dev", until noon. Run aws sso login --profile "dev".`: false,
		`The step "S" waits for somebody to enter a code of the MFA device of account "Dev", until noon.`:              true,
	} {
		f := open(t, "stepdeck: 1\nproject: P\nsteps: []\n")
		a := f.account(model.Account{Name: "Dev", Kind: model.KindProfile, Profile: "dev"})
		f.place.Open(f.running(a, message).ID)
		w := f.place.view.await
		f.until("the text", func() bool { return w.content.Visible() && strings.Contains(f.texts(), "waits for somebody") })
		if w.button.Visible() != offers {
			t.Errorf("%s: offers it: %v", message, w.button.Visible())
		}
	}
}

func TestTheViewAsksForACode(t *testing.T) {
	f := open(t, "stepdeck: 1\nproject: P\nsteps: []\n")
	a := f.account(model.Account{
		Name: "Ann", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE", MFADevice: "arn:aws:iam::123456789012:mfa/ann",
	})
	var codes atomic.Int32
	f.place.deps.EnterCode = func(context.Context, model.Account, string) error {
		if codes.Add(1) == 1 {
			return model.NewError("aws.mfa.code", "AWS doesn't accept the code.")
		}
		return nil
	}
	run := f.running(a, "The step waits for a code.")
	f.place.Open(run.ID)
	w := f.place.view.await
	f.until("the question", func() bool { return w.content.Visible() })
	f.tap(w.button)
	f.until("the dialog", func() bool { return w.open && strings.Contains(f.texts(), "Code for Ann") })
	for i := range 2 {
		test.Type(f.win.Canvas().Focused(), "12345"[:5-i])
		f.press(fyne.KeyReturn)
		f.until("the answer", func() bool { return codes.Load() == int32(i)+1 && !w.busy.Busy() })
		if i == 0 {
			f.says("AWS doesn't accept the code.")
		}
	}
	if w.open || f.win.Canvas().Overlays().Top() != nil {
		t.Error("the dialog stays open")
	}
}
