package command_test

import (
	"strings"
	"testing"
)

const labelled = `stepdeck: 1
project: P
variables:
  - {name: Server, prompt: {label: Server, control: select, options: ["3", i-1, i-2, web], labels: [web, db, DB, first]}}
steps:
  - name: S
    aws: {account: none}
    script: {language: bash, body: 'echo "got $(get_octopusvariable Server)"'}
`

// An answer is a value, or the number of one, or a label that one value has; which value that is, the terminal says.
func TestAnAnswerInAMenuMeansOneValue(t *testing.T) {
	for answers, want := range map[string]struct{ value, says string }{
		"3\n":       {"3", ""},
		"2\n":       {"i-1", "Chosen: i-1"},
		"web\n":     {"web", ""},
		"first\n":   {"web", "Chosen: web"},
		"db\ni-2\n": {"i-2", `"db" can mean several values: i-1, i-2.`},
		"WEB\n1\n":  {"3", `"WEB" can mean several values: 3, web.`},
	} {
		d := newDesk(t)
		d.project(labelled)
		r := d.atTerminal(answers, "run", "P").wants(0).prints("got " + want.value + "\n").says(want.says)
		if want.says == "" && strings.Contains(r.err, "Chosen") {
			t.Errorf("after %q it says what was typed:\n%s", answers, r.err)
		}
	}
}

// A value that is not shown wins over the number of one that is, and a default that AWS does not have is refused once that is known.
func TestAnAnswerAmongChoicesFromAWS(t *testing.T) {
	d := newDesk(t)
	d.project(strings.Replace(choosing, "prompt: {label: Which bucket,", "value: gone, prompt: {label: Which bucket,", 1))
	d.withAWS(`[ "$1" = s3api ] && { echo '["zebra","1","alpha"]'; exit; }; echo '[]'`)
	d.atTerminal("?zeb\n1\n\n", "run", "Choosing").wants(0).prints("1|t\n")
	d.atTerminal("?\n\n3\n\n", "run", "Choosing").wants(0).prints("zebra|t\n").
		says(`"gone" is not one of the values that AWS has`, "Chosen: zebra")
	d.atTerminal("\n\n", "run", "Choosing").wants(0).prints("gone|t\n")
}
