package projects

import (
	"slices"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
)

// newStep returns a step with defaults. Most people expect a script to stop at the first failing command, so new steps do.
func (p *process) newStep() model.Step {
	s := model.NewStep("")
	s.Options.StopOnFirstFailure = true
	s.Script.Language = defaultLanguage()
	project := p.stored()
	for _, v := range project.Variables {
		if v.Type == model.TypeAWSAccount {
			s.AWS.Account = v.Name
			break
		}
	}
	if n := len(project.Steps); n > 0 { // the steps of a project mostly have the same region
		s.AWS.Region = project.Steps[n-1].AWS.Region
	}
	return s
}

// change changes a stored step.
func (p *process) change(r stepRow, do func(s *model.Step)) {
	p.apply(projects.Change{Apply: func(project *model.Project) error {
		if i := stepByID(project, r.ID); i >= 0 {
			do(&project.Steps[i])
		}
		return nil
	}})
}

// move moves a step down by that many places, or up if by is negative.
func (p *process) move(r stepRow, by int) {
	rows := p.table.Rows()
	at := slices.IndexFunc(rows, func(x stepRow) bool { return x.ID == r.ID })
	if by == 0 || at < 0 || at+by < 0 || at+by >= len(rows) {
		return
	}
	other := rows[at+by].ID // not an index: steps with an open undo are still stored, but not in rows
	p.apply(projects.Change{Apply: func(project *model.Project) error {
		from := stepByID(project, r.ID)
		if from < 0 || stepByID(project, other) < 0 {
			return nil
		}
		moved := project.Steps[from]
		rest := slices.Delete(slices.Clone(project.Steps), from, from+1)
		to := slices.IndexFunc(rest, func(s model.Step) bool { return s.ID == other })
		if by > 0 {
			to++
		}
		project.Steps = slices.Insert(rest, to, moved)
		return nil
	}})
}

func (p *process) copy(r stepRow) {
	p.apply(projects.Change{Apply: func(project *model.Project) error {
		i := stepByID(project, r.ID)
		if i < 0 {
			return nil
		}
		s := project.Steps[i]
		s.ID, s.Pinned = "", false
		s.Values = slices.Clone(s.Values)
		for j := range s.Values { // secrets stay with the original
			s.Values[j].ID, s.Values[j].ValueSet = "", false
		}
		s.EnvVars = slices.Clone(s.EnvVars)
		for j := range s.EnvVars {
			s.EnvVars[j].ID, s.EnvVars[j].ValueSet = "", false
		}
		s.Name = model.FreeName(s.Name, func(name string) bool { _, at := project.Step(name); return at >= 0 })
		project.Steps = slices.Insert(project.Steps, i+1, s)
		return nil
	}})
}

// delete removes a step from the list. The step itself is deleted once the undo is over, as its secrets can't be restored.
func (p *process) delete(r stepRow) {
	p.undo.Flush()
	p.hidden[r.ID] = true
	p.undo.Show(lang.L("The step “{{.Step}}” was deleted.", map[string]any{"Step": r.Name}), func() {
		delete(p.hidden, r.ID)
		p.show()
	}, func() {
		p.apply(projects.Change{Apply: func(project *model.Project) error {
			if i := stepByID(project, r.ID); i >= 0 {
				project.Steps = slices.Delete(project.Steps, i, i+1)
			}
			return nil
		}, Done: func(_ model.Project, err error) {
			delete(p.hidden, r.ID)
			if err != nil {
				p.failed(err)
			}
			p.show()
		}})
	})
	p.show()
}
