package projects

import (
	"context"
	"slices"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// StepRequest describes what the page for a dropped script or package creates: a step and everything that it needs.
type StepRequest struct {
	Account model.Account // without an id: a new one
	Secrets model.AccountSecrets
	Project string     // a new one, or an existing one to which the step is added
	Step    model.Step // its account variable is set by CreateStep
}

// CreatedStep describes what was created.
type CreatedStep struct {
	Project, Step, Account, Variable    string
	NewProject, NewAccount, NewVariable bool
}

// CreateStep creates all of it or nothing.
func (s *Service) CreateStep(ctx context.Context, r StepRequest) (CreatedStep, error) {
	a, given := r.Account, r.Secrets
	fresh := a.ID == "" && a.Kind != model.KindInstanceRole
	if fresh {
		a.SecretSet, a.TokenSet = given.SecretKey != "", given.SessionToken != ""
		if err := model.Problems("The account "+a.Name, append(a.Check(), a.CheckSecrets(given)...)); err != nil {
			return CreatedStep{}, err
		}
	}
	p, err := s.Project(ctx, r.Project)
	isNew := model.ErrorCode(err) == model.CodeProjectUnknown
	if err != nil && !isNew {
		return CreatedStep{}, err
	}
	if isNew {
		p = model.Project{Name: r.Project}
	}
	created := CreatedStep{Step: r.Step.Name, NewProject: isNew, NewAccount: fresh}
	variable, found := p.AccountVariable(a.Name)
	if !found {
		p.Variables = append(slices.Clone(p.Variables), model.Variable{Name: variable, Type: model.TypeAWSAccount, Value: a.Name})
	}
	created.Variable, created.NewVariable = variable, !found
	step := r.Step
	step.AWS.Account = created.Variable
	if err := model.Problems("The step "+step.Name, step.Check()); err != nil {
		return CreatedStep{}, err
	}
	p.Steps = append(slices.Clone(p.Steps), step)
	var typed []secrets.Secret
	if fresh {
		typed = secrets.OfAccount(&a, given)
	}
	err = s.deps.Secrets.Save(ctx, "save the step", typed, func(c *store.Change) error {
		if fresh {
			if err := c.SaveAccount(ctx, &a); err != nil {
				return err
			}
		}
		return c.SaveProject(ctx, &p)
	})
	if err != nil {
		return CreatedStep{}, err
	}
	if fresh && a.Verified.AWSID != "" {
		if err := s.deps.Store.SawAWSAccount(ctx, a.Verified.AWSID); err != nil {
			return CreatedStep{}, err
		}
	}
	created.Project, created.Account = p.Name, a.Name
	if step.Script.Source != model.SourceInline {
		return created, nil
	}
	return created, s.deps.Scripts.MarkSeen(ctx, model.ScriptHash(step.Script.Body)) // the page has shown it
}
