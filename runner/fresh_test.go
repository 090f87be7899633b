package runner

import (
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

func TestDelivery(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	in := func(d time.Duration) time.Time { return now.Add(d) }
	for name, row := range map[string]struct {
		option  model.Freshness
		kind    model.AccountKind
		expires time.Time
		usual   time.Duration
		want    Delivery
	}{
		"a long-lived key":             {model.FreshAlways, model.KindAccessKey, time.Time{}, time.Hour, Delivery{false, KeysNeverEnd}},
		"a console sign-in":            {model.FreshAuto, model.KindConsole, in(15 * time.Minute), 0, Delivery{true, OfConsole}},
		"a console sign-in, by choice": {model.FreshNever, model.KindConsole, in(15 * time.Minute), time.Hour, Delivery{false, ChosenNever}},
		"nobody knows how long":        {model.FreshAuto, model.KindInstanceRole, in(time.Hour), 0, Delivery{false, UnknownLength}},
		"long enough":                  {model.FreshAuto, model.KindInstanceRole, in(time.Hour), 50 * time.Minute, Delivery{false, LastLonger}},
		"not long enough":              {model.FreshAuto, model.KindInstanceRole, in(time.Hour), 56 * time.Minute, Delivery{true, EndTooEarly}},
		"nearly ended":                 {model.FreshAuto, model.KindInstanceRole, in(time.Minute), time.Second, Delivery{true, EndTooEarly}},
		"always":                       {model.FreshAlways, model.KindInstanceRole, in(time.Hour), 0, Delivery{true, ChosenAlways}},
	} {
		s := resolvedSession{Session: awsenv.Session{Identity: model.Identity{Kind: row.kind, Expires: row.expires}}}
		got := delivery(model.Options{FreshCredentials: row.option}, s, func() time.Duration { return row.usual }, now)
		if got != row.want {
			t.Errorf("%s: %+v, want %+v", name, got, row.want)
		}
	}
}

// A renewal that has begun goes on to its end although the script has ended: it must not touch the log and the row, which are
// closed by then.
func TestARenewalAfterTheEndIsSilent(t *testing.T) {
	f := &freshSession{ended: true} // without a step, whose log it would use
	f.tell(resolvedSession{})
	f.whileRunning(func() { t.Error("the script has ended") })
}

// The window knows of another process's wait by its message only.
func TestWhatAWaitAsksFor(t *testing.T) {
	for _, q := range []Question{SignInNeeded{}, AWSSignIn{}, MFACode{}} {
		_, code := q.(MFACode)
		message := "The step \"S\" waits for somebody to " + Wait{Question: q, Account: model.Account{Name: "A"}}.action() + ", until noon."
		if AsksForCode(message) != code {
			t.Errorf("%T: %s", q, message)
		}
	}
}
