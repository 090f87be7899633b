package accounts

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/region"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// The sources besides the known portals.
const (
	sourceProfiles  = "profiles"
	sourceNewPortal = "new"
)

// knownPortals returns the portals of sign-ins and of accounts, each once.
func knownPortals(accounts []model.Account, signIns []model.SignIn) []model.SignIn {
	var list []model.SignIn
	add := func(s model.SignIn) {
		if s.Kind == model.KindIdentityCenter && !slices.ContainsFunc(list, func(had model.SignIn) bool { return had.Key == s.Key }) {
			list = append(list, s)
		}
	}
	for _, s := range signIns {
		add(s)
	}
	for _, a := range accounts {
		add(model.SignIn{Key: a.SignInKey(), Kind: a.Kind, Name: a.StartURL, Region: a.SignInRegion, Endpoint: a.Endpoint})
	}
	return list
}

func (m *addMany) makeParts() {
	k := m.form.Keys
	options := []control.Option{{Value: sourceProfiles, Label: lang.L("AWS profiles of ~/.aws")}}
	for _, s := range m.portals {
		options = append(options, control.Option{Value: s.Key, Label: lang.L("IAM Identity Center: {{.Portal}}",
			map[string]any{"Portal": portalHost(s.Name) + " · " + s.Region})})
	}
	options = append(options, control.Option{Value: sourceNewPortal, Label: lang.L("IAM Identity Center: another access portal…")})
	m.source = control.NewSelect(k, options...)
	m.source.OnChosen = m.chooseSource
	m.startURL = control.NewEntry(k)
	m.startURL.SetPlaceHolder("https://d-1234567890.awsapps.com/start")
	m.signInRegion = region.NewPicker(k)
	m.region = region.NewPicker(k)
	m.region.OnChanged = func(string) { m.regionTyped = true }
	m.signIn = newSignInLine(m.deps, k, m.portalAccount)
	m.signIn.ready, m.signIn.onChanged = m.readyToSignIn, m.follow
	m.signIn.onSignIn = func() { m.portal.key = "" }
	m.startURL.OnChanged = func(string) { m.follow() }
	m.signInRegion.OnChanged = func(string) {
		m.presetRegion()
		m.follow()
	}
	m.portal = portal{signIns: m.deps.SignIns, changed: m.listRoles}
	m.pattern = control.NewEntry(k)
	m.pattern.OnChanged = func(string) { m.form.Left("pattern") }
	m.filter = control.NewEntry(k)
	m.filter.SetPlaceHolder(lang.L("Filter"))
	m.filter.OnChanged = m.filterBy
	m.filter.OnKey = m.fromFilter
	m.all = control.NewButton(k, lang.L("All"), func() { m.tickAll(true) })
	m.none = control.NewButton(k, lang.L("None"), func() { m.tickAll(false) })
	m.count = widget.NewLabel("")
	m.count.Importance = widget.LowImportance
	filter := container.NewGridWrap(fyne.NewSize(260, m.filter.MinSize().Height), m.filter)
	m.tools = container.NewHBox(filter, m.all, m.none, layout.NewSpacer(), m.count)
}

func (m *addMany) filterBy(text string) {
	m.table.SetFilter(text)
	m.showRows()
}

// fromFilter moves from the filter to the rows. Enter does so too, rather than adding accounts that are filtered out of sight.
func (m *addMany) fromFilter(ev *fyne.KeyEvent) bool {
	if ev.Name != fyne.KeyDown && ev.Name != fyne.KeyReturn && ev.Name != fyne.KeyEnter {
		return false
	}
	m.deps.Window.Canvas().Unfocus()
	m.table.Focus(m.deps.Window)
	return true
}

// placeholders are the names that the pattern may have between braces.
func (m *addMany) placeholders() []string {
	if m.source.Value() == sourceProfiles {
		return []string{"profile"}
	}
	return []string{"account", "id", "role"}
}

// chooseSource shows what a source has.
func (m *addMany) chooseSource(source string) {
	m.source.SetValue(source)
	m.form.Field("startUrl").SetVisible(source == sourceNewPortal)
	m.form.Field("signInRegion").SetVisible(source == sourceNewPortal)
	m.form.Field("region").SetVisible(source != sourceProfiles)
	m.regionTyped = false
	m.presetRegion()
	m.form.Field("pattern").SetHelp(lang.L("A pattern with {{.Parts}}; the list shows the names that it makes.",
		map[string]any{"Parts": "{" + strings.Join(m.placeholders(), "}, {") + "}"}))
	m.form.Quietly(func() {
		m.pattern.SetText("{account}-{role}")
		if source == sourceProfiles {
			m.pattern.SetText("{profile}")
		}
		m.filter.SetText("")
	})
	m.form.Validate()
	m.profiles.Cancel()
	m.follow()
	if source == sourceProfiles {
		m.loadProfiles()
	}
}

// presetRegion proposes the region of the portal for its accounts, until the person names another.
func (m *addMany) presetRegion() {
	if m.regionTyped {
		return
	}
	m.form.Quietly(func() { m.region.SetText(m.portalAccount().SignInRegion) })
	m.regionTyped = false
}

// regionText is the region of the accounts of a portal, empty for profiles.
func (m *addMany) regionText() string {
	if m.source.Value() == sourceProfiles {
		return ""
	}
	return strings.TrimSpace(m.region.Text)
}

// setRows shows new rows.
func (m *addMany) setRows(rows []*candidate) {
	m.rows = rows
	m.nameRows()
	setVisible(m.tools, len(rows) > 0)
	m.form.Field("pattern").SetVisible(len(rows) > 0)
	m.tell()
}

// loadProfiles lists the profiles by their names, and says what each is once it is known: with a thousand of them that takes seconds.
func (m *addMany) loadProfiles() {
	m.setRows(nil)
	m.stage.Loading()
	async.Load(&m.profiles, m.deps.SignIns.ProfileNames, func(names []string, err error) {
		switch {
		case err != nil:
			m.stage.Error(err, m.loadProfiles)
		case len(names) == 0:
			m.stage.Empty(lang.L("There are no profiles in ~/.aws on this computer."),
				lang.L("Choose an access portal of IAM Identity Center, or make profiles with the AWS CLI first."))
		default:
			m.setRows(ofNames(names, m.had))
			m.describeProfiles()
		}
	})
}

// describeProfiles reads what the listed profiles are. Those that can't be used lose their ticks.
func (m *addMany) describeProfiles() {
	async.Load(&m.profiles, m.deps.SignIns.Profiles, func(list []model.Profile, err error) {
		if err != nil {
			m.stage.Error(err, m.loadProfiles)
			return
		}
		ticked := map[string]bool{}
		for _, c := range m.rows {
			ticked[c.account.Profile] = c.ticked
		}
		rows := ofProfiles(list, m.had)
		for _, c := range rows {
			c.ticked = ticked[c.account.Profile] && c.err == nil
		}
		m.setRows(rows)
	})
	m.tell() // nothing is added before it is known whether it can be used
}

// portalAccount returns an account of the portal that is chosen, without an AWS account; the zero value if profiles are.
func (m *addMany) portalAccount() model.Account {
	a := model.Account{Kind: model.KindIdentityCenter}
	switch source := m.source.Value(); source {
	case sourceProfiles:
		return model.Account{}
	case sourceNewPortal:
		a.StartURL, a.SignInRegion = strings.TrimSpace(m.startURL.Text), strings.TrimSpace(m.signInRegion.Text)
	default:
		for _, s := range m.portals {
			if s.Key == source {
				a.StartURL, a.SignInRegion, a.Endpoint = s.Name, s.Region, s.Endpoint
			}
		}
	}
	return a
}

func (m *addMany) readyToSignIn(then func(model.Account)) {
	m.form.Settle()
	a := m.portalAccount()
	ready := true
	for _, p := range a.Check() {
		if p.Field == "startUrl" || p.Field == "signInRegion" {
			m.form.Explain(p.Field, p.Err)
			ready = false
		}
	}
	if ready {
		then(a)
	}
}

// follow shows the sign-in of the portal that is chosen, and what it leads to.
func (m *addMany) follow() {
	a := m.portalAccount()
	m.signIn.update()
	signedIn := a.SignsIn() && m.signIn.signedIn()
	m.form.Field(signInPath).SetVisible(signedIn)
	m.portal.follow(a, signedIn)
	if a.SignsIn() && !signedIn {
		m.listRoles()
	}
}

// listRoles shows the roles of the portal that is chosen, or why there are none.
func (m *addMany) listRoles() {
	a := m.portalAccount()
	if !a.SignsIn() {
		return
	}
	if !m.portal.read || len(m.portal.roles) == 0 {
		m.setRows(nil)
	}
	switch {
	case m.signIn.err != nil:
		m.stage.Error(m.signIn.err, m.signIn.reload)
	case m.portal.err != nil:
		m.stage.Error(m.portal.err, func() { m.portal.reload(a, a.SignInKey()) })
	case !m.signIn.read || m.portal.load.Busy():
		m.stage.Loading()
	case !m.signIn.signedIn():
		m.stage.Empty(lang.L("Not signed in"), lang.L("Sign in to list the AWS accounts and roles that this access portal offers you."),
			control.NewButton(m.form.Keys, lang.L("Sign in"), m.signIn.signIn).Important())
	case len(m.portal.roles) == 0:
		m.stage.Empty(lang.L("The access portal offers you no AWS account."), lang.L("Ask its administrator for one."))
	default:
		m.setRows(ofRoles(a, m.portal.roles, m.had))
	}
}
