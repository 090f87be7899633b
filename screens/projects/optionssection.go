package projects

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// optionsSection is the part of a step's form with the options.
type optionsSection struct {
	form    *form.Form
	timeout *control.Combo
	stderr  *control.Select
	stop    *control.Check
	edition *control.Select
	isolate *control.Check
	content fyne.CanvasObject
}

func newOptionsSection(f *form.Form) *optionsSection {
	k := f.Keys
	o := &optionsSection{form: f}
	o.timeout = control.NewCombo(k, func() []control.Item {
		return []control.Item{
			{Value: "5m", Title: "5m"}, {Value: "15m", Title: "15m"}, {Value: "1h", Title: "1h"}, {Value: "4h", Title: "4h"},
		}
	})
	o.timeout.SetPlaceHolder(lang.L("none"))
	o.stderr = control.NewSelect(k, errorOutputs()...)
	o.stop = control.NewCheck(k, lang.L("Stop at the first failing command"))
	o.edition = control.NewSelect(k, editions()...)
	o.isolate = control.NewCheck(k, lang.L("Isolate from ~/.aws"))
	o.content = form.Rows(
		f.Add("options.timeout", lang.L("Time limit"), lang.L("Such as 90s, 10m or 1h30m; a number alone is minutes."), o.timeout),
		f.Add("options.stderr", lang.L("Error output is"), "", o.stderr),
		f.Add("options.stopOnFirstFailure", "", lang.L("Bash: set -e and pipefail. PowerShell: also when a program such as aws fails."), o.stop),
		f.Add("options.edition", lang.L("PowerShell edition"), "", o.edition),
		f.Add("options.isolateAwsConfig", "",
			lang.L("The script can't use the profiles of this computer, so it never runs with another identity by accident."), o.isolate),
	)
	return o
}

// errorOutputs returns the ways to treat error output.
func errorOutputs() []control.Option {
	return []control.Option{
		{Value: string(model.ErrorOutputInfo), Label: lang.L("information")},
		{Value: string(model.ErrorOutputWarning), Label: lang.L("an error; the step ends with a warning")},
		{Value: string(model.ErrorOutputError), Label: lang.L("an error; the step's status is unchanged")},
		{Value: string(model.ErrorOutputFail), Label: lang.L("a failure of the step")},
	}
}

// editions returns the editions of PowerShell.
func editions() []control.Option {
	return []control.Option{
		{Value: string(model.EditionAuto), Label: lang.L("Windows PowerShell on Windows, PowerShell elsewhere")},
		{Value: string(model.EditionDesktop), Label: lang.L("Windows PowerShell")},
		{Value: string(model.EditionCore), Label: lang.L("PowerShell (pwsh)")},
	}
}

func (o *optionsSection) fill(m model.Options) {
	o.timeout.SetText(model.FormatDuration(m.Timeout))
	o.stderr.SetValue(string(m.Stderr))
	o.stop.SetChecked(m.StopOnFirstFailure)
	o.edition.SetValue(string(m.Edition))
	o.isolate.SetChecked(m.IsolateAWSConfig)
}

func (o *optionsSection) read(m *model.Options) {
	m.Timeout, _ = model.ParseDuration(o.timeout.Text, time.Minute)
	m.Stderr, m.Edition = model.ErrorOutput(o.stderr.Value()), model.Edition(o.edition.Value())
	m.StopOnFirstFailure, m.IsolateAWSConfig = o.stop.Checked, o.isolate.Checked
}

func (o *optionsSection) check() []form.Problem {
	if _, err := model.ParseDuration(o.timeout.Text, time.Minute); err != nil {
		return []form.Problem{{Field: "options.timeout", Err: err}}
	}
	return nil
}

func (o *optionsSection) update() {
	note := ""
	if d, err := model.ParseDuration(o.timeout.Text, time.Minute); err == nil && d > 0 {
		if text := model.FormatDuration(d); text != strings.TrimSpace(o.timeout.Text) {
			note = "= " + text
		}
	}
	o.form.Field("options.timeout").SetNote(note, false)
}

func (o *optionsSection) summary() string {
	var parts []string
	if o.timeout.Text != "" {
		parts = append(parts, lang.L("time limit")+" "+o.timeout.Text)
	}
	parts = append(parts, lang.L("error output is")+" "+strings.ToLower(o.stderr.Selected))
	if o.stop.Checked {
		parts = append(parts, lang.L("stops at the first failing command"))
	}
	return strings.Join(parts, " · ")
}
