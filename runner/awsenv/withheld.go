package awsenv

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
)

// Of the variables that are dropped, those that nobody misses: they belong to the engine or its terminal.
var unmissed = []string{
	"SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "BASH_XTRACEFD", "PWD", "OLDPWD", "SHLVL", "FORCE_COLOR", "CLICOLOR_FORCE",
}

var unmissedPrefixes = []string{"BASH_FUNC_", "STEPDECK_", "FYNE_", "PYINSTALLER_", "_"}

// Withheld returns the names, sorted, of the inherited variables that a script may miss in the environment that [Environ]
// returns for the same arguments: those that are dropped without a value of Stepdeck in their place, and those that name the
// person's AWS files if the script has its own.
func Withheld(inherited []string, s Session, o Options) []string {
	e := environment{windows: cmp.Or(o.OS, runtime.GOOS) == "windows", values: map[string]Variable{}}
	for _, v := range slices.Concat(always, s.Environment, o.Chosen, o.Extra) {
		e.set(v.Name, v.Value)
	}
	var names []string
	for _, entry := range inherited {
		name, value, found := split(entry)
		if !found || strings.TrimSpace(value) == "" || e.keeps(name, value, o.PrivateConfig != "") || e.nobodyMisses(name) {
			continue
		}
		if _, replaced := e.values[e.key(name)]; !replaced {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (e environment) nobodyMisses(name string) bool {
	key := e.key(name)
	return slices.Contains(unmissed, key) ||
		slices.ContainsFunc(unmissedPrefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}
