package projects

import (
	"reflect"
	"slices"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// Save saves the step, then calls then. It shows errors and keeps everything that was typed.
func (f *StepForm) Save(then func()) {
	if f.saving {
		return
	}
	f.form.Settle()
	f.form.Left("name")
	if field := f.form.Field("name"); field.Err() != nil {
		f.result.Show(field.Err().Error(), display.Bad)
		f.focus(field)
		return
	}
	s, pending, values, envVars := f.Step(), f.aws.pending(), f.values.list, f.envVars.list
	before := f.step.AWS.Expect
	isNew := s.ID == ""
	f.saving = true
	f.apply(projects.Change{
		Apply: func(p *model.Project) error {
			if pending != nil && !hasVariable(*p, pending.Name) {
				p.Variables = append(p.Variables, *pending)
			}
			if i := stepByID(p, s.ID); i >= 0 {
				s.Pinned = p.Steps[i].Pinned // changed elsewhere
				if s.AWS.Expect == before {
					s.AWS.Expect = p.Steps[i].AWS.Expect // so is this
				}
				p.Steps[i] = s
			} else {
				p.Steps = append(p.Steps, s)
			}
			return nil
		},
		Secrets: append(typedSecrets(s.Name, values), typedEnvSecrets(s.Name, envVars)...),
		Done: func(p model.Project, err error) {
			f.saving = false
			if err != nil {
				f.showError(err)
				return
			}
			saved, at := p.Step(s.Name)
			if at < 0 {
				return
			}
			f.saved(s, saved)
			if isNew {
				f.stepCreated(saved.ID)
			}
			f.result.Show(lang.L("Saved."), display.Good)
			if then != nil {
				then()
			}
		},
	})
}

// saved is called when sent was stored as saved. Edits that were made in between stay unsaved.
func (f *StepForm) saved(sent, saved model.Step) {
	f.aws.takeOver(f.step.AWS.Expect, saved.AWS.Expect)
	current := f.Step()
	f.step = saved
	current.ID, current.Pinned = sent.ID, sent.Pinned
	if reflect.DeepEqual(current, sent) {
		f.values.fill(saved.Values)
		f.envVars.fill(saved.EnvVars)
		f.aws.saved()
		f.form.Saved()
	}
	f.update()
}

// storedChanged takes over what was changed elsewhere while the form was open: another place pins a step to an AWS account. What the
// person has entered stays.
func (f *StepForm) storedChanged() {
	p := f.stored()
	i := stepByID(&p, f.step.ID)
	if i < 0 || f.saving { // the end of the save sees to it
		return
	}
	old, now := f.step.AWS.Expect, p.Steps[i].AWS.Expect
	f.step.AWS.Expect = now
	if old == now || f.aws.takeOver(old, now) {
		return
	}
	text := lang.L("The step was unpinned meanwhile. Saving it replaces that with the expected AWS account that you entered.")
	if now != "" {
		text = lang.L("The step was pinned to {{.Account}} meanwhile. Saving it replaces that with the expected AWS account that you entered.",
			map[string]any{"Account": f.lib.awsTitle(now)})
	}
	f.result.Show(text, display.Caution)
}

func hasVariable(p model.Project, name string) bool {
	return slices.ContainsFunc(p.Variables, func(v model.Variable) bool { return model.NameKey(v.Name) == model.NameKey(name) })
}

// SaveAndRun saves the step and runs it, unless it has problems.
func (f *StepForm) SaveAndRun() {
	f.Save(func() {
		if field := f.form.ShowAll(); field != nil || len(f.form.Problems()) > 0 {
			f.result.Show(lang.L("Saved, but it can't be run yet.")+" "+f.problems.Text, display.Caution)
			if field != nil {
				f.focus(field)
			}
			return
		}
		f.Run(f.stored().Name, f.environment(), []string{f.step.Name})
	})
}
