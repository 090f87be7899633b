package runner

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// newEnvironment returns the environment variables of a step, before expressions in them are resolved: the step's own win over the
// project's, and what was given for the run to one of them over its value.
func (v *values) newEnvironment(ctx context.Context, project model.Project, step model.Step, open reveal) ([]entry, error) {
	var list []entry
	for _, env := range project.EnvVarsOf(step) {
		e := entry{name: env.Name, text: env.Value, sensitive: env.Sensitive, kind: model.TypeText}
		if step.Owns(env.Title()) {
			e.step = step.Name
		}
		if given, known := v.given[model.ValueName{Step: e.step, Name: env.Title()}.Key()]; known {
			e.text = given.Reveal()
			list = append(list, e)
			continue
		}
		if env.Sensitive {
			e.missing = true
			if env.ValueSet {
				text, ok, err := open(ctx, env.ValueRef())
				if err != nil {
					return nil, err
				}
				e.text, e.missing = text, !ok
			}
			if e.missing && e.step != "" {
				e.short = v.short()(model.ValueName{Step: e.step, Name: env.Title()})
			}
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(strings.ToUpper(a.name), strings.ToUpper(b.name)) })
	return list, nil
}

// environment resolves the step's environment variables.
func (r resolver) environment(p *StepPlan, entries []entry) []model.InputValue {
	const field = "environment"
	list := make([]model.InputValue, 0, len(entries))
	for _, e := range entries {
		if e.missing {
			p.problem(field, missingEnvSecret(e))
			continue
		}
		p.problem(field, model.CheckEnvName(e.name)) // an older Stepdeck may have accepted the name
		x, err := r.vars.expand(field, e.text)
		unknown := r.unknown(x)
		switch {
		case err != nil:
			p.problem(field, err)
			continue
		case len(unknown) > 0:
			r.undefinedInEnv(p, e, unknown)
			continue
		}
		text := x.text
		value := model.InputValue{Name: e.name, Value: text, Sensitive: e.sensitive || x.sensitive, Own: e.step != ""}
		if isProxy(e.name) && len(joblog.Parts(proxyURL(text))) > 0 && !value.Sensitive {
			value.Sensitive = true
			p.Notices = append(p.Notices, fmt.Sprintf(
				"The environment variable %s has a password, which everybody who sees the project can read. Make the variable sensitive.", e.name))
		}
		if err := model.CheckEnvValue(e.name, text); err != nil {
			r.impossibleEnv(p, e.name, err)
			continue
		}
		list = append(list, value)
		if notice := model.EnvNotice(e.name); notice != "" {
			p.Notices = append(p.Notices, notice)
		}
	}
	return list
}

// impossibleEnv refuses a step for an environment variable that it can't have, or warns if the variable is the project's and neither the
// step's script names it nor is it one that aws itself reads.
func (r resolver) impossibleEnv(p *StepPlan, name string, err error) {
	key := strings.ToUpper(name)
	if hasEnvVar(p.Step, name) || isProxy(name) || strings.HasPrefix(key, "AWS_") || r.uses().Mentions(name) {
		p.problem("environment", err)
		return
	}
	p.Warnings = append(p.Warnings, fmt.Sprintf("The script does not get the environment variable %s: %s", name, err))
}

// undefinedInEnv is undefined for the value of an environment variable, which may be known only when the step runs although
// the step's identity is known before.
func (r resolver) undefinedInEnv(p *StepPlan, e entry, names []string) {
	if !r.final && !slices.ContainsFunc(names, func(n string) bool { return !r.mayComeLater(n) }) {
		p.later = true
		p.Notices = append(p.Notices,
			fmt.Sprintf("The value of the environment variable %s is known only when the step runs: an earlier step may set a part of it.", e.name))
		return
	}
	written := e.text
	if e.sensitive {
		written = hidden
	}
	r.undefined(p, "environment."+e.name, written, names)
}

func missingEnvSecret(e entry) error {
	return unanswered{model.NewError("envvar.secret.missing",
		"The sensitive environment variable %s has no value on this computer. Set it for this run, or enter it where it is defined.", e.name),
		MissingSecret{e.step, model.EnvPrefix + e.name, cmp.Or(e.short, model.EnvPrefix+e.name)}}
}

// environVariables returns the environment variables for the script.
func environVariables(list []model.InputValue) []awsenv.Variable {
	var out []awsenv.Variable
	for _, v := range list {
		out = append(out, awsenv.Variable{Name: v.Name, Value: v.Value})
	}
	return out
}

// protectEnvVars masks the sensitive environment variables and the passwords of proxies in this run's logs.
func (s *stepRun) protectEnvVars(list []model.InputValue) {
	for _, v := range list {
		if v.Sensitive {
			s.protect(model.EnvPrefix+v.Name, v.Value)
		}
		if isProxy(v.Name) {
			s.masking.masker.AddParts(proxyURL(v.Value))
		}
	}
}
