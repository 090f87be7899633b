package settings

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/app/settings"
)

func TestUpdatesAreLookedForWhenAsked(t *testing.T) {
	r := newRig(t, wide, "linux")
	answer, failure, opened := settings.Update{}, error(nil), ""
	r.place.deps.Newest = func(context.Context) (settings.Update, error) { return answer, failure }
	r.place.deps.OpenPage = func(page string) error { opened = page; return nil }
	u := r.place.updates
	look := func(want string) {
		t.Helper()
		test.Tap(u.now)
		r.Until(want, func() bool { return u.result.Text() == want && !u.now.Disabled() })
	}
	answer = settings.Update{Newest: "0.1.0"}
	look("Stepdeck is up to date.")
	answer = settings.Update{Newest: "0.2.0", Newer: true, Page: "https://github.com/stepdeck/stepdeck/releases/tag/v0.2.0"}
	look("Stepdeck 0.2.0 is out.")
	test.Tap(u.page)
	if opened != answer.Page {
		t.Errorf("opened %q", opened)
	}
	failure = errors.New("no network")
	look("no network")
}

func TestDailyLookIsOffUntilItIsWanted(t *testing.T) {
	r := newRig(t, wide, "linux")
	u := r.place.updates
	if u.daily.Checked || r.all.Settings().Now().Kept()[settings.UpdatesCheck] != "" {
		t.Fatal("it is on by itself")
	}
	test.Tap(u.daily)
	r.Until("on", func() bool { return r.all.Settings().Now().Get(settings.UpdatesCheck) == "on" })
	test.Tap(u.daily)
	r.Until("off", func() bool { return r.all.Settings().Now().Get(settings.UpdatesCheck) == "off" })
}
