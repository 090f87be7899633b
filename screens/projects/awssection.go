package projects

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/region"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// awsDeps is what the AWS section needs.
type awsDeps struct {
	form       *form.Form
	lib        *choices
	newAccount func(done func(name string))
	history    func(ctx context.Context, filter model.RunFilter) ([]model.Run, error)
	stored     func() model.Project // the project as stored
	edited     func() model.Project // with the edits of the form
	values     func() []model.Variable
	scope      func() scope
}

// awsSection is the part of a step's form with the account, role and region.
type awsSection struct {
	awsDeps
	account     *control.Combo
	targets     *fyne.Container
	role        *control.Choice
	*roleFields // of the first role
	chain       *roleChain
	expect      *control.Combo
	region      *control.Combo
	newVariable *model.Variable // an account variable that is saved with the step; nil: none
	roleBox     *fyne.Container
	pin         *control.Button
	proven      model.Proven
	search      async.Task // of proven
	content     fyne.CanvasObject
}

func newAWSSection(deps awsDeps) *awsSection {
	k := deps.form.Keys
	a := &awsSection{awsDeps: deps}
	a.account = control.NewCombo(k, a.accounts)
	a.account.SetPlaceHolder(lang.L("an account variable"))
	a.targets = container.New(layout.NewRowWrapLayout())
	a.role = control.NewChoice(k, control.Option{Value: "no", Label: lang.L("No")}, control.Option{Value: "yes", Label: lang.L("Yes")})
	a.expect = newExpectPicker(k, a.lib)
	a.region = region.NewPicker(k)
	plus := control.NewButton(k, lang.L("New account…"), func() { a.newAccount(a.use) })
	accountRow := container.New(buttonBeside{}, a.form.Add("aws.account", lang.L("AWS Account"), "", a.account).Row(), plus)
	role := a.form.Add("aws.assumeRole", lang.L("Assume a different role"), "", a.role)
	a.roleBox = a.newRoleBox()
	a.pin = control.NewButton(k, lang.L("Pin"), a.togglePin)
	a.pin.Hide()
	expect := a.form.Add("aws.expect", lang.L("Expected AWS account"), lang.L("The step does not run in any other."), a.expect)
	a.content = container.NewVBox(
		accountRow, container.New(form.Beside{}, a.targets),
		role.Row(), a.roleBox,
		container.New(buttonBeside{}, expect.Row(), a.pin),
		form.Rows(a.form.Add("aws.region", lang.L("Region"), "", a.region)),
	)
	return a
}

// newRoleBox returns the fields of the assumed role and of those that follow it.
func (a *awsSection) newRoleBox() *fyne.Container {
	a.roleFields = newRoleFields(a.form, roleAt)
	a.chain = newRoleChain(a.form)
	return container.NewVBox(a.roleFields.content, a.chain.content)
}

// buttonBeside places a button at the right end of a field's row.
type buttonBeside struct{}

func (buttonBeside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	row, button := objects[0], objects[1]
	if !button.Visible() {
		row.Resize(size)
		return
	}
	b := button.MinSize()
	button.Resize(b)
	button.Move(fyne.NewPos(size.Width-b.Width, 0))
	row.Resize(fyne.NewSize(size.Width-b.Width-6, size.Height))
}

func (buttonBeside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	row, button := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(row.Width+button.Width+6, max(row.Height, button.Height))
}

func (a *awsSection) close() { a.search.Cancel() }

func (a *awsSection) saved() { a.newVariable = nil }

func (a *awsSection) fill(s model.StepAWS) {
	a.newVariable = nil
	a.account.SetText(s.Account)
	a.expect.SetText(s.Expect)
	a.region.SetText(s.Region)
	role := s.AssumeRole
	a.role.SetValue("no")
	if role != nil {
		a.role.SetValue("yes")
	} else {
		role = &model.AssumeRole{}
	}
	a.roleFields.fill(*role)
	a.chain.fill(role.Then)
}

func (a *awsSection) read(s *model.StepAWS) {
	s.Account = strings.TrimSpace(a.account.Text)
	s.Expect = strings.TrimSpace(a.expect.Text)
	s.Region = strings.TrimSpace(a.region.Text)
	if a.role.Value() == "no" {
		s.AssumeRole = nil
		return
	}
	role := model.AssumeRole{}
	if s.AssumeRole != nil {
		role = *s.AssumeRole // keeps fields that the form does not show
	}
	a.roleFields.read(&role)
	role.Then = a.chain.read()
	s.AssumeRole = &role
}

// check finds text that can't be parsed, which the model never sees.
func (a *awsSection) check() []form.Problem {
	if a.role.Value() != "yes" {
		return nil
	}
	return append(a.roleFields.check(), a.chain.check()...)
}

// update shows the resolved values of the fields.
func (a *awsSection) update() {
	setVisible(a.roleBox, a.role.Value() == "yes")
	s := a.scope()
	a.roleFields.update(s, a.actsAsRole())
	a.chain.update(s)
	note, bad := s.note(a.region.Text)
	if note == "" {
		note = model.RegionPlace(a.region.Text)
	}
	a.form.Field("aws.region").SetNote(note, bad)
	a.showPin()
	a.showTargets()
}

// showTargets shows the account of each environment, in the colour of its AWS account.
func (a *awsSection) showTargets() {
	name := strings.TrimSpace(a.account.Text)
	field := a.form.Field("aws.account")
	var badges []fyne.CanvasObject
	note := ""
	switch {
	case name == "":
	case model.NameKey(name) == model.NoAccount:
		note = lang.L("No AWS account: the script runs without credentials.")
	default:
		if a.pending() != nil {
			note = lang.L("Saving creates the account variable {{.Variable}}.", map[string]any{"Variable": name})
		}
		for _, t := range targets(a.edited(), a.values(), name, *a.lib) {
			text := t.text
			if t.environment != "" {
				text = t.environment + " → " + text
			}
			switch {
			case !t.known:
				badges = append(badges, display.NewBadge(text, display.Caution))
			case t.aws.Colour != "":
				badges = append(badges, display.NewMarkBadge(text, string(t.aws.Colour)))
			default:
				badges = append(badges, display.NewBadge(text, display.Neutral))
			}
		}
	}
	field.SetNote(note, false)
	a.targets.Objects = badges
	a.targets.Refresh()
}

// actsAsRole reports whether the keys of the account are known to be a role's, in any environment.
func (a *awsSection) actsAsRole() bool {
	list := targets(a.edited(), a.values(), strings.TrimSpace(a.account.Text), *a.lib)
	return slices.ContainsFunc(list, func(t target) bool { return t.known && t.account.IsRole() })
}

func (a *awsSection) summary() string {
	parts := []string{a.account.Text}
	if a.role.Value() == "yes" {
		parts = append(parts, a.chain.acting(a.arn.Text))
	}
	parts = append(parts, a.region.Text)
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

func setVisible(o fyne.CanvasObject, on bool) {
	if on == o.Visible() {
		return
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
