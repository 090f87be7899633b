package command

import (
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// previewRecord is what `run --preview --json` prints.
type previewRecord struct {
	engine.Plan
	Verdicts *[]verdictRecord `json:"verdicts,omitempty" about:"who each step would be, according to AWS; only with --verify"`
	Refused  bool             `json:"refused" about:"the run would not start"`
}

// Kind is the record's type.
func (previewRecord) Kind() string { return "plan" }

// verdictRecord is who a step would be, according to AWS.
type verdictRecord struct {
	Step       int              `json:"step" about:"number of the step in the process, from 1"`
	Name       string           `json:"name"`
	Late       bool             `json:"late" about:"known only when the step runs"`
	Notices    []string         `json:"notices"`
	AWSAccount awsAccountRecord `json:"awsAccount"`
	ARN        string           `json:"arn"`
	Sandbox    bool             `json:"sandbox"`
	Expires    engine.Time      `json:"expires" about:"of the keys; null: they don't end"`
	Fresh      bool             `json:"fresh" about:"its script gets keys from an address that renews them; false: from its environment"`
	FreshWhy   string           `json:"freshWhy" about:"why; empty: not known yet, or it has no keys"`
	*refusalRecord
}

// refusalRecord is why a step is refused.
type refusalRecord struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func verdictRecords(verdicts []runner.Verdict) []verdictRecord {
	return convert(verdicts, func(v runner.Verdict) verdictRecord {
		r := verdictRecord{
			Step: v.Step, Name: v.Name, Late: v.Late, Notices: orEmpty(v.Notices), AWSAccount: newAWSAccountRecord(v.Account),
			ARN: v.Identity.ARN, Sandbox: v.Identity.Sandbox, Expires: jsonTime(v.Identity.Expires),
			Fresh: v.Keys.Fresh, FreshWhy: string(v.Keys.Why),
		}
		if v.Err != nil {
			r.refusalRecord = &refusalRecord{model.ErrorCode(v.Err), v.Err.Error()}
		}
		return r
	})
}

func planRecord(plan runner.Plan) engine.Plan {
	return engine.Plan{
		Project: plan.Project, Environment: plan.Environment, TimeoutMs: plan.Timeout.Milliseconds(), Rehearsal: plan.Rehearsal,
		Steps: convert(plan.Steps, planStep),
		Problems: convert(plan.Problems, func(p runner.Problem) engine.RunProblem {
			return engine.RunProblem{Step: p.Step, Problem: problemRecord(p.Field, p.Err)}
		}),
	}
}

func problemRecord(field string, err error) engine.Problem {
	return engine.Problem{Field: field, Code: model.ErrorCode(err), Message: err.Error()}
}

func planStep(s runner.StepPlan) engine.Step {
	step := engine.Step{
		Number: s.Number, Name: s.Step.Name, Late: s.Late, NoAccount: s.NoAccount, Account: s.Account.Name, AssumeRole: s.Role,
		AccountVariable: s.AccountVariable, Endpoint: s.Account.Endpoint, Region: s.Region, Language: s.Language,
		Source: s.Step.Script.Source, Script: s.Script,
		Parameters: s.Parameters, Arguments: s.Arguments, Environ: s.Environ, Tool: s.Tool.Path, ToolVersion: s.Tool.Version,
		Options: engine.StepOptions{
			TimeoutMs: s.Step.Options.Timeout.Milliseconds(), RetryPauseMs: s.Step.Options.RetryPause.Milliseconds(), Options: s.Step.Options,
		},
		AWS: s.AWSTool.Path, AWSVersion: s.AWSTool.Version, Warnings: orEmpty(s.Warnings), Notices: orEmpty(s.Notices),
		Expect: convert(s.Expect, func(e runner.Expectation) engine.Expectation {
			return engine.Expectation{AWSAccount: e.AWSID, From: e.From}
		}),
		Problems:  convert(s.Problems, func(p model.Problem) engine.Problem { return problemRecord(p.Field, p.Err) }),
		Variables: convert(s.Variables, planValue),
		Octopus:   convert(s.Octopus, planValue),
		EnvVars:   convert(s.EnvVars, planValue),
	}
	if p := s.Package; p != nil {
		step.Package = &engine.Package{ID: p.Name, Version: p.Version, SHA256: p.SHA256, File: s.Entry}
	}
	for _, p := range s.Packages {
		step.Packages = append(step.Packages,
			engine.StepPackage{Name: p.As, ID: p.Name, Version: p.Version, SHA256: p.SHA256, Extract: p.Extract})
	}
	if s.Folder != "" {
		step.Folder = &engine.Folder{Path: s.Folder, File: s.Entry}
	}
	return step
}

func planValue(v model.InputValue) engine.PlanValue {
	if v.Sensitive {
		v.Value = "********"
	}
	return engine.PlanValue{Name: v.Name, Value: v.Value, Sensitive: v.Sensitive}
}
