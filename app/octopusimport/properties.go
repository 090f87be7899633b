package octopusimport

import (
	"maps"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// mostShown is how much of a value the report shows, in bytes.
const mostShown = 600

// mostProperties is how many properties the report shows of one thing.
const mostProperties = 60

// properties shows the values of the properties whose names begin with one of some texts, so that a person can build anew what is
// left out.
func (c *converter) properties(item *Item, p octopusjson.Texts, beginnings ...string) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(p)) {
		value := p[name]
		if beginsWith(name, beginnings) && (value.Hidden || strings.TrimSpace(value.Value) != "") {
			names = append(names, name)
		}
	}
	for _, name := range names[:min(len(names), mostProperties)] {
		item.missing("", "In Octopus, %s is %s.", titleOf(name), shownProperty(name, p[name]))
	}
	if more := len(names) - mostProperties; more > 0 {
		item.missing("Look at them in the export.", "In Octopus it has %s.", model.Count(more, "more property", "more properties"))
	}
}

func beginsWith(name string, beginnings []string) bool {
	return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(name, b) })
}

// titleOf returns the name of a property, without what all of them begin with.
func titleOf(property string) string {
	return model.SafeLine(strings.TrimPrefix(property, "Octopus.Action."))
}

// shownProperty returns the value of a property, but for secrets: those that Octopus hides, and those that stand in the export although
// their names or values say what they are.
func shownProperty(name string, value octopusjson.Text) string {
	switch {
	case value.Hidden:
		return "a sensitive value, which no export contains"
	case secretName().MatchString(name) && !isHarmless(value.Value), strings.Contains(value.Value, "PRIVATE KEY-----"),
		value.Other && secretName().MatchString(value.Value): // of an object
		return "a value that may be a secret, so it is not shown"
	}
	return told(value.Value)
}

// secretName matches names of properties that can hold secrets.
var secretName = pattern(`(?i)password|passphrase|secret|token|credential|(api|access|private)[ _-]?key|connection[ _-]?string`)

// isHarmless reports whether a value is no secret, whatever its property is called: a switch, or an expression alone.
func isHarmless(value string) bool {
	value = strings.TrimSpace(value)
	return strings.EqualFold(value, "true") || strings.EqualFold(value, "false") || model.HasExpression(value) && onlyName(value) != ""
}

// userInfo matches the name and the password in a URL.
var userInfo = pattern(`://[^/\s"'@]+@`)

// told returns a text of the export for a sentence, on one line, without what URLs can contain of passwords.
func told(text string) string {
	line := strings.Join(strings.Fields(userInfo().ReplaceAllString(text, "://…@")), " ")
	return model.SafeQuote(line, mostShown)
}

// otherProperties shows the properties of an action that has no counterpart: all but those that other sentences tell of.
func (c *converter) otherProperties(item *Item, p octopusjson.Texts) {
	left := octopusjson.Texts{}
	for name, value := range p {
		if !strings.HasPrefix(name, "Octopus.") || beginsWith(name, []string{
			"Octopus.Action.Template.", "Octopus.Action.AutoRetry.", "Octopus.Action.ExecutionTimeout.", "Octopus.Action.RunOnServer",
			"Octopus.Action.AwsAccount.", "Octopus.Action.Aws.Assume", "Octopus.Action.Aws.Region", "Octopus.Action.ConditionVariableExpression",
			"Octopus.Step.", "Octopus.Action.TargetRoles", "Octopus.Action.MaxParallelism",
		}) {
			continue
		}
		left[name] = value
	}
	c.properties(item, left, "Octopus.")
}

// gitFiles shows where the files of Git repositories are that an action uses.
func (c *converter) gitFiles(item *Item, list []octopusjson.GitDependency) {
	for _, g := range list {
		for _, part := range []struct{ title, value string }{
			{"name", string(g.Name)}, {"URL", string(g.RepositoryURI)}, {"reference", string(g.DefaultBranch)},
			{"path", strings.Join(stringsOf(g.FilePathFilters), ", ")},
		} {
			if strings.TrimSpace(part.value) != "" {
				item.missing("", "In Octopus, the %s of its Git repository is %s.", part.title, told(part.value))
			}
		}
	}
}

func stringsOf(list []octopusjson.String) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
