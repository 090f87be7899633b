package settings

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2/test"
)

func TestUpdatesAreLookedForWhenAsked(t *testing.T) {
	r := newRig(t, wide, "linux")
	answer, failure, opened := Release{}, error(nil), ""
	r.place.deps.Newest = func(context.Context) (Release, error) { return answer, failure }
	r.place.deps.OpenPage = func(page string) error { opened = page; return nil }
	u := r.place.updates
	look := func(want string) {
		t.Helper()
		test.Tap(u.now)
		r.Until(want, func() bool { return u.said.Text() == want && !u.now.Disabled() })
	}
	answer = Release{Version: "0.1.0"}
	look("There is no newer version.")
	answer = Release{Version: "0.2.0", Newer: true, Page: "https://github.com/stepdeck/stepdeck/releases/tag/v0.2.0"}
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
	if u.daily.Checked || r.all.Now().IsSet(keyUpdates) {
		t.Fatal("it is on by itself")
	}
	test.Tap(u.daily)
	r.Until("on", func() bool { return r.all.Now().Get(keyUpdates) == "on" })
	test.Tap(u.daily)
	r.Until("off", func() bool { return r.all.Now().Get(keyUpdates) == "off" })
}
