package projects

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// searchKeys searches the script for keys once the user pauses.
func (f *StepForm) searchKeys() {
	f.edits++
	edit := f.edits
	if f.pause != nil {
		f.pause.Stop()
	}
	const pause = 400 * time.Millisecond
	f.pause = time.AfterFunc(pause, func() {
		fyne.Do(func() {
			if edit == f.edits {
				f.warnOfKeys()
			}
		})
	})
}

func (f *StepForm) warnOfKeys() {
	if !f.script.isInline() {
		f.warning.Hide()
		return
	}
	found := leaks(f.script.inline.editor.Text())
	f.script.inline.mark(found)
	if len(found) == 0 {
		f.warning.Hide()
		return
	}
	first := found[0]
	line := map[string]any{"Line": first.Line}
	text := lang.L("Line {{.Line}} has what looks like a secret key. Everybody who sees the project can read it.", line)
	if first.Key {
		text = lang.L("Line {{.Line}} has an access key. A step gets its keys from its AWS account; its script does not need them.", line)
	}
	move := control.NewButton(f.form.Keys, lang.L("Move to a Sensitive variable"), func() { f.moveKey(first) })
	f.warning.Show(text, display.Caution, move)
}

// moveKey moves a key to a new sensitive variable, which replaces it in the script.
func (f *StepForm) moveKey(l leak) {
	name := "aws.secretKey"
	if l.Key {
		name = "aws.accessKey"
	}
	name = model.FreeName(name, func(n string) bool { return hasVariable(f.stored(), n) })
	variable := model.Variable{Name: name, Type: model.TypeSensitive}
	f.apply(projects.Change{
		Apply: func(p *model.Project) error {
			p.Variables = append(p.Variables, variable)
			return nil
		},
		Secrets: []model.ValueSecret{{Key: variable.Key(), Value: l.Text}},
		Done: func(_ model.Project, err error) {
			if err != nil {
				f.showError(err)
				return
			}
			f.script.inline.editor.SetText(strings.ReplaceAll(f.script.inline.editor.Text(), l.Text, "#{"+name+"}"))
			f.form.Changed()
			f.result.Show(lang.L("The key is in the vault now, as the sensitive variable “{{.Variable}}”, which the script uses.",
				map[string]any{"Variable": name}), display.Good)
			f.warnOfKeys()
		},
	})
}
