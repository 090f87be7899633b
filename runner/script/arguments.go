package script

import (
	"regexp"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// commandLine returns the arguments of a Bash or Python script: --NAME VALUE, --NAME for a switch that is on, and --NAME before each
// value of a list.
func commandLine(list []model.Argument) []string {
	var words []string
	for _, a := range list {
		name := "--" + a.Name
		switch a.As {
		case model.ArgumentSwitch:
			if a.IsOn() {
				words = append(words, name)
			}
		case model.ArgumentList:
			for _, v := range a.Values() {
				words = append(words, name, v)
			}
		default:
			words = append(words, name, unixLines(a.Value))
		}
	}
	return words
}

// setBashArguments returns code that sets the positional parameters of the shell.
func setBashArguments(list []model.Argument) string {
	words := commandLine(list)
	for i, w := range words {
		words[i] = quoteBash(w)
	}
	return "set -- " + strings.Join(words, " ") + "\n"
}

// powerShellArguments returns the parameters as code: each value is one string, whatever is in it. The form with a colon serves
// switches and parameters of the type bool alike.
func powerShellArguments(list []model.Argument) string {
	words := make([]string, len(list))
	for i, a := range list {
		switch a.As {
		case model.ArgumentSwitch:
			words[i] = "-" + a.Name + ":$" + map[bool]string{true: "true", false: "false"}[a.IsOn()]
		case model.ArgumentList:
			values := a.Values()
			for j, v := range values {
				values[j] = quotePowerShell(v)
			}
			words[i] = "-" + a.Name + " @(" + strings.Join(values, ", ") + ")"
		default:
			words[i] = "-" + a.Name + " " + quotePowerShell(unixLines(a.Value))
		}
	}
	return strings.Join(words, " ")
}

// ArgumentsText returns arguments as the text of parameters, quoted for the language. Those without a value are left out. ok is false
// if that can't be: outside of PowerShell no text stands for a switch that depends on an expression.
func ArgumentsText(language model.Language, list []model.Argument) (text string, ok bool) {
	var given []model.Argument
	for _, a := range list {
		switch {
		case a.IsEmpty():
		case a.As == model.ArgumentSwitch && model.HasExpression(a.Value):
			return "", false
		default:
			given = append(given, a)
		}
	}
	if language == model.PowerShell {
		return powerShellArguments(given), true
	}
	quote := quoteBash
	if language == model.Python {
		quote = quotePythonArgument
	}
	plain := regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
	words := commandLine(given)
	for i, w := range words {
		if !plain.MatchString(w) {
			words[i] = quote(w)
		}
	}
	return strings.Join(words, " "), true
}

// quotePythonArgument quotes text as one argument for pythonArguments.
func quotePythonArgument(text string) string {
	parts := strings.Split(text, `"`)
	for i, part := range parts {
		parts[i] = part + strings.Repeat(`\`, len(part)-len(strings.TrimRight(part, `\`)))
	}
	return `"` + strings.Join(parts, `\"`) + `"`
}
