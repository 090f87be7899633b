package runner

import (
	"context"
	"os"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/script"
)

// environ returns the environment of the script, and logs which of the person's variables it does not get.
func (s *stepRun) environ(ctx context.Context, plan *StepPlan, session resolvedSession, command script.Command,
	space *workspace) ([]string, error) {
	o := awsenv.Options{Chosen: environVariables(plan.EnvVars), Extra: extra(command.Env)}
	if plan.Step.Options.IsolateAWSConfig {
		o.PrivateConfig = space.awsConfig()
		if err := awsenv.PrivateConfig(o.PrivateConfig); err != nil {
			return nil, workspaceError(o.PrivateConfig, err)
		}
	}
	if err := s.placeCertificates(ctx, space, &o); err != nil {
		return nil, err
	}
	inherited := s.runner.environ(ctx)
	var err error
	if o.Path, err = placePrograms(plan, pathOf(inherited, o.Chosen), space.programs()); err != nil {
		return nil, workspaceError(space.programs(), err)
	}
	if names := awsenv.Withheld(inherited, session.Session, o); len(names) > 0 {
		s.log.Say(model.LevelVerbose, "Not passed on: "+strings.Join(names, ", ")+".")
	}
	return awsenv.Environ(inherited, session.Session, o), nil
}

// placeCertificates writes the file of the certificates that the script is to trust, if there is to be one.
func (s *stepRun) placeCertificates(ctx context.Context, space *workspace, o *awsenv.Options) error {
	if s.runner.deps.Certificates == nil {
		return nil
	}
	text, err := s.runner.deps.Certificates(ctx)
	if err != nil {
		return err
	}
	o.Certificates = space.certificates()
	if err := os.WriteFile(o.Certificates, text, 0o600); err != nil {
		return workspaceError(o.Certificates, err)
	}
	return nil
}

// extra converts NAME=value entries into awsenv's variables.
func extra(list []string) []awsenv.Variable {
	out := make([]awsenv.Variable, 0, len(list))
	for _, entry := range list {
		if name, value, found := strings.Cut(entry, "="); found {
			out = append(out, awsenv.Variable{Name: name, Value: value})
		}
	}
	return out
}
