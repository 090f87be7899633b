package awsenv

import "strings"

// shellWord returns a text as one word of a command that a person copies into a terminal, where nothing in it is expanded: in
// double quotes, which cmd.exe knows too, or as PowerShell writes it.
func shellWord(text string) string {
	if inert(text) {
		return `"` + text + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}
