package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// Beginning is what the page behind a dropped script or package makes: a step that runs, and all that it needs.
type Beginning struct {
	Account model.Account // without an id: a new one
	Secrets AccountSecrets
	Project string     // a new one, or one that is there: the step is added to it
	Step    model.Step // the account variable is filled in
}

// Begun says what was made.
type Begun struct {
	Project, Step, Account, Variable    string
	NewProject, NewAccount, NewVariable bool
}

// AccountVariable is what the documentation calls the variable that holds an account.
const AccountVariable = "aws.account"

// Begin makes all of it or nothing.
func (s *Services) Begin(ctx context.Context, b Beginning) (Begun, error) {
	a, secrets := b.Account, b.Secrets
	fresh := a.ID == "" && a.Kind != model.KindInstanceRole
	if fresh {
		a.SecretSet, a.TokenSet = secrets.SecretKey != "", secrets.SessionToken != ""
		if err := model.Problems("The account "+a.Name, append(a.Check(), a.CheckSecrets(secrets.SecretKey, secrets.SessionToken)...)); err != nil {
			return Begun{}, err
		}
	}
	p, err := s.Store.Project(ctx, b.Project)
	isNew := model.ErrorCode(err) == model.CodeProjectUnknown
	if err != nil && !isNew {
		return Begun{}, err
	}
	if isNew {
		p = model.Project{Name: b.Project}
	}
	begun := Begun{Step: b.Step.Name, NewProject: isNew, NewAccount: fresh}
	begun.Variable, begun.NewVariable = accountVariable(&p, a)
	step := b.Step
	step.AWS.Account = begun.Variable
	if err := model.Problems("The step "+step.Name, step.Check()); err != nil {
		return Begun{}, err
	}
	p.Steps = append(slices.Clone(p.Steps), step)
	var typed []newSecret
	if fresh {
		typed = secrets.of(&a)
	}
	err = s.keep(ctx, "save the step", typed, func(c *store.Change) error {
		if fresh {
			if err := c.SaveAccount(ctx, &a); err != nil {
				return err
			}
		}
		return c.SaveProject(ctx, &p)
	})
	if err != nil {
		return Begun{}, err
	}
	if fresh && a.Verified.AWSID != "" {
		if err := s.Store.SawAWSAccount(ctx, a.Verified.AWSID); err != nil {
			return Begun{}, err
		}
	}
	begun.Project, begun.Account = p.Name, a.Name
	return begun, nil
}

// accountVariable finds the project's variable for an account, or adds one.
func accountVariable(p *model.Project, a model.Account) (name string, added bool) {
	taken := map[string]bool{}
	for _, v := range p.Variables {
		taken[model.NameKey(v.Name)] = true
	}
	for _, v := range p.Variables {
		alone := !slices.ContainsFunc(p.Variables, func(o model.Variable) bool {
			return o.ID != v.ID && model.NameKey(o.Name) == model.NameKey(v.Name)
		})
		if alone && v.Type == model.TypeAWSAccount && len(v.Scope) == 0 && model.NameKey(v.Value) == model.NameKey(a.Name) {
			return v.Name, false
		}
	}
	name = AccountVariable
	for i := 2; taken[model.NameKey(name)]; i++ {
		name = fmt.Sprintf("%s.%d", AccountVariable, i)
	}
	p.Variables = append(slices.Clone(p.Variables), model.Variable{Name: name, Type: model.TypeAWSAccount, Value: a.Name})
	return name, true
}
