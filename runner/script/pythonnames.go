package script

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// PythonHelpers returns the names that Python scripts find.
func PythonHelpers() []string { return pythonHelpers() }

// pythonHelpers returns the names that the bootstrap gives to Python scripts.
func pythonHelpers() []string {
	names := []string{
		"octopusvariables", "get_octopusvariable", "set_octopusvariable", "createartifact", "create_artifact", "new_octopusartifact",
		"updateprogress", "update_progress", "failstep", "fail_step", "execute_with_retry", "encode_servicemessagevalue",
		"decode_servicemessagevalue", "set_environmentstate", "set_environmenturl", "new_octopustarget", "remove_octopustarget",
		"report_kubernetes_manifest", "report_kubernetes_manifest_file",
	}
	for _, level := range []string{"verbose", "highlight", "wait", "warning", "debug"} {
		names = append(names, "print"+level, "print_"+level, "write_"+level)
	}
	return names
}

// usedName matches a name that is called or indexed, and is not an attribute.
var usedName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:^|[^.\w])([A-Za-z_]\w*)[ \t]*[(\[]`) })

// family matches the names of helpers that Octopus has or that people take for one, in lower case. Bash and PowerShell have the same
// families, in helpers.sh and bootstrap.ps1.
var family = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`octopus|^(?:write_\w+|print_?(?:hi|verb|warn|wai|deb)\w*|fail_?step\w*|update_?progres\w*|` +
		`execute_with_?re\w*|set_environment\w*|report_kubernetes\w*|(?:en|de)code_?servicemessage\w*)$`)
})

// misspelt returns the names in a Python script that are like those of helpers. The bootstrap makes each fail the step where
// the script uses it and has nothing of that name itself.
func misspelt(text string) []string {
	helpers := pythonHelpers()
	var found []string
	for _, match := range usedName().FindAllStringSubmatch(text, -1) {
		if name := match[1]; !slices.Contains(helpers, name) && !slices.Contains(found, name) && isLikeHelper(name, helpers) {
			found = append(found, name)
		}
	}
	return found
}

// maxMisspelt is how many letters a misspelt name may differ in.
const maxMisspelt = 2

func isLikeHelper(name string, helpers []string) bool {
	lower := strings.ToLower(name)
	if family().MatchString(lower) {
		return true
	}
	return slices.ContainsFunc(helpers, func(helper string) bool { return distance(lower, helper) <= maxMisspelt })
}

// distance returns how many letters to insert, remove or replace to make b of a (Levenshtein), or more than maxMisspelt.
func distance(a, b string) int {
	if len(a) > len(b)+maxMisspelt || len(b) > len(a)+maxMisspelt {
		return maxMisspelt + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
