package model

import "strings"

// Problem is what is wrong with one field. Field is its path in the project file, relative to the thing that was
// checked ("aws.assumeRole.arn"), so that a form can show Err beside the field.
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

// Located returns text, a sentence about the problem, with the field before it, if there is one, unless it begins with that already.
func (p Problem) Located(text string) string {
	if p.Field == "" || strings.HasPrefix(text, p.Field+": ") {
		return text
	}
	return p.Field + ": " + text
}

// Problems joins the results of a Check into one error, or nil if there are none. thing names what was checked.
func Problems(thing string, list []Problem) error {
	if len(list) == 0 {
		return nil
	}
	sentences := make([]string, len(list))
	for i, p := range list {
		sentences[i] = p.Located(p.Err.Error())
	}
	return NewError(CodeInvalid, "%s can't be used. %s", thing, strings.Join(sentences, " "))
}

// Incomplete reports whether the field is just not filled in yet: such a thing can be saved but not run.
func (p Problem) Incomplete() bool {
	switch ErrorCode(p.Err) {
	case codeStepAccountEmpty, codeStepRegionEmpty, codeExpressionEmpty, codeRoleARNEmpty, codeScriptBodyEmpty, codeScriptPackageEmpty,
		codeScriptFileEmpty, codeScriptFolderEmpty, CodeVariableAccountEmpty, codeAccessKeyEmpty:
		return true
	}
	return false
}

// Unsavable reports whether the thing can't even be saved until the field is corrected.
func (p Problem) Unsavable() bool {
	switch ErrorCode(p.Err) {
	case codeNameEmpty, codeNameEncoding, codeNameLong, codeNameControl, codeNameReserved,
		codeVariableNameEmpty, codeVariableNameLong, codeVariableNameForm,
		codeEnvironmentTwice, codeStepNameTwice, codeValueTwice, codeVariableTwice,
		codeVariableScopeTwice, codeVariableScopeUnknown, codeValueScope, codeSensitivePlain,
		codeEnvNameEmpty, codeEnvNameForm, codeEnvReserved, codeEnvTwice:
		return true
	}
	return false
}
