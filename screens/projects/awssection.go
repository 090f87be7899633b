package projects

import (
	"context"
	"slices"
	"strings"
	"time"

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
	account *control.Combo
	targets *fyne.Container
	role    *control.Choice

	arn, session, external *control.Entry

	duration    *control.Combo
	expect      *control.Combo
	region      *control.Combo
	more        *form.Section
	limits      *sessionFields
	newVariable *model.Variable // an account variable that is saved with the step; nil: none
	roleBox     *fyne.Container
	pin         *control.Button
	proven      proven
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

// newRoleBox returns the fields of the assumed role.
func (a *awsSection) newRoleBox() *fyne.Container {
	k := a.form.Keys
	a.arn, a.session, a.external = control.NewEntry(k), control.NewEntry(k), control.NewEntry(k)
	a.arn.SetPlaceHolder("arn:aws:iam::123456789012:role/deployer")
	a.session.SetPlaceHolder(lang.L("generated for each run"))
	a.external.SetPlaceHolder(lang.L("none"))
	a.duration = control.NewCombo(k, func() (items []control.Item) {
		for _, d := range []string{"15m", "30m", "1h", "2h", "4h", "12h"} {
			items = append(items, control.Item{Value: d, Title: d})
		}
		return items
	})
	a.duration.SetPlaceHolder(lang.L("1 hour (AWS default)"))
	box := form.Rows(a.form.Add("aws.assumeRole.arn", lang.L("Role ARN"), "", a.arn))
	a.more = form.NewSection(k, lang.L("External ID, session"), false, form.Rows(
		a.form.Add("aws.assumeRole.externalId", lang.L("External ID"), lang.L("Only if the role requires one."), a.external),
		a.form.Add("aws.assumeRole.sessionName", lang.L("Session name"), "", a.session),
		a.form.Add("aws.assumeRole.duration", lang.L("Session duration"),
			lang.L("15 minutes to 12 hours; at most 1 hour for a role that is assumed from another role."), a.duration),
	))
	a.more.Summary = a.moreSummary
	box.Add(a.more.Content())
	a.limits = newSessionFields(a.form)
	box.Add(a.limits.content())
	return box
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
	a.arn.SetText(role.ARN)
	a.session.SetText(role.SessionName)
	a.external.SetText(role.ExternalID)
	a.duration.SetText(model.FormatDuration(time.Duration(role.Duration) * time.Second))
	a.limits.fill(*role)
	if role.SessionName != "" || role.ExternalID != "" || role.Duration != 0 {
		a.more.SetOpen(true)
	}
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
	role.ARN = strings.TrimSpace(a.arn.Text)
	role.SessionName, role.ExternalID = strings.TrimSpace(a.session.Text), strings.TrimSpace(a.external.Text)
	d, _ := model.ParseDuration(a.duration.Text, time.Second)
	role.Duration = int(d / time.Second)
	a.limits.read(&role)
	s.AssumeRole = &role
}

// check finds text that can't be parsed, which the model never sees.
func (a *awsSection) check() []form.Problem {
	if a.role.Value() != "yes" {
		return nil
	}
	problems := a.limits.check()
	if _, err := model.ParseDuration(a.duration.Text, time.Second); err != nil {
		problems = append(problems, form.Problem{Field: "aws.assumeRole.duration", Err: err})
	}
	return problems
}

// update shows the resolved values of the fields.
func (a *awsSection) update() {
	setVisible(a.roleBox, a.role.Value() == "yes")
	s := a.scope()
	texts := a.limits.texts()
	texts["aws.assumeRole.arn"], texts["aws.assumeRole.sessionName"] = a.arn.Text, a.session.Text
	texts["aws.assumeRole.externalId"] = a.external.Text
	for path, text := range texts {
		a.form.Field(path).SetNote(s.note(text))
	}
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

func (a *awsSection) moreSummary() string {
	var parts []string
	for _, e := range []*control.Entry{a.external, a.session, a.duration.Entry} {
		if e.Text != "" {
			parts = append(parts, e.Text)
		}
	}
	if len(parts) == 0 {
		return lang.L("none · generated for each run · 1 hour")
	}
	return strings.Join(parts, " · ")
}

func (a *awsSection) summary() string {
	parts := []string{a.account.Text}
	if a.role.Value() == "yes" {
		parts = append(parts, a.arn.Text)
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
