package model

import "strings"

// Proven is the only AWS account in which a step has run well, and the first such run.
type Proven struct {
	AWSID string // empty: there is none
	Run   int64
}

// ProvenIn returns from a project's runs, the newest first, where a step has proved to work. It is zero if the step has run well in
// several AWS accounts, such as one for each environment, or only in the sandbox.
func ProvenIn(history []Run, step string) Proven {
	var p Proven
	for _, r := range history {
		if r.Rehearsal != nil {
			continue
		}
		for _, s := range r.Steps {
			id := s.Identity.AWSID
			if NameKey(s.Step) != NameKey(step) || !s.Status.Good() || id == "" || s.Identity.Sandbox {
				continue
			}
			if p.AWSID != "" && p.AWSID != id {
				return Proven{}
			}
			p = Proven{id, r.ID}
		}
	}
	return p
}

// OneAccount reports whether a step of the project leads to the same AWS account in every environment: its last role is written out,
// or its account variable has one value.
func (p Project) OneAccount(s Step) bool {
	if NameKey(strings.TrimSpace(s.AWS.Account)) == NoAccount {
		return false
	}
	if s.AWS.AssumeRole != nil && AccountOfRole(s.AWS.AssumeRole.Acting().ARN) != "" {
		return true
	}
	values := 0
	for _, v := range append(append([]Variable{}, p.Variables...), s.Values...) {
		if NameKey(v.Name) == NameKey(strings.TrimSpace(s.AWS.Account)) {
			values++
		}
	}
	return values == 1
}
