package runner

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

// turn is a request's turn to send the code of an account's MFA device. AWS takes each code once, but a person who is asked by
// several runs has only one: the first to send it keeps the session, which serves the others.
type turn struct {
	sessions *sessions
	account  model.Account
	kept     *awsenv.Kept // that the request knows of
	served   bool         // another request has got a session meanwhile, which is kept now
	unlock   func() error // nil: it is not this request's turn
}

// takeTurns makes a request send a code only when no other does, in this process or in another.
func (s *sessions) takeTurns(req *awsenv.Request) *turn {
	t := &turn{sessions: s, account: req.Account, kept: req.Kept}
	if ask := req.MFA; ask != nil && s.runner.deps.SignIns != nil {
		req.MFA = func(ctx context.Context, q awsenv.CodeQuestion) (string, error) {
			t.end(ctx) // while the person is asked again, others can send
			code, err := ask(ctx, q)
			if err == nil {
				err = t.begin(ctx)
			}
			return code, err
		}
	}
	return t
}

// begin waits until no other request sends a code of the account's device. It is an error if that left a session to use instead.
func (t *turn) begin(ctx context.Context) error {
	var err error
	if t.unlock, err = t.sessions.runner.deps.SignIns.LockKeptKeys(ctx, t.account); err != nil {
		return err
	}
	kept, err := t.sessions.runner.deps.SignIns.KeptKeys(ctx, t.account)
	if err != nil || kept == nil || t.kept != nil && *kept == *t.kept {
		return err
	}
	t.kept, t.served = kept, true
	return model.NewError(model.CodeMFANeeded, "Another run has just used a code of the MFA device of account %q. Try again.", t.account.Name)
}

// end lets others send.
func (t *turn) end(ctx context.Context) {
	if t.unlock == nil {
		return
	}
	if err := t.unlock(); err != nil {
		t.sessions.runner.deps.Log.WarnContext(ctx, "let others send a code", "error", err)
	}
	t.unlock = nil
}
