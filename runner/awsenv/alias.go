package awsenv

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// AliasNotice tells of the commands that ~/.aws/cli/alias defines, nil where there are none. The aws program runs them
// even where its configuration is isolated, and nothing but another home folder keeps it from that. So a person should
// know: an alias that is named like a command, such as sts, stands in its place.
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
	return model.NewError("aws.alias", "The aws program also runs the aliases in %s, in every script: %s. Rename those that stand in the place of a command.", file, printable(strings.Join(names, ", ")))
}

// aliases names what an alias file defines: aliases of the top level, and "ec2 name" those of a command.
func aliases(file string) []string {
	var names []string
	prefix, counts := "", false
	for line := range strings.SplitSeq(file, "\n") {
		text := strings.TrimSpace(line)
		switch {
		case text == "", text[0] == '#', text[0] == ';':
		case text[0] == '[':
			section := strings.TrimSpace(strings.Trim(text, "[]"))
			prefix, counts = strings.CutPrefix(section, "command ")
			if section == "toplevel" {
				prefix, counts = "", true
			} else if counts {
				prefix += " "
			}
		case counts && line[0] != ' ' && line[0] != '\t': // an indented line goes on from the one before
			if name, _, found := strings.Cut(text, "="); found {
				names = append(names, prefix+strings.TrimSpace(name))
			}
		}
	}
	return names
}
