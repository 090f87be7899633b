package script

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// powerShell prepares a PowerShell script. The bootstrap runs with -File, since -Command turns every failure into exit
// code 1.
func (c *Command) powerShell(in Input) error {
	text, err := c.markedText(in)
	if err != nil {
		return err
	}
	if len(in.Arguments) > 0 {
		in.Parameters = powerShellArguments(in.Arguments)
	}
	placeholders := map[string]string{
		"values": "''", "stop": quotePowerShell(yesNo(in.StopOnFirstFailure)), "script": quotePowerShell(in.Script),
		"parameters": quotePowerShell(unixLines(in.Parameters)), "asks": quotePowerShell(yesNo(asksHowCalled(text))),
	}
	if len(in.Variables) > 0 {
		text, err := powerShellValues(in.Variables)
		if err != nil {
			return err
		}
		path, err := c.write(in.Dir, "values.txt", string(encode(text, UTF8BOM)))
		if err != nil {
			return err
		}
		placeholders["values"] = quotePowerShell(path)
	}
	text, err = fill(in.Bootstraps.PowerShell, placeholders)
	if err != nil {
		return err
	}
	bootstrap, err := c.write(in.Dir, "bootstrap.ps1", string(encode(text, UTF8BOM)))
	if err != nil {
		return err
	}
	c.Args = []string{"-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", bootstrap}
	return nil
}

// powerShellValues returns a separator and then, with it between them, name, value and the names of the variables of PowerShell
// that have the value, for each variable. The separator is a character that is in none of them.
func powerShellValues(variables []model.InputValue) (string, error) {
	owners := ownVariables(variables)
	var parts []string
	for i, v := range variables {
		if err := checkPowerShellValue(v); err != nil {
			return "", err
		}
		var own []string
		for _, name := range owners[i] {
			if !isAutomatic(name) {
				own = append(own, "global:"+name)
			}
		}
		parts = append(parts, v.Name, v.Value, strings.Join(own, " "))
	}
	separator, err := unused(strings.Join(parts, ""))
	if err != nil {
		return "", err
	}
	return separator + strings.Join(parts, separator), nil
}

// isAutomatic reports whether PowerShell sets a variable by itself, although it may not exist yet or only in other scopes.
func isAutomatic(name string) bool {
	switch strings.ToUpper(name) {
	case "_", "PSITEM", "ARGS", "INPUT", "THIS", "FOREACH", "SWITCH", "MATCHES", "LASTEXITCODE", "OFS", "PSCMDLET", "PSBOUNDPARAMETERS",
		"PSSCRIPTROOT", "PSCOMMANDPATH", "MYINVOCATION", "PSDEBUGCONTEXT", "EVENT", "EVENTARGS", "EVENTSUBSCRIBER", "SENDER", "PROFILE",
		"STACKTRACE":
		return true
	}
	return false
}

// unused returns a character that the text doesn't contain. A .NET string holds one below the surrogates as one unit.
func unused(text string) (string, error) {
	used := map[rune]bool{}
	for _, r := range text {
		used[r] = true
	}
	for r := rune(1); r < 0xD800; r++ {
		if !used[r] {
			return string(r), nil
		}
	}
	return "", model.NewError("script.value.characters",
		"The values of the variables use every character that there is, so none is left to keep them apart. Encode one, for example in base64.")
}

// ownVariables returns the names of the variables of PowerShell for each variable: its own name without all that is no
// letter, digit or _, and once more without _. Of several that would have the same one, the last gets it, but one that is
// called so gets it in any case.
func ownVariables(variables []model.InputValue) map[int][]string {
	type claim struct {
		name  string
		index int
	}
	claims := map[string]claim{}
	for _, name := range []func(string) string{
		func(s string) string { return keep(s, false) }, func(s string) string { return keep(s, true) },
		func(s string) string { return map[bool]string{true: s}[s == keep(s, true)] },
	} {
		for i, v := range variables {
			if own := name(v.Name); own != "" && !strings.Contains(v.Name, "[") {
				claims[strings.ToUpper(own)] = claim{own, i}
			}
		}
	}
	owned := map[int][]string{}
	for _, key := range slices.Sorted(maps.Keys(claims)) {
		owned[claims[key].index] = append(owned[claims[key].index], claims[key].name)
	}
	return owned
}

// keep returns the letters and digits of a name, and its underscores if they count.
func keep(name string, underscores bool) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.Is(unicode.Nd, r) || underscores && r == '_' {
			return r
		}
		return -1
	}, name)
}

func checkPowerShellValue(v model.InputValue) error {
	if !utf8.ValidString(v.Value) || !utf8.ValidString(v.Name) {
		return model.NewError("script.value.encoding",
			"The value of variable %q is not valid UTF-8, so PowerShell can't store it. Encode the value, for example in base64.", v.Name)
	}
	return nil
}

// markedText makes a script from a package readable for PowerShell, and returns its text. Windows PowerShell reads UTF-8
// without a BOM in the machine's code page, and PowerShell 7 reads everything else without a mark as UTF-8.
func (c *Command) markedText(in Input) (string, error) {
	text, encoding, err := ReadText(in.Script)
	if err != nil {
		return "", fmt.Errorf("prepare script: %w", err)
	}
	name := filepath.Base(in.Script)
	switch {
	case strings.ContainsRune(text, 0):
		c.Warnings = append(c.Warnings,
			model.NewError("script.file.nul", "The script %q contains NUL characters, so it may not be text. PowerShell may reject it.", name))
		return text, nil
	case encoding == Windows1252:
		c.Warnings = append(c.Warnings, readAsWindows1252(name))
	case in.Tool.Kind != WindowsPowerShell || encoding != UTF8 || isASCII(text):
		return text, nil
	}
	return text, WriteText(in.Script, text, UTF8BOM)
}

func readAsWindows1252(name string) *model.Error {
	return model.NewError("script.file.windows1252",
		"The script %q is not UTF-8, so it is read as windows-1252, the encoding of older editors on Windows. Save it as UTF-8.", name)
}

// asksHowCalled reports whether a script may look at how it was called, or at the way to an error, which takes time to
// answer.
func asksHowCalled(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc([]string{"invocationname", "myinvocation.line", "scriptstacktrace"},
		func(word string) bool { return strings.Contains(text, word) })
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
