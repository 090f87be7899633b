package command

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// hint returns the flag or command that answers a question, or "". The packages below this one name neither, since the
// window shows their sentences too.
func hint(q runner.Question) string {
	switch q := q.(type) {
	case runner.Prompt:
		if q.Variable.Type == model.TypeSensitive {
			return setSecretHint(q.ShortName)
		}
		return "Set it with --set " + argument(q.ShortName+"=VALUE") + "."
	case runner.MissingSecret:
		return setSecretHint(q.ShortName)
	case runner.AccountKey:
		return fmt.Sprintf("Enter it with: stepdeck account add %q --access-key %s", q.Account.Name, q.Account.AccessKeyID)
	case runner.SignInNeeded:
		return loginHint(q.Account)
	case runner.MFACode:
		return loginHint(q.Account)
	case runner.Confirmation:
		return fmt.Sprintf("Confirm it with --confirm %s.", q.Account.ID)
	case runner.Environments:
		return "Choose it with --environment."
	}
	return ""
}

func setSecretHint(name string) string {
	return fmt.Sprintf("Set it with --set-env %s or --set-file %s.", argument(name+"=VAR"), argument(name+"=FILE"))
}

// argument returns a text as an argument on a command line: in quotation marks if it has a blank.
func argument(text string) string {
	if strings.ContainsFunc(text, unicode.IsSpace) {
		return strconv.Quote(text)
	}
	return text
}

// loginHint returns the command by which a person signs in, or enters a code.
func loginHint(a model.Account) string {
	switch {
	case a.SignsIn() && a.ID == "": // an access portal for which no account is saved
		return "Sign in: run this command at a terminal, or add an account and sign in for it."
	case a.SignsIn():
		return fmt.Sprintf("Sign in with: stepdeck account login %q", a.Name)
	case a.Kind == model.KindProfile || a.MFADevice != "":
		return fmt.Sprintf("Enter a code with: stepdeck account login %q, or name its variable with --mfa-code-env.", a.Name)
	}
	return ""
}

// hinted is an error that is solved by a flag or command.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// hints returns the hints for questions, without duplicates.
func hints(questions []runner.Question) []string {
	var list []string
	for _, q := range questions {
		if line := hint(q); line != "" && !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	return list
}

// errorHint returns the flag or command that helps with an error, or "".
func errorHint(err error) string {
	if q := runner.QuestionOf(err); q != nil {
		return hint(q)
	}
	var h hinted
	if errors.As(err, &h) {
		return h.hint
	}
	switch model.ErrorCode(err) {
	case model.CodeStoreFailed:
		return "To check the data folder, run: stepdeck doctor"
	case runner.CodeSeveralValues:
		return "Name one as in --set STEP/NAME=VALUE."
	case model.CodePackageConflict:
		return "Import the package with --replace, or under another --version."
	}
	return ""
}
