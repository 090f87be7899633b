package accounts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// manyProfiles returns n profiles, the first of which can't be used.
func manyProfiles(n int) []model.Profile {
	list := make([]model.Profile, n)
	for i := range list {
		list[i] = model.Profile{Name: fmt.Sprintf("profile-%03d", i), About: "IAM Identity Center", Region: "eu-west-1"}
	}
	list[0].Err = errors.New("its source_profile is missing")
	return list
}

func (r *signRig) addMany(profiles ...model.Profile) *addMany {
	r.t.Helper()
	r.signIns.profiles = profiles
	r.place.AddMany()
	r.Until("the profiles", func() bool {
		return r.place.adding.stage.State() != feedback.StateLoading && !r.place.adding.profiles.Busy()
	})
	return r.place.adding
}

// The names are there at once; what they are comes later, and a profile that can't be used loses its tick.
func TestProfilesAreListedBeforeTheyAreKnown(t *testing.T) {
	r := newSignRig(t)
	r.signIns.profiles, r.signIns.described = manyProfiles(3), make(chan struct{})
	r.place.AddMany()
	m := r.place.adding
	r.Until("the names", func() bool { return len(m.table.Rows()) == 3 })
	m.tickAll(true)
	if m.dialog.Confirm != "Add 3 accounts" || candidateCell(m.rows[0]).Muted {
		t.Errorf("it offers %q", m.dialog.Confirm)
	}
	m.confirm()
	if m.save.Busy() {
		t.Error("it adds what may be of no use")
	}
	close(r.signIns.described)
	r.Until("what they are", func() bool { return !m.profiles.Busy() })
	if m.dialog.Confirm != "Add 2 accounts" || m.rows[0].ticked || !m.rows[1].ticked || m.rows[1].account.Region != "eu-west-1" {
		t.Errorf("it offers %q, %+v", m.dialog.Confirm, m.rows[0])
	}
}

func TestThirtyProfilesBecomeAccounts(t *testing.T) {
	r := newSignRig(t, model.Account{Name: "Mine", Kind: model.KindProfile, Profile: "profile-001"})
	m := r.addMany(manyProfiles(32)...)
	if m.dialog.Confirm != "Add" || m.count.Text != "0 of 32 ticked" {
		t.Errorf("at first it offers %q, %q", m.dialog.Confirm, m.count.Text)
	}
	test.Tap(m.all)
	if m.dialog.Confirm != "Add 30 accounts" { // without the broken one, and the one that is there already
		t.Errorf("it offers %q", m.dialog.Confirm)
	}
	m.pattern.SetText("aws {profile}")
	if got := m.table.Rows()[31].account.Name; got != "aws profile-031" {
		t.Errorf("the preview says %q", got)
	}
	m.dialog.Keys.Enter()
	r.Until("the accounts", func() bool { return len(r.place.table.Rows()) == 32 })
	if m.dialog.Visible() || r.place.status.Text() != "30 accounts were added." {
		t.Errorf("open %v, says %q", m.dialog.Visible(), r.place.status.Text())
	}
	if a := r.account("aws profile-031"); a.Kind != model.KindProfile || a.Profile != "profile-031" || a.Region != "eu-west-1" {
		t.Errorf("added %+v", a)
	}
}

// Characters that nobody sees, or that reverse the text around them, show in the name of the account; it finds its profile all the same.
func TestProfileNamesAreMadeSafe(t *testing.T) {
	const hostile = "prod\u202Edeveloper"
	r := newSignRig(t)
	m := r.addMany(model.Profile{Name: hostile, About: "role \u202Eof another"})
	test.Tap(m.all)
	m.dialog.Keys.Enter()
	r.Until("the account", func() bool { return len(r.place.table.Rows()) == 2 })
	if a := r.account("prod\uFFFDdeveloper"); a.Profile != hostile || KindLine(a) != "AWS profile prod\uFFFDdeveloper" {
		t.Errorf("added %+v as %q", a, KindLine(a))
	}
	if c := m.rows[0]; c.from != "prod\uFFFDdeveloper" || c.about != "role \uFFFDof another" {
		t.Errorf("it shows %q, %q", c.from, c.about)
	}
	p := portal{}
	p.setRoles([]model.PortalRole{{AWSID: "123456789012", Account: "a\u202Eb", Email: "c\u202E@d"}})
	if i := p.items[0]; i.Title != "a\uFFFDb" || i.Detail != "123456789012 · c\uFFFD@d" {
		t.Errorf("the portal's account shows as %+v", i)
	}
}

func TestRolesOfAPortalBecomeAccounts(t *testing.T) {
	r := newSignRig(t, portalAccount("Prod"))
	m := r.addMany()
	key := portalAccount("").SignInKey()
	m.source.SetSelected("IAM Identity Center: acme.awsapps.com · eu-west-1")
	if m.source.Value() != key {
		t.Fatalf("the portal of an account is not offered: %q", m.source.Options)
	}
	r.Until("the offer to sign in", func() bool { return m.stage.Message() == "Not signed in" })
	m.signIn.signIn()
	r.Until("the roles", func() bool { return len(m.table.Rows()) == 3 })
	if got := r.signIns.attempts(); !slices.Equal(got, []string{"browser " + key}) {
		t.Errorf("attempts %q", got)
	}
	var rows []string
	for _, c := range m.table.Rows() {
		rows = append(rows, strings.TrimSpace(candidateCell(c).Text+" "+candidateCell(c).Badge))
	}
	if want := []string{"Website-prod-Admin added already", "Website-prod-ReadOnly", "Sandbox-Developer"}; !slices.Equal(rows, want) {
		t.Errorf("rows %q", rows)
	}
	test.Tap(m.all)
	m.dialog.Keys.Enter()
	r.Until("the accounts", func() bool { return len(r.place.table.Rows()) == 4 })
	want := portalAccount("Sandbox-Developer")
	want.AWSID, want.RoleName, want.Region = "210987654321", "Developer", "eu-west-1" // the portal's, until another is chosen
	if changed := uitest.ChangedFields(want, r.account("Sandbox-Developer")); !slices.Equal(changed, []string{"ID"}) {
		t.Errorf("%q differ: %+v", changed, r.account("Sandbox-Developer"))
	}
}

func TestAnotherPortalIsSignedInTo(t *testing.T) {
	r := newSignRig(t)
	m := r.addMany()
	m.chooseSource(sourceNewPortal)
	m.signIn.signIn()
	if m.form.Field("startUrl").Err() == nil || len(r.signIns.attempts()) > 0 {
		t.Error("signs in without a start URL")
	}
	m.startURL.SetText(startURL)
	m.signInRegion.SetText("eu-west-1")
	m.signIn.signIn()
	r.Until("the roles", func() bool { return len(m.table.Rows()) == 3 })
	if m.region.Text != "eu-west-1" {
		t.Errorf("the region is %q", m.region.Text)
	}
	m.region.SetText("nowhere")
	m.signInRegion.SetText("eu-west-2")
	if m.region.Text != "nowhere" || len(m.check()) != 1 || m.check()[0].Field != "region" {
		t.Errorf("the region is %q, wrong is %v", m.region.Text, m.check())
	}
	m.chooseSource(sourceProfiles)
	if m.form.Field("region").Visible() || len(m.check()) > 0 {
		t.Error("profiles are given a region")
	}
	if m.form.Field("startUrl").Visible() || len(m.rows) > 0 {
		t.Error("the portal is still shown")
	}
}

func TestClashingNamesAreRefused(t *testing.T) {
	r := newSignRig(t, key("PROFILE-001", exampleID))
	m := r.addMany(manyProfiles(4)...)
	tick := func(i int) { m.table.OnTicked(m.rows[i]) }
	badge := func(i int) string { return candidateCell(m.rows[i]).Badge }
	tick(0)
	if m.rows[0].ticked || tickCell(m.rows[0]).Tick != table.NoTick {
		t.Error("a broken profile can be ticked")
	}
	tick(1)
	if badge(1) != "name taken" || !strings.HasPrefix(m.result.Text(), "1 ticked account has no name") {
		t.Errorf("a taken name: %q, %q", badge(1), m.result.Text())
	}
	m.dialog.Keys.Enter()
	r.Pump()
	if m.save.Busy() || !m.dialog.Visible() {
		t.Error("it is added nevertheless")
	}
	tick(1)
	tick(2)
	tick(3)
	m.pattern.SetText("same")
	if badge(2) != "same name twice" || badge(3) != "same name twice" || badge(1) != "" {
		t.Errorf("badges %q %q %q", badge(1), badge(2), badge(3))
	}
	m.pattern.SetText("{role}")
	if err := m.form.Field("pattern").Err(); err == nil || !strings.Contains(err.Error(), "Use {profile}") {
		t.Errorf("an unknown part: %v", err)
	}
	m.dialog.Keys.Enter()
	m.pattern.SetText("")
	m.dialog.Keys.Enter()
	r.Pump()
	if m.save.Busy() || !m.dialog.Visible() {
		t.Error("a pattern that makes no names is accepted")
	}
	m.pattern.SetText("{profile}")
	r.signIns.fail = errors.New("the disk is full")
	m.dialog.Keys.Enter()
	r.Until("the reason", func() bool { return m.result.Text() == "the disk is full" })
	if !m.dialog.Visible() || m.dialog.Confirm != "Add 2 accounts" {
		t.Error("after a failure it can't be tried again")
	}
}

func TestAllTicksWhatTheFilterShows(t *testing.T) {
	r := newSignRig(t)
	m := r.addMany(manyProfiles(1000)...)
	test.Type(m.filter, "profile-99")
	test.Tap(m.all)
	if ticked, _ := m.counts(); ticked != 10 || len(m.table.Rows()) != 10 {
		t.Errorf("%d of %d shown rows are ticked", ticked, len(m.table.Rows()))
	}
	m.filter.SetText("")
	if m.count.Text != "10 of 1000 ticked" {
		t.Errorf("says %q", m.count.Text)
	}
	test.Tap(m.none)
	if ticked, _ := m.counts(); ticked != 0 {
		t.Errorf("%d are still ticked", ticked)
	}
}

func TestAddManyByKeyboard(t *testing.T) {
	r := newSignRig(t)
	m := r.addMany(manyProfiles(5)...)
	c := r.window.Canvas()
	c.Focus(m.filter)
	m.filter.TypedKey(uitest.Key(fyne.KeyDown))
	press := func(name fyne.KeyName) { c.Focused().TypedKey(uitest.Key(name)) }
	press(fyne.KeyDown)
	press(fyne.KeyDown)
	press(fyne.KeySpace)
	if ticked, _ := m.counts(); ticked != 1 || !m.rows[1].ticked {
		t.Errorf("%d are ticked", ticked)
	}
	press(fyne.KeyEscape)
	if !m.dialog.Visible() || len(c.Overlays().List()) != 2 {
		t.Fatal("Escape loses ticks without asking")
	}
	c.OnTypedKey()(uitest.Key(fyne.KeyEscape)) // keep editing
	press(fyne.KeySpace)
	press(fyne.KeyEscape)
	if m.dialog.Visible() {
		t.Error("Escape does not close the dialog")
	}
}

func TestAddManyExplainsWhyThereIsNothing(t *testing.T) {
	r := newSignRig(t)
	if m := r.addMany(); m.stage.State() != feedback.StateEmpty || m.tools.Visible() {
		t.Errorf("without profiles: %v", m.stage.Message())
	}
	r.place.adding.dialog.Close()
	r.signIns.fail = errors.New("~/.aws/config can't be read")
	m := r.addMany()
	if m.stage.Message() != "~/.aws/config can't be read" {
		t.Errorf("says %q", m.stage.Message())
	}
	r.signIns.add(signedInFor(portalAccount("")))
	m.signIn.reload()
	m.chooseSource(sourceNewPortal)
	m.startURL.SetText(startURL)
	m.signInRegion.SetText("eu-west-1")
	r.Until("the failure of the portal", func() bool { return m.portal.err != nil && m.stage.State() == feedback.StateError })
	r.signIns.fail, r.signIns.roles = nil, nil
	m.portal.reload(m.portalAccount(), m.portalAccount().SignInKey())
	r.Until("the empty portal", func() bool { return m.stage.Message() == "The access portal offers you no AWS account." })
}

func TestFillPattern(t *testing.T) {
	values := map[string]string{"account": "Website-prod", "role": "Admin", "id": "123456789012"}
	for pattern, want := range map[string]string{
		"{account}-{role}": "Website-prod-Admin", " {id} ": "123456789012", "fixed": "fixed", "{account": "{account", "}{role}{": "}Admin{",
	} {
		if got := fillPattern(pattern, placeholder.FindAllStringIndex(pattern, -1), values); got != want {
			t.Errorf("%q: %q, want %q", pattern, got, want)
		}
	}
}

// BenchmarkAddManyThousand changes the pattern and a tick among 1,000 roles, as typing and a tap do.
func BenchmarkAddManyThousand(b *testing.B) {
	var list []*candidate
	for i := range 1000 {
		values := map[string]string{"account": fmt.Sprintf("Account %d", i), "role": "AdministratorAccess"}
		list = append(list, &candidate{values: values, ticked: true})
	}
	for i := 0; b.Loop(); i++ {
		nameAll(list, fmt.Sprint("{account}-{role}-", i), nil)
	}
}

// A filter that leaves nothing says so, and how to get the rows back; the ticks stay.
func TestAFilterWithoutRowsSaysSo(t *testing.T) {
	r := newSignRig(t)
	m := r.addMany(manyProfiles(5)...)
	test.Tap(m.all)
	m.filter.SetText("profile-004")
	if m.stage.State() != feedback.StateReady || len(m.table.Rows()) != 1 {
		t.Errorf("%d rows, state %v", len(m.table.Rows()), m.stage.State())
	}
	m.filter.SetText("nobody has this")
	if m.stage.State() != feedback.StateEmpty || m.stage.Message() != "Nothing matches “nobody has this”." {
		t.Errorf("it says %q", m.stage.Message())
	}
	if m.dialog.Confirm != "Add 4 accounts" {
		t.Errorf("it offers %q", m.dialog.Confirm)
	}
	m.clearFilter()
	if m.stage.State() != feedback.StateReady || len(m.table.Rows()) != 5 || r.window.Canvas().Focused() != fyne.Focusable(m.filter) {
		t.Errorf("%d rows after the filter is cleared", len(m.table.Rows()))
	}
}
