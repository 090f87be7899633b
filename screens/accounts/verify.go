package accounts

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/waits"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// testable returns the shown accounts that Test all tests. The instance role is left out: on a computer that is not an EC2
// instance its test takes a while and always fails. So are those that a person has to sign in for.
func (p *Place) testable() []model.Account {
	return slices.DeleteFunc(slices.Clone(p.table.Rows()), func(a model.Account) bool {
		return a.NeedsSecret() || p.needsSignIn(a) || a.Kind == model.KindInstanceRole
	})
}

// testEach tests all shown accounts that can be tested, and counts those for which a person has to sign in first.
func (p *Place) testEach() {
	p.leftOut = 0
	for _, a := range p.table.Rows() {
		if p.needsSignIn(a) {
			p.leftOut++
		}
	}
	p.runTests(p.testable())
}

// testOne tests one account, after a sign-in if that is needed.
func (p *Place) testOne(a model.Account) {
	p.leftOut = 0
	test := func() { p.runTests([]model.Account{a}) }
	if p.needsSignIn(a) {
		p.askSignIn(a, test)
		return
	}
	test()
}

// askSignIn shows the sheet to sign in for account a, and calls then, if not nil, once the person has.
func (p *Place) askSignIn(a model.Account, then func()) {
	ShowSignIn(p.deps, a, model.SignInHere, func(_ model.SignIn, ok bool) {
		if ok && then != nil {
			then()
		}
	})
}

// runTests asks AWS who each account is, one after another.
func (p *Place) runTests(list []model.Account) {
	if len(list) == 0 {
		return
	}
	clear(p.results)
	for _, a := range list {
		p.results[a.ID] = lang.L("testing…")
	}
	p.status.Hide()
	p.hint = false
	p.stop.Show()
	p.testNext(list, 0, nil)
}

func (p *Place) testNext(list []model.Account, good int, failed []string) {
	p.show()
	if len(list) == 0 {
		p.stop.Hide()
		p.tested(good, failed)
		return
	}
	a := list[0]
	test := func(ctx context.Context) (model.Verified, error) {
		waiting := func(text string) { p.status.Show(Title(a)+": "+text, display.Neutral) }
		return p.deps.Service.Test(waits.Told(ctx, waiting), a.Name)
	}
	async.Load(&p.tests, test, func(v model.Verified, err error) {
		if err != nil {
			p.results[a.ID] = lang.L("failed")
			failed = append(failed, Title(a)+": "+withNotices(err.Error(), v))
		} else {
			good++
			delete(p.results, a.ID)
			for i := range p.accounts {
				if p.accounts[i].ID == a.ID {
					p.accounts[i].Verified = v.Verification
				}
			}
		}
		p.status.Hide()
		p.testNext(list[1:], good, failed)
	})
	p.buttons()
}

func (p *Place) tested(good int, failed []string) {
	left := ""
	if p.leftOut > 0 {
		left = plural.N("{{.Count}} account was left out, as it needs a sign-in.",
			"{{.Count}} accounts were left out, as they need a sign-in.", p.leftOut)
	}
	if len(failed) > 0 {
		text := strings.Join(nonEmpty(strings.Join(failed, "\n"), left), "\n")
		copyText := control.NewButton(nil, lang.L("Copy"), func() { fyne.CurrentApp().Clipboard().SetContent(text) })
		p.status.Show(text, display.Bad, copyText)
	} else {
		works := plural.N("{{.Count}} account tested: it works.", "{{.Count}} accounts tested: all work.", good)
		p.status.Show(strings.Join(nonEmpty(works, left), " "), display.Good)
	}
	p.buttons()
	p.deps.changed()
}

func (p *Place) stopTests() {
	if !p.tests.Busy() {
		return
	}
	p.tests.Cancel()
	p.status.Hide()
	clear(p.results)
	p.stop.Hide()
	p.show()
}
