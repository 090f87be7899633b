package runner

import (
	"fmt"
	"maps"

	"github.com/stepdeck/stepdeck/model"
)

// fieldTexts returns what is written in the fields of a step in which expressions are replaced, by their paths: all but the script itself
// and the environment variables.
func fieldTexts(step model.Step) map[string][]string {
	s := step.Script
	fields := map[string][]string{
		"aws.account": {step.AWS.Account}, "aws.region": {step.AWS.Region}, "script": {s.Parameters},
		"script.package": {s.Package, s.Version}, "script.folder": {s.Folder}, "script.file": {s.File, s.Package, s.Version, s.Folder},
		expressionField: {step.Options.ConditionExpression},
	}
	for i, a := range s.Arguments {
		fields[argumentField(i)] = []string{a.Value}
	}
	for i, p := range s.Packages {
		at := fmt.Sprintf("script.packages[%d].", i)
		fields[at+"id"], fields[at+"version"] = []string{p.Package, p.Version}, []string{p.Version}
	}
	if role := step.AWS.AssumeRole; role != nil {
		maps.Copy(fields, roleTexts(*role))
	}
	return fields
}

// roleTexts returns what is written in the fields of a chain of roles.
func roleTexts(role model.AssumeRole) map[string][]string {
	fields := map[string][]string{}
	for i, r := range role.Chain() {
		at := "aws.assumeRole."
		if i > 0 {
			at += fmt.Sprintf("then[%d].", i-1)
		}
		fields[at+"arn"], fields[at+"sessionName"], fields[at+"externalId"] = []string{r.ARN}, []string{r.SessionName}, []string{r.ExternalID}
		fields[at+"policy"], fields[at+"policyArns"] = []string{r.Policy}, r.PolicyARNs
		fields[at+"sourceIdentity"], fields[at+"tags"] = []string{r.SourceIdentity}, nil
		for _, t := range r.Tags {
			fields[at+"tags"] = append(fields[at+"tags"], t.Key, t.Value)
		}
	}
	return fields
}
