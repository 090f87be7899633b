package script

import (
	"regexp"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
)

// awsCall matches aws where a command can stand, with an argument.
var awsCall = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?:^|[;&|({`=!]|\\b(?:then|do|else|time|exec|if|while|until|return)\\s)\\s*aws(?:\\.exe)?\\s+(?:-{2})?[a-z]")
})

// awsProgram matches aws where Python has it as the program of an argument list or of a command line.
var awsProgram = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[\[(=,+]\s*[fFrRbB]{0,2}["']{1,3}\s*aws(?:\.exe)?(?:["']\s*,|\s+(?:-{2})?[a-z])`)
})

// CallsAWS reports whether a script seems to run the aws command itself. It can be wrong either way.
func CallsAWS(language model.Language, text string) bool {
	if language == model.Python {
		return awsProgram().MatchString(text)
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") && awsCall().MatchString(line) {
			return true
		}
	}
	return false
}
