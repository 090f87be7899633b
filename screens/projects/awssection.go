package projects

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/region"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// awsSection is the part of a step's form that says who the step is.
type awsSection struct {
	f       *StepForm
	account *control.Combo
	targets *fyne.Container
	role    *control.Choice

	arn, session, external *control.Entry

	duration *control.Combo
	expect   *control.Combo
	region   *control.Combo
	more     *form.Section
	make     *model.Variable // an account variable that the save adds
	roleBox  *fyne.Container
	pin      *control.Button
	proven   proven
	looking  async.Task
	content  fyne.CanvasObject
}

func newAWSSection(f *StepForm) *awsSection {
	k := f.form.Keys
	a := &awsSection{f: f}
	a.account = control.NewCombo(k, a.accounts)
	a.account.SetPlaceHolder(lang.L("an account variable"))
	a.targets = container.New(layout.NewRowWrapLayout())
	a.role = control.NewChoice(k, control.Option{Value: "no", Label: lang.L("No")}, control.Option{Value: "yes", Label: lang.L("Yes")})
	a.arn, a.session, a.external = control.NewEntry(k), control.NewEntry(k), control.NewEntry(k)
	a.arn.SetPlaceHolder("arn:aws:iam::123456789012:role/deployer")
	a.session.SetPlaceHolder(lang.L("made for each run"))
	a.external.SetPlaceHolder(lang.L("none"))
	a.duration = control.NewCombo(k, func() []control.Item {
		return []control.Item{{Value: "15m", Title: "15m"}, {Value: "30m", Title: "30m"}, {Value: "1h", Title: "1h"}, {Value: "2h", Title: "2h"}, {Value: "4h", Title: "4h"}, {Value: "12h", Title: "12h"}}
	})
	a.duration.SetPlaceHolder(lang.L("1 hour, as AWS has it"))
	a.expect = newExpectPicker(k, func() choices { return f.of.place.lib })
	a.region = region.NewPicker(k)

	plus := control.NewButton(k, lang.L("New account…"), func() { f.of.place.newAccount(a.use) })
	accountField := f.form.Add("aws.account", lang.L("AWS Account"), "", a.account)
	// The button stands beside the field, so the row is made here.
	accountRow := container.New(buttonBeside{}, accountField.Row(), plus)
	role := f.form.Add("aws.assumeRole", lang.L("Assume a different role"), "", a.role)
	a.roleBox = form.Rows(f.form.Add("aws.assumeRole.arn", lang.L("Role ARN"), "", a.arn))
	more := form.Rows(
		f.form.Add("aws.assumeRole.externalId", lang.L("External ID"), lang.L("Only where the role asks for one."), a.external),
		f.form.Add("aws.assumeRole.sessionName", lang.L("Session name"), "", a.session),
		f.form.Add("aws.assumeRole.duration", lang.L("Session duration"), lang.L("15 minutes to 12 hours; a role that is assumed from another role gets at most 1 hour."), a.duration),
	)
	a.more = form.NewSection(k, lang.L("External ID, session"), false, more)
	a.more.Summary = a.moreSummary
	a.roleBox.Add(a.more.Content())
	a.pin = control.NewButton(k, lang.L("Pin"), a.pinOrNot)
	a.pin.Hide()
	expect := f.form.Add("aws.expect", lang.L("Expected AWS account"), lang.L("The step is refused in any other one."), a.expect)
	a.content = container.NewVBox(
		accountRow, container.New(form.Beside{}, a.targets),
		role.Row(), a.roleBox,
		container.New(buttonBeside{}, expect.Row(), a.pin),
		form.Rows(f.form.Add("aws.region", lang.L("Region"), "", a.region)),
	)
	return a
}

// buttonBeside keeps a button at the right end of a field's row.
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

// newExpectPicker makes a field for the AWS account that something must lead to.
func newExpectPicker(k *control.Keys, lib func() choices) *control.Combo {
	c := control.NewCombo(k, func() []control.Item {
		var items []control.Item
		for _, a := range lib().aws {
			items = append(items, control.Item{Value: a.ID, Title: a.ID, Detail: a.Label})
		}
		return items
	})
	c.SetPlaceHolder(lang.L("any"))
	return c
}

// accounts lists what a step can use: account variables, then accounts for which a variable is made, then a new one.
func (a *awsSection) accounts() []control.Item {
	o := a.f.of
	var items []control.Item
	seen := map[string]bool{}
	add := func(list []model.Variable) {
		for _, v := range list {
			if v.Type != model.TypeAWSAccount || seen[model.NameKey(v.Name)] {
				continue
			}
			seen[model.NameKey(v.Name)] = true
			var leads []string
			for _, t := range targets(o.project, a.f.values.variables(), v.Name, o.place.lib) {
				if !slices.Contains(leads, t.text) {
					leads = append(leads, t.text)
				}
			}
			items = append(items, control.Item{Value: v.Name, Title: v.Name, Detail: strings.Join(leads, " · "), Group: lang.L("account variables")})
		}
	}
	add(a.f.values.variables())
	add(o.project.Variables)
	for _, acc := range o.place.lib.accounts {
		detail := accounts.KindTitle(acc)
		if _, title := accounts.Known(acc, o.place.lib.aws); title != "" {
			detail += " · " + title
		}
		items = append(items, control.Item{Value: "account " + acc.Name, Title: accounts.Title(acc), Detail: detail, Group: lang.L("accounts; makes a variable"), Action: func() { a.use(acc.Name) }})
	}
	items = append(items,
		control.Item{Title: lang.L("New account…"), Action: func() { o.place.newAccount(a.use) }},
		control.Item{Value: model.NoAccount, Title: lang.L("No AWS account"), Detail: lang.L("the script runs without anybody's keys")},
	)
	return items
}

// use takes an account itself: the variable that leads to it, or one that the save makes.
func (a *awsSection) use(account string) {
	o := a.f.of
	a.make = nil
	name, found := o.project.AccountVariable(account)
	if !found {
		a.make = &model.Variable{Name: name, Type: model.TypeAWSAccount, Value: account}
	}
	a.account.SetText(name)
	a.f.form.Changed() // the same name may mean something else now
}

// pending is the variable that the save adds, as long as the field still names it.
func (a *awsSection) pending() *model.Variable {
	if a.make == nil || model.NameKey(a.make.Name) != model.NameKey(a.account.Text) || hasVariable(a.f.of.project, a.make.Name) {
		return nil
	}
	return a.make
}

func (a *awsSection) saved() { a.make = nil }

func (a *awsSection) fill(s model.StepAWS) {
	a.make = nil
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
		role = *s.AssumeRole // what this form does not show stays
	}
	role.ARN = strings.TrimSpace(a.arn.Text)
	role.SessionName, role.ExternalID = strings.TrimSpace(a.session.Text), strings.TrimSpace(a.external.Text)
	d, _ := model.ParseDuration(a.duration.Text, time.Second)
	role.Duration = int(d / time.Second)
	s.AssumeRole = &role
}

// check finds what the model can't, because it is no value yet.
func (a *awsSection) check() []form.Problem {
	if _, err := model.ParseDuration(a.duration.Text, time.Second); err != nil && a.role.Value() == "yes" {
		return []form.Problem{{Field: "aws.assumeRole.duration", Err: err}}
	}
	return nil
}

// shown tells what the fields come to.
func (a *awsSection) shown() {
	f := a.f
	setVisible(a.roleBox, a.role.Value() == "yes")
	s := f.scope()
	for path, text := range map[string]string{
		"aws.assumeRole.arn": a.arn.Text, "aws.assumeRole.sessionName": a.session.Text, "aws.assumeRole.externalId": a.external.Text,
	} {
		f.form.Field(path).SetNote(s.note(text))
	}
	note, bad := s.note(a.region.Text)
	if note == "" {
		note = model.RegionPlace(a.region.Text)
	}
	f.form.Field("aws.region").SetNote(note, bad)
	a.showPin()
	a.showTargets()
}

// showTargets shows where the account leads in each environment, in the AWS account's colour.
func (a *awsSection) showTargets() {
	name := strings.TrimSpace(a.account.Text)
	field := a.f.form.Field("aws.account")
	var badges []fyne.CanvasObject
	note := ""
	switch {
	case name == "":
	case model.NameKey(name) == model.NoAccount:
		note = lang.L("No AWS account: the script runs without anybody's keys.")
	default:
		if a.pending() != nil {
			note = fmt.Sprintf(lang.L("Saving makes the account variable %s."), name)
		}
		for _, t := range targets(a.f.project(), a.f.values.variables(), name, a.f.of.place.lib) {
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
		return lang.L("none · made for each run · 1 hour")
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
