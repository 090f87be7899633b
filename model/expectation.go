package model

import "fmt"

// Expectation is that an account must lead to an AWS account.
type Expectation struct {
	From  string // whose it is, at the beginning of a sentence: The variable "aws.account"
	AWSID string
}

// ExpectationsOf returns what the project expects of an account itself. Where steps assume roles, it is the last role's AWS account that
// counts, not the account's.
func (p Project) ExpectationsOf(account string) []Expectation {
	var list []Expectation
	named := map[string]bool{} // variables that have the account as a value
	assumed := map[string]bool{}
	for _, s := range p.Steps {
		if s.AWS.AssumeRole != nil {
			assumed[NameKey(s.AWS.Account)] = true
		}
	}
	add := func(variables []Variable) {
		for _, v := range variables {
			if v.Type != TypeAWSAccount || NameKey(v.Value) != NameKey(account) {
				continue
			}
			named[NameKey(v.Name)] = true
			if v.Expect != "" && !assumed[NameKey(v.Name)] {
				list = append(list, Expectation{fmt.Sprintf("The variable %q", v.Name), v.Expect})
			}
		}
	}
	add(p.Variables)
	for _, s := range p.Steps {
		add(s.Values)
	}
	for _, s := range p.Steps {
		if s.AWS.Expect != "" && s.AWS.AssumeRole == nil && named[NameKey(s.AWS.Account)] {
			list = append(list, Expectation{fmt.Sprintf("The step %q", s.Name), s.AWS.Expect})
		}
	}
	return list
}
