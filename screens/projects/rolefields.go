package projects

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// roleAt is the path of the role that a step assumes.
const roleAt = "aws.assumeRole."

// roleFields are the fields of one role.
type roleFields struct {
	owner *form.Form
	at    string // path of the role, with a dot at its end

	arn, session, external *control.Entry

	duration *control.Combo
	more     *form.Section
	limits   *sessionFields
	content  fyne.CanvasObject
}

func newRoleFields(f *form.Form, at string) *roleFields {
	k := f.Keys
	r := &roleFields{owner: f, at: at, arn: control.NewEntry(k), session: control.NewEntry(k), external: control.NewEntry(k)}
	r.arn.SetPlaceHolder("arn:aws:iam::123456789012:role/deployer")
	r.session.SetPlaceHolder(lang.L("generated for each run"))
	r.external.SetPlaceHolder(lang.L("none"))
	r.duration = control.NewCombo(k, func() (items []control.Item) {
		for _, d := range []string{"15m", "30m", "1h", "2h", "4h", "12h"} {
			items = append(items, control.Item{Value: d, Title: d})
		}
		return items
	})
	r.duration.SetPlaceHolder(lang.L("1 hour (AWS default)"))
	arn := form.Rows(f.Add(at+"arn", lang.L("Role ARN"), "", r.arn))
	r.more = form.NewSection(k, lang.L("External ID, session"), false, form.Rows(
		f.Add(at+"externalId", lang.L("External ID"), lang.L("Only if the role requires one."), r.external),
		f.Add(at+"sessionName", lang.L("Session name"), "", r.session),
		f.Add(at+"duration", lang.L("Session duration"),
			lang.L("15 minutes to 12 hours; at most 1 hour for a role that is assumed from another role."), r.duration),
	))
	r.more.Summary = r.summary
	r.limits = newSessionFields(f, at)
	r.content = container.NewVBox(arn, r.more.Content(), r.limits.content())
	return r
}

func (r *roleFields) fill(role model.AssumeRole) {
	r.arn.SetText(role.ARN)
	r.session.SetText(role.SessionName)
	r.external.SetText(role.ExternalID)
	r.duration.SetText(model.FormatDuration(time.Duration(role.Duration) * time.Second))
	r.limits.fill(role)
	if role.SessionName != "" || role.ExternalID != "" || role.Duration != 0 {
		r.more.SetOpen(true)
	}
}

func (r *roleFields) read(role *model.AssumeRole) {
	role.ARN = strings.TrimSpace(r.arn.Text)
	role.SessionName, role.ExternalID = strings.TrimSpace(r.session.Text), strings.TrimSpace(r.external.Text)
	role.Duration = r.seconds()
	r.limits.read(role)
}

// seconds returns the duration as far as it can be parsed.
func (r *roleFields) seconds() int {
	d, _ := model.ParseDuration(r.duration.Text, time.Second)
	return int(d / time.Second)
}

// check finds text that can't be parsed, which the model never sees.
func (r *roleFields) check() []form.Problem {
	problems := r.limits.check()
	if _, err := model.ParseDuration(r.duration.Text, time.Second); err != nil {
		problems = append(problems, form.Problem{Field: r.at + "duration", Err: err})
	}
	return problems
}

// update shows the resolved values of the fields. A chained role is assumed with the session of a role.
func (r *roleFields) update(s scope, chained bool) {
	texts := r.limits.texts()
	texts[r.at+"arn"], texts[r.at+"sessionName"], texts[r.at+"externalId"] = r.arn.Text, r.session.Text, r.external.Text
	for path, text := range texts {
		r.owner.Field(path).SetNote(s.note(text))
	}
	note := ""
	if chained && r.seconds() > model.MaxChained {
		note = lang.L("= 1 hour: AWS allows no more for a role that is assumed from another role.")
	}
	r.owner.Field(r.at+"duration").SetNote(note, true)
	for _, section := range []*form.Section{r.more, r.limits.section} {
		if !section.Open() {
			section.Refresh()
		}
	}
}

func (r *roleFields) summary() string {
	var parts []string
	for _, e := range []*control.Entry{r.external, r.session, r.duration.Entry} {
		if e.Text != "" {
			parts = append(parts, e.Text)
		}
	}
	if len(parts) == 0 {
		return lang.L("none · generated for each run · 1 hour")
	}
	return strings.Join(parts, " · ")
}
