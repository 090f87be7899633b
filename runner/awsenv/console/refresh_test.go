package console_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

func TestTwentyStepsOfThreeHoursRenewEachTokenOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		o := options(s)
		o.Now = time.Now
		kept := signIn(t, s, o) // what the vault holds
		r := refresh.New(refresh.Source[console.Tokens]{
			Load:  func(context.Context) (console.Tokens, error) { return kept, nil },
			Save:  func(_ context.Context, next console.Tokens) error { kept = next; return nil },
			Stale: func(tokens console.Tokens) bool { return tokens.Stale(time.Now()) },
			Renew: func(ctx context.Context, tokens console.Tokens) (console.Tokens, error) {
				return console.Refresh(ctx, o, tokens)
			},
		})
		var steps sync.WaitGroup
		for range 20 {
			steps.Go(func() {
				for range 3 * 60 {
					tokens, err := r.Get(t.Context())
					if err != nil || time.Until(tokens.Expires) < 5*time.Minute {
						t.Errorf("%v, %v", tokens, err)
						return
					}
					time.Sleep(time.Minute)
				}
			})
		}
		steps.Wait()
		if renewals := s.calls - 1; renewals < 16 || renewals > 18 { // every ten to eleven minutes
			t.Errorf("%d renewals", renewals)
		}
	})
}

// Keys that end as they are issued are the last of the sign-in, and no sign of somebody between here and AWS.
func TestKeysWithoutALife(t *testing.T) {
	s := newService(t)
	tokens := signIn(t, s, options(s))
	s.life = 0
	if _, err := console.Refresh(t.Context(), options(s), tokens); model.ErrorCode(err) != model.CodeSignInEnded {
		t.Error(err)
	}
}

func TestProofsOfManyKeysAreVerified(t *testing.T) {
	const address = "https://eu-central-1.signin.aws.amazon.com/v1/token"
	short := 0
	for range 1000 { // one key in 128 has a coordinate that begins with a zero byte
		key, err := console.NewProofKey()
		if err != nil {
			t.Fatal(err)
		}
		if key.X.BitLen() <= 248 || key.Y.BitLen() <= 248 {
			short++
		}
		text, err := console.Proof(key, address, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := newService(t).verifyText(text, address); err != nil {
			t.Fatal(err)
		}
	}
	if short == 0 {
		t.Error("no key of these was short, which is less likely than one in two thousand")
	}
}

func FuzzParsePasted(f *testing.F) {
	f.Add("")
	f.Add(pasted("code", "state"))
	f.Add("Y29kZT0mc3RhdGU9")
	f.Add("\x00=====")
	f.Fuzz(func(t *testing.T, text string) {
		code, _, err := console.ParsePasted(text)
		if (err == nil) != (code != "") {
			t.Errorf("%q: %q, %v", text, code, err)
		}
		if err != nil && len(text) > 12 && strings.Contains(err.Error(), text) {
			t.Errorf("%v quotes what was pasted", err)
		}
	})
}

func FuzzParseIDToken(f *testing.F) {
	f.Add("")
	f.Add("a.b.c")
	for _, subject := range []string{arn, "arn:aws:iam::111122223333:root", "jo", "arn:aws:iam:::x"} {
		f.Add(idToken(subject))
	}
	f.Fuzz(func(t *testing.T, token string) {
		session, account, ok := console.ParseIDToken(token)
		if ok && (len(account) != 12 || !strings.HasPrefix(session, "arn:") || strings.ContainsAny(session, "\x1b\n")) {
			t.Errorf("%q: %q, %q", token, session, account)
		}
	})
}
