package awsenv

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// AliasNotice warns of the commands that ~/.aws/cli/alias defines; it returns nil if there are none. The aws command
// runs them even if its configuration is isolated; only another home folder prevents that. An alias with the name of a
// command, such as sts, replaces it.
func AliasNotice(home string) *model.Error {
	file := filepath.Join(home, ".aws", "cli", "alias")
	body, err := os.ReadFile(file)
	if err != nil {
		return nil //nolint:nilerr // no file, no aliases
	}
	names := aliases(string(body))
	if len(names) == 0 {
		return nil
	}
	return model.NewError("aws.alias", "The aws command runs the aliases in %s in every script: %s. Rename those that replace a command.",
		file, transport.Printable(strings.Join(names, ", ")))
}

// aliases returns the names defined in an alias file: top-level aliases, and "ec2 name" for those of a command.
func aliases(file string) []string {
	var names []string
	prefix, inSection := "", false
	for line := range strings.SplitSeq(file, "\n") {
		text := strings.TrimSpace(line)
		switch {
		case text == "", text[0] == '#', text[0] == ';':
		case text[0] == '[':
			section := strings.TrimSpace(strings.Trim(text, "[]"))
			prefix, inSection = strings.CutPrefix(section, "command ")
			if section == "toplevel" {
				prefix, inSection = "", true
			} else if inSection {
				prefix += " "
			}
		case inSection && line[0] != ' ' && line[0] != '\t': // an indented line continues the previous one
			if name, _, found := strings.Cut(text, "="); found {
				names = append(names, prefix+strings.TrimSpace(name))
			}
		}
	}
	return names
}
