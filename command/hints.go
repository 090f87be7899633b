package command

import (
	"fmt"
	"slices"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// hint returns the flag or command that answers a question, or "". The packages below this one name neither, since the
// window shows their sentences too.
func hint(q runner.Question) string {
	switch q := q.(type) {
	case runner.Prompt:
		if q.Variable.Type == model.TypeSensitive {
			return fmt.Sprintf("Set it with --set-env %s=VAR or --set-file %s=FILE.", q.Variable.Name, q.Variable.Name)
		}
		return fmt.Sprintf("Set it with --set %s=VALUE.", q.Variable.Name)
	case runner.MissingSecret:
		return fmt.Sprintf("Set it with --set-env %s=VAR or --set-file %s=FILE.", q.Name, q.Name)
	case runner.AccountKey:
		return fmt.Sprintf("Enter it with: stepdeck account add %q --access-key %s", q.Account.Name, q.Account.AccessKeyID)
	case runner.Confirmation:
		return fmt.Sprintf("Confirm it with --confirm %s.", q.Account.ID)
	case runner.Environments:
		return "Choose it with --environment."
	}
	return ""
}

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
	switch model.ErrorCode(err) {
	case model.CodeStoreFailed:
		return "To check the data folder, run: stepdeck doctor"
	case model.CodePackageConflict:
		return "Import the package with --replace, or under another --version."
	}
	return ""
}
