package runner

import (
	"github.com/stepdeck/stepdeck/model"
)

// chooseSteps returns the steps of a run in the order of the process: those that are named, or else all that are enabled. Required
// steps that are enabled always run.
func chooseSteps(project model.Project, names []string) ([]chosenStep, error) {
	named, err := namedSteps(project, names)
	if err != nil {
		return nil, err
	}
	var chosen []chosenStep
	group := 0
	for i, s := range project.Steps {
		if s.Options.Start != model.StartWithPrevious {
			group++
		}
		c := chosenStep{number: i + 1, step: s, group: group}
		switch {
		case named[i]:
			c.alone = len(named) == 1 && !isWhole(project, named)
		case len(names) == 0 && s.Enabled:
		case s.Enabled && s.Options.Required:
			c.added = true
		default:
			continue
		}
		chosen = append(chosen, c)
	}
	if len(chosen) == 0 {
		return nil, model.NewError("run.steps.none", "Project %q has no enabled step. Add or enable one.", project.Name)
	}
	return chosen, nil
}

// namedSteps returns which steps are named, by their index.
func namedSteps(project model.Project, names []string) (map[int]bool, error) {
	named := map[int]bool{}
	for _, name := range names {
		_, index := project.Step(name)
		if index < 0 {
			return nil, unknownStep(project, name)
		}
		named[index] = true
	}
	return named, nil
}

// isWhole reports whether the named steps are the enabled ones, so that they are no selection.
func isWhole(project model.Project, named map[int]bool) bool {
	for i, s := range project.Steps {
		if s.Enabled != named[i] {
			return false
		}
	}
	return true
}

// choice adds what is worth knowing about why the step runs.
func (s *StepPlan) choice(c chosenStep) {
	if c.added {
		s.Notices = append(s.Notices, "This step was not chosen. It runs because it is required.")
	}
	if c.ignoresCondition() {
		s.Notices = append(s.Notices, "This step was chosen alone, so it runs whatever its run condition says.")
	}
}
