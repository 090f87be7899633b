package octopus

import (
	"cmp"
	"strings"
)

var (
	bashRead = pattern(`^get_octopusvariable[ \t]+(?:'([^'\n]*)'|\\?"([^"\n]*?)\\?"|([^\s;|&)<>` + "`" + `'"]+))`)
	// octopus_parameters is an array of all values that Bash 4.2 and later have.
	bashArray    = pattern(`^octopus_parameters\[(?:'([^'\n]*)'|"([^"\n]*)"|([^\]\n]*))\](=)?`)
	bashHelper   = pattern(`^(?:` + bashFamily + `)$`)
	bashFunction = pattern(`(?m)(?:^|[;&({])[ \t]*(?:function[ \t]+([\w-]+)|([\w-]+)[ \t]*\(\))`)
)

// bashFamily are the names that only a helper of Octopus has.
const bashFamily = `[a-z]+[_-]octopus\w*|write_(?:verbose|highlight|wait|warning|error|debug)|fail_step|failstep|update_progress|` +
	`execute_with_retry|set_environment(?:state|url)|report_kubernetes_manifest(?:_file)?|(?:en|de)code_servicemessagevalue`

func (f *finder) bash() {
	of := classes("bash", f.text)
	noComments := blank(f.text, of, comment)
	f.uses.text = noComments
	f.each(noComments, "get_octopusvariable", bashRead, func(at int, m []string) { f.bashName(at, m) })
	f.each(noComments, "octopus_parameters", bashArray, func(at int, m []string) {
		if m[4] == "" && m[3] != "@" && m[3] != "*" {
			f.bashName(at, m)
		}
	})
	f.calls(blank(noComments, of, single), bashHelper, bashFunction)
}

// bashName takes the name of a variable: in single quotes, in double quotes, or without any.
func (f *finder) bashName(at int, m []string) {
	switch {
	case m[1] != "":
		f.named(m[1], at, false, false)
	case strings.ContainsAny(m[2]+m[3], "$`"):
		f.uses.Dynamic = true
	default:
		f.named(strings.ReplaceAll(cmp.Or(m[2], m[3]), `\`, ""), at, false, false)
	}
}
