package command

import (
	"fmt"
	"slices"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// how says how a question is answered in a terminal; the sentences below this package name no flag and no command.
func how(q runner.Question) string {
	switch q := q.(type) {
	case runner.Prompt:
		if q.Variable.Type == model.TypeSensitive {
			return fmt.Sprintf("Give it with --set-env %s=VAR or --set-file %s=FILE.", q.Variable.Name, q.Variable.Name)
		}
		return fmt.Sprintf("Give it with --set %s=VALUE.", q.Variable.Name)
	case runner.MissingSecret:
		return fmt.Sprintf("Give it with --set-env %s=VAR or --set-file %s=FILE.", q.Name, q.Name)
	case runner.AccountKey:
		return fmt.Sprintf("Enter it with: stepdeck account add %q --access-key %s", q.Account.Name, q.Account.AccessKeyID)
	case runner.Confirmation:
		return fmt.Sprintf("Confirm it with --confirm %s.", q.Account.ID)
	case runner.Environments:
		return "Choose it with --environment."
	}
	return ""
}

// hows says it of several questions, the same once.
func hows(questions []runner.Question) []string {
	var list []string
	for _, q := range questions {
		if line := how(q); line != "" && !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	return list
}

// howTo says what else can be done about an error in a terminal.
func howTo(err error) string {
	if q := runner.QuestionOf(err); q != nil {
		return how(q)
	}
	switch model.ErrorCode(err) {
	case model.CodeStoreFailed:
		return "stepdeck doctor looks at the data folder."
	case model.CodePackageConflict:
		return "Import the package with --replace, or under another --version."
	}
	return ""
}
