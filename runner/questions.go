package runner

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

// Question is something that a person has to answer or confirm before a run starts. It is one of the types below. How it is
// answered is up to the user interface.
type Question interface {
	// Key identifies the question: one whose key is accepted is not asked again.
	Key() string
}

// Prompt asks for the value of a variable that has a prompt.
type Prompt struct {
	Variable  model.Variable // with its prompt, and its value if there is no answer
	Step      string         // whose own variable it is; empty: the project's
	ShortName string         // the shortest text by which a person can give the value
	NamesStep bool           // other prompts or values of the project look the same without the step's name
	Required  bool           // the run can't start without an answer
	Last      string         // the value of the last run in this environment; empty if it is not known, or sensitive
}

// Of returns which value an answer is.
func (q Prompt) Of() model.ValueName { return model.ValueName{Step: q.Step, Name: q.Variable.Name} }

// MissingSecret asks for a sensitive variable's value that is not on this computer.
type MissingSecret struct {
	Step      string // whose own variable it is; empty: the project's
	Name      string
	ShortName string // the shortest text by which a person can give the value
}

// Of returns which value an answer is.
func (q MissingSecret) Of() model.ValueName { return model.ValueName{Step: q.Step, Name: q.Name} }

// AccountKey asks for an account's secret key that is not on this computer.
type AccountKey struct{ Account model.Account }

// SignInNeeded asks a person to sign in for an account.
type SignInNeeded struct{ Account model.Account }

// AWSSignIn asks a person to sign in with the aws command, for the profile of an account. Nobody can do it in Stepdeck.
type AWSSignIn struct {
	Account model.Account
	Command string // to run in a terminal, such as aws sso login --profile "dev"
}

// MFACode asks for the code of an account's MFA device.
type MFACode struct{ Account model.Account }

// Confirmation asks to type the id or label of a protected AWS account that the run acts in.
type Confirmation struct{ Account model.AWSAccount }

// Environments asks in which of the project's environments to run.
type Environments struct{ Names []string }

// FirstTime asks to confirm an AWS account in which the project has never acted before.
type FirstTime struct{ Account model.AWSAccount }

// UnseenScript asks to confirm a script that has not been looked at on this computer yet.
type UnseenScript struct {
	Step     string
	Text     string // as written
	Language model.Language
	Hash     string // see [model.ScriptHash]
}

// MissingAWS asks to confirm a script that calls aws, which was not found or doesn't work: Err says why.
type MissingAWS struct {
	Step string
	Err  error
}

// AlreadyRunning asks to confirm a step that another run is running.
type AlreadyRunning struct {
	Step string
	Run  model.Run
}

// Key implements Question.
func (q Prompt) Key() string { return "value " + q.Of().Key() }

// Key implements Question.
func (q MissingSecret) Key() string { return "secret " + q.Of().Key() }

// Key implements Question.
func (q AccountKey) Key() string { return "key " + string(q.Account.ID) }

// Key implements Question. One sign-in serves several accounts.
func (q SignInNeeded) Key() string { return "sign-in " + q.Account.SignInKey() }

// Key implements Question.
func (q AWSSignIn) Key() string { return "profile " + q.Account.Profile }

// Key implements Question.
func (q MFACode) Key() string { return "code " + string(q.Account.ID) }

// Key implements Question.
func (q Confirmation) Key() string { return "protected " + q.Account.ID }

// Key implements Question.
func (q Environments) Key() string { return "environment" }

// Key implements Question.
func (q FirstTime) Key() string { return "first " + q.Account.ID }

// Key implements Question.
func (q UnseenScript) Key() string { return "script " + q.Hash }

// Key implements Question. There is one aws for all steps.
func (q MissingAWS) Key() string { return "aws" }

// Key implements Question.
func (q AlreadyRunning) Key() string {
	return fmt.Sprintf("running %d %s", q.Run.ID, model.NameKey(q.Step))
}

// Title returns the variable's name, after that of the step whose own it is.
func (q MissingSecret) Title() string {
	if q.Step == "" {
		return q.Name
	}
	return q.Step + ": " + q.Name
}

// Title returns the prompt's label, or the variable's name if it has none. It begins with the name of the step where that is needed.
func (q Prompt) Title() string {
	if q.NamesStep {
		return q.Step + ": " + q.label()
	}
	return q.label()
}

func (q Prompt) label() string {
	if q.Variable.Prompt.Label != "" {
		return q.Variable.Prompt.Label
	}
	return q.Variable.Name
}

// Preset returns the value that an answer begins with: the variable's own one, or else that of the last run. It is empty where only
// an expression could be shown that the control has no place for; no answer keeps that.
func (q Prompt) Preset() string {
	value, kind := unprompted(q.Variable), q.Variable.Prompt.Control
	switch {
	case value == "" || !usable(q.Variable):
		return q.Last
	case model.HasExpression(value) && kind != model.ControlText && kind != model.ControlMultiline:
		return ""
	}
	return value
}

// unanswered is an error that is solved by the answer to a question.
type unanswered struct {
	error
	question Question
}

func (u unanswered) Unwrap() error { return u.error }

// QuestionOf returns the question whose answer solves err, or nil.
func QuestionOf(err error) Question {
	var u unanswered
	if errors.As(err, &u) {
		return u.question
	}
	return nil
}

func missingPrompt(q Prompt) error {
	return unanswered{model.NewError("run.prompt.missing", "The run needs a value for %q.", q.Title()), q}
}

func missingSecret(q MissingSecret) error {
	return unanswered{model.NewError("variable.secret.missing",
		"The sensitive variable %q has no value on this computer. Set it for this run, or enter it in the project's variables.", q.Name),
		q}
}

// missingValue is missingSecret, or missingKey for the property of an account.
func missingValue(e entry) error {
	if e.of != nil {
		return missingKey(*e.of)
	}
	return missingSecret(MissingSecret{e.step, e.name, cmp.Or(e.short, e.name)})
}

func missingKey(a model.Account) error {
	return unanswered{model.NewError("account.secret.missing",
		"The account %q has no secret key on this computer. Enter it for the account.", a.Name), AccountKey{a}}
}

// askPerson adds the question to an error that a person can solve by signing in or by entering a code.
func askPerson(a model.Account, err error) error {
	switch model.ErrorCode(err) {
	case model.CodeSignInNeeded, model.CodeSignInEnded:
		switch {
		case a.SignsIn():
			return unanswered{err, SignInNeeded{a}}
		case a.Kind == model.KindProfile:
			return unanswered{err, AWSSignIn{a, awsenv.CommandFor(err)}}
		}
	case model.CodeMFANeeded:
		return unanswered{err, MFACode{a}}
	}
	return err
}
