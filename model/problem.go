package model

import "strings"

// Problem is one field that keeps a thing from being used. Field is its path in the project file, relative to the
// thing that was checked ("aws.assumeRole.arn"), so that a form can show Err where it belongs.
type Problem struct {
	Field string
	Err   error
}

func (p Problem) Error() string { return p.Err.Error() }
func (p Problem) Unwrap() error { return p.Err }

type problems struct{ list []Problem }

func (ps *problems) add(field string, err error) {
	if err != nil {
		ps.list = append(ps.list, Problem{field, err})
	}
}

func (ps *problems) addAll(prefix string, list []Problem) {
	for _, p := range list {
		ps.list = append(ps.list, Problem{prefix + p.Field, p.Err})
	}
}

// Problems joins what a Check found into one error, nil where there is nothing. The thing is named in front.
func Problems(thing string, list []Problem) error {
	if len(list) == 0 {
		return nil
	}
	sentences := make([]string, len(list))
	for i, p := range list {
		sentences[i] = p.Field + ": " + p.Err.Error()
	}
	return NewError("invalid", "%s can't be used. %s", thing, strings.Join(sentences, " "))
}

// Incomplete reports whether the field is merely not filled in yet: such a thing can be saved, but not run.
func (p Problem) Incomplete() bool {
	switch ErrorCode(p.Err) {
	case "step.account.empty", "step.region.empty", "role.arn.empty", "script.body.empty", "script.package.empty",
		"script.file.empty", "script.folder.empty", "variable.account.empty", "account.accesskey.empty":
		return true
	}
	return false
}
