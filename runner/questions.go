package runner

import (
	"errors"
	"fmt"

	"github.com/stepdeck/stepdeck/model"
)

// Question is what a person has to answer, or to know of, before a run starts. It is one of the types below; how it is
// answered is the face's to say.
type Question interface {
	// Key tells the question from others: one whose key is accepted is not asked again.
	Key() string
}

// Prompt asks for a value that the project or a step wants to be asked for.
type Prompt struct {
	Variable model.Variable // says how it is asked for, and what it is without an answer
	Step     string         // whose own value it is; empty: the project's
	Required bool           // the run can't start without an answer
}

// MissingSecret asks for a sensitive variable's value, which this computer does not have.
type MissingSecret struct{ Name string }

// AccountKey asks for the secret key of an account, which this computer does not have.
type AccountKey struct{ Account model.Account }

// Confirmation asks for the id or label of a protected AWS account that the run acts in.
type Confirmation struct{ Account model.AWSAccount }

// Environments asks which of the project's environments the run is in.
type Environments struct{ Names []string }

// FirstTime tells that the project never acted in an AWS account before.
type FirstTime struct{ Account model.AWSAccount }

// UnseenScript tells that nobody at this computer has seen a script yet.
type UnseenScript struct {
	Step     string
	Text     string // as written
	Language model.Language
	Hash     string // see ScriptHash
}

// AlreadyRunning tells that a step runs already, in another run.
type AlreadyRunning struct {
	Step string
	Run  model.Run
}

// Key implements Question.
func (q Prompt) Key() string { return "value " + model.NameKey(q.Variable.Name) }

// Key implements Question.
func (q MissingSecret) Key() string { return "secret " + model.NameKey(q.Name) }

// Key implements Question.
func (q AccountKey) Key() string { return "key " + string(q.Account.ID) }

// Key implements Question.
func (q Confirmation) Key() string { return "protected " + q.Account.ID }

// Key implements Question.
func (q Environments) Key() string { return "environment" }

// Key implements Question.
func (q FirstTime) Key() string { return "first " + q.Account.ID }

// Key implements Question.
func (q UnseenScript) Key() string { return "script " + q.Hash }

// Key implements Question.
func (q AlreadyRunning) Key() string {
	return fmt.Sprintf("running %d %s", q.Run.ID, model.NameKey(q.Step))
}

// Title is what the person calls the value.
func (q Prompt) Title() string {
	if q.Variable.Prompt.Label != "" {
		return q.Variable.Prompt.Label
	}
	return q.Variable.Name
}

// unanswered is an error that the answer to a question solves.
type unanswered struct {
	error
	question Question
}

func (u unanswered) Unwrap() error { return u.error }

// QuestionOf returns the question whose answer solves err, nil where none does.
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

func missingSecret(name string) error {
	return unanswered{model.NewError("variable.secret.missing",
		"The sensitive variable %q has no value on this computer. Give one for the run, or enter it in the project's variables.", name),
		MissingSecret{name}}
}

func missingKey(a model.Account) error {
	return unanswered{model.NewError("account.secret.missing",
		"The account %q has no secret key on this computer. Enter it for the account.", a.Name), AccountKey{a}}
}
