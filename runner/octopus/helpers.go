package octopus

import (
	"cmp"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Functions are the names of the functions that a script defines, in lower case.
type Functions map[string]bool

// FunctionsOf returns the functions that texts in a language define, such as the ones that run before every script.
func FunctionsOf(language model.Language, texts ...string) Functions {
	functions := Functions{}
	define := bashFunction()
	switch language {
	case model.PowerShell:
		define = powerShellFunction()
	case model.Python:
		define = pythonFunction()
	}
	for _, text := range texts {
		for _, m := range define.FindAllStringSubmatch(text, -1) {
			functions[strings.ToLower(cmp.Or(m[1:]...))] = true
		}
	}
	return functions
}

// Named returns functions of the given names.
func Named(names ...string) Functions {
	functions := Functions{}
	for _, name := range names {
		functions[strings.ToLower(name)] = true
	}
	return functions
}

// Has reports whether a function is defined.
func (f Functions) Has(name string) bool { return f[strings.ToLower(name)] }

var serverHelper = pattern(`(?i)^(?:new|remove)[-_]octopus\w*(?:target|account|worker)\w*$|^set[-_]environment(?:state|url)$|` +
	`^report[-_]kubernetes_?manifest|^import-scriptmodule$`)

// NeedsServer reports whether a helper tells an Octopus server something, which has no counterpart here.
func NeedsServer(helper string) bool { return serverHelper().MatchString(helper) }
