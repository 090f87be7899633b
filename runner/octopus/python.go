package octopus

import (
	"cmp"
	"strings"
)

var (
	pythonRead = pattern(`^(get_octopusvariable\s*\(\s*|octopusvariables\s*(?:\[\s*|\.\s*get\s*\(\s*))` +
		`(?:[rRuU]?'([^'\n]*)'|[rRuU]?"([^"\n]*)"|(f['"]|[^\s)\]]))`)
	pythonAsks     = pattern(`(?:'([^'\n]*)'|"([^"\n]*)")\s+(?:not\s+)?in\s+octopusvariables\b`)
	pythonAssigned = pattern(`^octopusvariables\s*\[\s*(?:'([^'\n]*)'|"([^"\n]*)")\s*\]\s*=[^=]`)
	pythonHelper   = pattern(`^(?:` + pythonFamily + `)$`)
	pythonFunction = pattern(`(?m)\bdef\s+(\w+)`)
)

// pythonFamily are the names that only a helper of Octopus has.
const pythonFamily = `[a-z]+_octopus\w*|create_?artifact|update_?progress|fail_?step|execute_with_retry|` +
	`(?:print_?|write_)(?:verbose|debug|highlight|wait|warning)|set_environment(?:state|url)|` +
	`(?:en|de)code_servicemessagevalue|report_kubernetes_manifest(?:_file)?`

func (f *finder) python() {
	of := classes("python", f.text)
	noComments := blank(f.text, of, comment)
	f.uses.text = noComments
	assigned := map[int]bool{}
	f.each(noComments, "octopusvariables", pythonAssigned, func(at int, _ []string) { assigned[at] = true })
	for _, word := range []string{"octopusvariables", "get_octopusvariable"} {
		f.each(noComments, word, pythonRead, func(at int, m []string) {
			if !assigned[at] {
				f.pythonReads(at, m)
			}
		})
	}
	if strings.Contains(noComments, "octopusvariables") {
		for _, m := range pythonAsks().FindAllStringSubmatchIndex(noComments, -1) {
			from, to := max(m[2], m[4]), max(m[3], m[5]) // the one that does not match is -1
			f.variable(noComments[from:to], m[0], true)
		}
	}
	f.calls(blank(noComments, of, single), pythonHelper, pythonFunction)
}

// pythonReads takes one read of a variable: how it reads it, and its name, or what makes up the name.
func (f *finder) pythonReads(at int, m []string) {
	name, isGet := cmp.Or(m[2], m[3]), strings.Contains(m[1], ".")
	if m[4] != "" || strings.Contains(name, "#{") {
		f.uses.Dynamic = true
		return
	}
	f.add(Use{Name: name, Raises: !isGet}, at)
}
