package octopus

import "cmp"

var (
	pythonRead = pattern(`^(?:get_octopusvariable\s*\(\s*|octopusvariables\s*(?:\[\s*|\.\s*get\s*\(\s*))` +
		`(?:[rRuU]?'([^'\n]*)'|[rRuU]?"([^"\n]*)"|(f['"]|[^\s)\]]))`)
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
			switch {
			case assigned[at]:
			case m[3] != "":
				f.uses.Dynamic = true
			default:
				f.named(cmp.Or(m[1], m[2]), at, false, false)
			}
		})
	}
	f.calls(blank(noComments, of, single), pythonHelper, pythonFunction)
}
