package projects

import (
	"context"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// provenRuns is how many runs of a step tell in which AWS account it works.
const provenRuns = 40

// Pinnable returns the AWS account to which a step can be pinned, with its first good run there. It is zero if the step is pinned, has
// run well in no AWS account or in several, or leads to another one in each environment.
func (s *Service) Pinnable(ctx context.Context, project, step string) (model.Proven, error) {
	p, err := s.Project(ctx, project)
	if err != nil {
		return model.Proven{}, err
	}
	i := stepNamed(p, step)
	if i < 0 || p.Steps[i].AWS.Expect != "" || !p.OneAccount(p.Steps[i]) {
		return model.Proven{}, nil
	}
	return s.proven(ctx, p.Name, p.Steps[i].Name)
}

func (s *Service) proven(ctx context.Context, project, step string) (model.Proven, error) {
	history, err := s.Runs(ctx, model.RunFilter{Project: project, Step: step, Limit: provenRuns})
	return model.ProvenIn(history, step), err
}

// Pin has a step expect an AWS account: runs that would act in another one are refused. An empty id unpins the step.
func (s *Service) Pin(ctx context.Context, project, step, awsID string) error {
	p, err := s.Project(ctx, project)
	if err != nil {
		return err
	}
	i := stepNamed(p, step)
	if i < 0 {
		return model.NewError("step.unknown", "The project %q has no step %q.", p.Name, step)
	}
	p.Steps[i].AWS.Expect = strings.TrimSpace(awsID)
	for _, problem := range p.Steps[i].Check() {
		if problem.Field == "aws.expect" {
			return problem.Err
		}
	}
	return s.SaveProject(ctx, &p, nil)
}

// PinProven pins a step to the only AWS account in which it has run well, and returns that.
func (s *Service) PinProven(ctx context.Context, project, step string) (model.Proven, error) {
	p, err := s.Project(ctx, project)
	if err != nil {
		return model.Proven{}, err
	}
	i := stepNamed(p, step)
	if i < 0 {
		return model.Proven{}, model.NewError("step.unknown", "The project %q has no step %q.", p.Name, step)
	}
	if !p.OneAccount(p.Steps[i]) {
		return model.Proven{}, model.NewError("step.pin.several", "The step %q of project %q can lead to a different AWS account in each "+
			"environment, or to none. Set the expected AWS account at the values of its account variable.", p.Steps[i].Name, p.Name)
	}
	proven, err := s.proven(ctx, p.Name, p.Steps[i].Name)
	if err == nil && proven.AWSID == "" {
		err = model.NewError("step.pin.unproven",
			"The step %q of project %q has run well in no AWS account yet, or in several. Run it first, or name the AWS account.",
			p.Steps[i].Name, p.Name)
	}
	if err != nil {
		return proven, err
	}
	return proven, s.Pin(ctx, project, step, proven.AWSID)
}

// stepNamed returns the place of a step in the project; -1 if it has none of that name.
func stepNamed(p model.Project, name string) int {
	for i, step := range p.Steps {
		if model.NameKey(step.Name) == model.NameKey(name) {
			return i
		}
	}
	return -1
}
