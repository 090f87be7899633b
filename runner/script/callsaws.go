package script

import (
	"regexp"
	"strings"
	"sync"
)

// awsCall matches aws where a command can stand, with an argument.
var awsCall = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?:^|[;&|({`=!]|\\b(?:then|do|else|time|exec|if|while|until|return)\\s)\\s*aws(?:\\.exe)?\\s+(?:-{2})?[a-z]")
})

// CallsAWS reports whether a script seems to run the aws command itself. It reads the text as Bash and PowerShell both have it,
// and can be wrong either way.
func CallsAWS(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") && awsCall().MatchString(line) {
			return true
		}
	}
	return false
}
