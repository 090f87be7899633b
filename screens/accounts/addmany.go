package accounts

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// addMany is the dialog that makes accounts of many profiles, or of many roles of an access portal, at once.
type addMany struct {
	deps  Deps
	had   []model.Account // the accounts that exist
	taken map[string]bool // their names
	added func(n int)

	profiles async.Task
	save     async.Task
	portal   portal
	portals  []model.SignIn // those that are known: only name and region
	rows     []*candidate

	form            *form.Form
	source          *control.Select
	startURL        *control.Entry
	signInRegion    *control.Combo
	region          *control.Combo // of the accounts of a portal; those of profiles have their own
	regionTyped     bool
	signIn          *signInLine
	pattern, filter *control.Entry
	all, none       *control.Button
	count           *widget.Label
	tools           *fyne.Container
	stage           *feedback.LoadState
	table           *table.Table[*candidate]
	result          *feedback.Banner
	dialog          *dialog.Dialog
}

// AddMany opens the dialog that adds many accounts at once.
func (p *Place) AddMany() {
	p.adding = newAddMany(p.deps, p.accounts, p.signIns)
	p.adding.added = func(n int) {
		p.hint = false
		p.status.Show(plural.N("{{.Count}} account was added.", "{{.Count}} accounts were added.", n), display.Good)
	}
}

func newAddMany(deps Deps, accounts []model.Account, signIns []model.SignIn) *addMany {
	m := &addMany{
		deps: deps, had: accounts, taken: takenNames(accounts), portals: knownPortals(accounts, signIns), added: func(int) {},
		form: form.New(), stage: feedback.NewLoadState(), result: feedback.NewBanner(),
	}
	m.makeParts()
	m.makeTable()
	m.dialog = &dialog.Dialog{
		Title: lang.L("Add many accounts"), Keys: m.form.Keys, Confirm: lang.L("Add"), Size: fyne.NewSize(860, 640),
		Content: m.content(), OnConfirm: m.confirm, OnClosed: m.close, First: m.source, Dirty: m.dirty,
	}
	m.dialog.Show(deps.Window)
	m.signIn.open()
	m.chooseSource(sourceProfiles)
	return m
}

func (m *addMany) content() fyne.CanvasObject {
	head := form.Rows(
		m.form.Add("source", lang.L("From"), "", m.source),
		m.form.Add("startUrl", lang.L("Start URL"), "", m.startURL),
		m.form.Add("signInRegion", lang.L("Sign-in region"), "", m.signInRegion),
		m.form.Add(signInPath, lang.L("Sign-in"), "", m.signIn.content),
		m.form.Add("region", lang.L("Region"), lang.L("Where the accounts work if nothing else names a region."), m.region),
		m.form.Add("pattern", lang.L("Names"), " ", m.pattern),
	)
	m.form.Check = m.check
	m.form.OnChanged = func() {
		m.nameRows()
		m.tell()
	}
	body := container.NewBorder(container.NewPadded(m.tools), nil, nil, nil, m.stage.Content())
	return container.NewBorder(head, m.result.Content(), nil, nil, body)
}

func (m *addMany) makeTable() {
	m.table = table.New(
		table.Column[*candidate]{Width: 40, Cell: tickCell, Compare: func(a, b *candidate) int { return ticks(b) - ticks(a) }},
		table.Column[*candidate]{Title: lang.L("Name"), Cell: candidateCell},
		table.Column[*candidate]{Title: lang.L("From"), Cell: func(c *candidate) table.Cell { return table.Cell{Text: c.from, Muted: true} }},
		table.Column[*candidate]{Title: lang.L("Details"), Cell: aboutCell},
	)
	m.table.Same = func(a, b *candidate) bool { return a == b }
	m.table.OnTicked = func(c *candidate) {
		if c.err == nil {
			c.ticked = !c.ticked
			m.update()
		}
	}
}

func ticks(c *candidate) int {
	if c.ticked {
		return 1
	}
	return 0
}

func tickCell(c *candidate) table.Cell {
	switch {
	case c.err != nil:
		return table.Cell{}
	case c.ticked:
		return table.Cell{Tick: table.Ticked}
	}
	return table.Cell{Tick: table.Unticked}
}

func candidateCell(c *candidate) table.Cell {
	cell := table.Cell{Text: c.account.Name, Bold: c.ticked, Muted: c.err != nil}
	switch {
	case c.fault != "" && c.ticked:
		cell.Badge, cell.Tone = c.fault, display.Bad
	case c.fault != "":
		cell.Badge = c.fault
	case c.had != "":
		cell.Badge = lang.L("added already")
	}
	return cell
}

func aboutCell(c *candidate) table.Cell {
	if c.err != nil {
		return table.Cell{Text: c.err.Error(), Muted: true, Badge: lang.L("can't be used"), Tone: display.Caution}
	}
	return table.Cell{Text: c.about, Muted: true}
}

// tickAll ticks, or clears, all rows that the filter shows. It leaves out what exists already or can't be used.
func (m *addMany) tickAll(on bool) {
	for _, c := range m.table.Rows() {
		c.ticked = on && c.err == nil && c.had == ""
	}
	m.update()
}

// nameRows names the rows, and shows them sorted and filtered by their names.
func (m *addMany) nameRows() {
	nameAll(m.rows, m.pattern.Text, m.taken)
	m.table.SetRows(m.rows)
	m.showRows()
}

// showRows shows the rows, or that the filter leaves none of them.
func (m *addMany) showRows() {
	switch {
	case len(m.rows) == 0: // the stage says why
	case len(m.table.Rows()) == 0:
		filter := legibleFilter(m.filter.Text)
		m.stage.Empty(lang.L("Nothing matches “{{.Filter}}”.", map[string]any{"Filter": filter}),
			lang.L("The filter looks for each word in name, source and details. Ticks stay as they are."),
			control.NewButton(m.form.Keys, lang.L("Clear the filter"), m.clearFilter))
	default:
		m.stage.Show(m.table.Content())
	}
}

func (m *addMany) clearFilter() {
	m.filter.SetText("")
	m.deps.Window.Canvas().Focus(m.filter)
}

// legibleFilter returns a filter short enough for a sentence.
func legibleFilter(text string) string {
	if r := []rune(model.SafeLine(strings.TrimSpace(text))); len(r) > longestFilter {
		return string(r[:longestFilter]) + "…"
	}
	return model.SafeLine(strings.TrimSpace(text))
}

// longestFilter is how much of a filter is shown.
const longestFilter = 40

// update follows a change of ticks, which can take or free a name.
func (m *addMany) update() {
	nameAll(m.rows, m.pattern.Text, m.taken)
	m.table.Refresh()
	m.tell()
}

// tell says how many accounts would be added.
func (m *addMany) tell() {
	ticked, faults := m.counts()
	m.count.SetText(lang.L("{{.Ticked}} of {{.All}} ticked", map[string]any{"Ticked": ticked, "All": len(m.rows)}))
	valid := len(m.check()) == 0
	if valid && faults > 0 {
		m.result.Show(clashText(faults), display.Bad)
	} else {
		m.result.Hide() // what is wrong with the pattern stands there
	}
	label := lang.L("Add")
	if ticked > 0 {
		label = plural.N("Add {{.Count}} account", "Add {{.Count}} accounts", ticked)
	}
	m.dialog.SetConfirm(label, valid && ticked > 0 && faults == 0 && !m.save.Busy() && !m.profiles.Busy())
}

// dirty reports whether closing would lose ticks.
func (m *addMany) dirty() bool {
	ticked, _ := m.counts()
	return ticked > 0
}

func (m *addMany) counts() (ticked, faults int) {
	for _, c := range m.rows {
		if c.ticked {
			ticked++
			if c.fault != "" {
				faults++
			}
		}
	}
	return ticked, faults
}

func (m *addMany) check() []form.Problem {
	if err := model.CheckRegion(m.regionText()); err != nil {
		return []form.Problem{{Field: "region", Err: err}}
	}
	if err := checkPattern(m.pattern.Text, m.placeholders()); err != nil {
		return []form.Problem{{Field: "pattern", Err: err}}
	}
	return nil
}

// confirm adds the ticked accounts.
func (m *addMany) confirm() {
	var list []model.Account
	for _, c := range m.rows {
		if !c.ticked {
			continue
		}
		a := c.account
		if a.Kind == model.KindIdentityCenter {
			a.Region = m.regionText()
		}
		list = append(list, a)
	}
	if ticked, faults := m.counts(); ticked == 0 || faults > 0 || m.save.Busy() || m.profiles.Busy() {
		return
	}
	add := func(ctx context.Context) error { return m.deps.SignIns.AddAccounts(ctx, slices.Clone(list)) }
	async.Do(&m.save, add, func(err error) {
		m.update()
		if err != nil {
			m.result.Show(err.Error(), display.Bad)
			return
		}
		m.dialog.Close()
		m.added(len(list))
		m.deps.changed()
	})
	m.update()
}

func (m *addMany) close() {
	m.profiles.Cancel()
	m.save.Cancel()
	m.portal.load.Cancel()
	m.signIn.close()
}

func clashText(n int) string {
	return plural.N("{{.Count}} ticked account has no name of its own. Change the pattern, or clear its tick.",
		"{{.Count}} ticked accounts have no names of their own. Change the pattern, or clear their ticks.", n)
}
