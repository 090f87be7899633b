package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const asking = `stepdeck: 1
project: P
environments: [Test, Prod]
variables:
  - {name: V, value: usual, prompt: {label: First}}
  - {name: V, value: scoped, scope: [Prod], prompt: {label: Scoped}}
steps:
  - name: A
    values:
      - {name: Own, prompt: {label: Of the step, required: true}}
      - {name: Sure, prompt: {label: Sure, control: checkbox}}
      - {name: Text, prompt: {label: Text, control: multiline}}
      - {name: Size, prompt: {label: Size, control: select, options: [small, large]}}
    aws: {account: none}
    script: {language: bash, body: 'echo "$(get_octopusvariable V)|$(get_octopusvariable Own)|` +
	`$(get_octopusvariable Sure)|$(get_octopusvariable Text)|$(get_octopusvariable Size)"'}
`

func TestTheTerminalAsksWhatTheRunNeeds(t *testing.T) {
	for name, tt := range map[string]struct {
		answers string
		flags   []string
		prints  string
		says    []string
		silent  []string
	}{
		"answered": {
			"v\no\ny\none\ntwo\n.\nlarge\n", []string{"-e", "Test"}, "v|o|True|one\ntwo|large\n",
			[]string{"First [usual]: ", "Of the step: ", "Sure (y/n) [n]: ", "Text: ", "  1) small", "  2) large"}, []string{"Scoped"},
		},
		"the scoped value stands before the other one": {
			"\no\n\n\nsmall\n", []string{"-e", "prod"}, "scoped|o|False||small\n", []string{"Scoped [scoped]: "}, []string{"First"},
		},
		"asked again": {
			"\no\nperhaps\nNO\n\nhuge\nsmall\n", []string{"-e", "Test"}, "usual|o|False||small\n",
			[]string{"Answer y or n.", "That is not one of the options. Choose one of: small, large."}, nil,
		},
		"given": {
			"", []string{"-e", "Test", "--set", "v=1", "--set", "own=2", "--set", "Sure=TRUE", "--set", "Text=4",
				"--set", "Size=large"}, "1|2|True|4|large\n", nil,
			[]string{"First", "Of the step", "Sure", "Text:", "Size"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.project(asking)
			r := d.atTerminal(tt.answers, append([]string{"run", "P"}, tt.flags...)...).wants(0).prints(tt.prints).says(tt.says...)
			for _, not := range tt.silent {
				if strings.Contains(r.err, not) {
					t.Errorf("it says %q:\n%s", not, r.err)
				}
			}
		})
	}
}

// The refusal of a run that can't start comes before any question.
func TestTheTerminalAsksNothingForARunThatCannotStart(t *testing.T) {
	d := newDesk(t)
	d.project(asking)
	if r := d.atTerminal("v\n", "run", "P").wants(2).says("several environments"); strings.Contains(r.err, "First") {
		t.Errorf("it asks first:\n%s", r.err)
	}
}

// One spelling or another: a secret that this computer does not have is asked for once.
func TestTheTerminalAsksForAMissingSecretOnce(t *testing.T) {
	d := newDesk(t)
	d.project("stepdeck: 1\nproject: P\nvariables:\n  - {name: Token, type: sensitive}\nsteps:\n" +
		bash("A", "[ \"$(get_octopusvariable token)\" = s3cret ] && echo known") +
		bash("B", "[ \"$(get_octopusvariable TOKEN)\" = s3cret ] && echo known"))
	r := d.atTerminal("s3cret\n", "run", "P").wants(0).prints("known\nknown\n")
	if n := strings.Count(r.err, "(not shown)"); n != 1 {
		t.Errorf("asked %d times:\n%s", n, r.err)
	}
}

// What an answer can fill is asked for, and what no answer mends is not.
func TestTheTerminalAsksBeforeItRefuses(t *testing.T) {
	d := newDesk(t)
	const file = "stepdeck: 1\nproject: P\nvariables:\n  - {name: Region, prompt: {label: Where}}\nsteps:\n" +
		"  - {name: S, aws: {account: none, region: '#{Region}'}, script: {language: bash, body: 'echo $AWS_REGION'}}\n"
	d.project(file)
	d.atTerminal("\n", "run", "P").wants(3).says("Where: ", "aws.region")
	d.atTerminal("eu-central-1\n", "run", "P").wants(0).prints("eu-central-1\n").says("Where: ")
	d.project(strings.Replace(file, "account: none", "account: nobody", 1))
	if r := d.atTerminal("eu-central-1\n", "run", "P").wants(3).says("nobody"); strings.Contains(r.err, "Where") {
		t.Errorf("it asks for what can't run:\n%s", r.err)
	}
}

const controls = `stepdeck: 1
project: P
variables:
  - {name: Zones, prompt: {label: Zones, control: multiselect, options: [a, b, c], labels: [First, Second, Third]}}
  - {name: Size, value: s, prompt: {label: Size, control: select, options: [s, l], labels: [Small, Large]}}
  - {name: Count, prompt: {label: Count, control: number, min: 1, max: 9}}
  - {name: Day, prompt: {label: Day, control: date}}
  - {name: File, prompt: {label: File, control: file}}
  - {name: Sure, value: "true", prompt: {label: Sure, control: checkbox}}
  - {name: Key, type: sensitive, prompt: {label: Key}}
steps:
  - name: A
    aws: {account: none}
    script: {language: bash, body: 'echo "$(get_octopusvariable Zones)|$(get_octopusvariable Size)|` +
	`$(get_octopusvariable Count)|$(get_octopusvariable Day)|$(get_octopusvariable File)|$(get_octopusvariable Sure)"'}
`

// The menu takes values, labels and numbers, and what no control accepts is asked for again.
func TestTheTerminalAsksForEachControl(t *testing.T) {
	d := newDesk(t)
	d.project(controls)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("keys.csv", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := filepath.Abs("keys.csv")
	if err != nil {
		t.Fatal(err)
	}
	r := d.atTerminal("3, First, x\n3, First\nLARGE\n12\n7\n2026-02-30\n2026-02-28\nkeys\nkeys.csv\n\nhidden\n", "run", "P").wants(0)
	r.prints("a,c|l|7|2026-02-28|" + file + "|True\n")
	r.says("  1) a  First", `"x" is not one of the options`, "Size [s]: ", "  2) l  Large", "Count (from 1 to 9): ",
		"12 is outside of the range",
		`"2026-02-30" is not a date`, "There is no file", "Sure (y/n) [y]: ")

	r = d.atTerminal("\n\n\n\n\nn\n\n", "run", "P").wants(0) // the last values, but for those that the project has
	r.prints("a,c|s|7|2026-02-28|"+file+"|False\n").says("Last time: l", "Count (from 1 to 9) [7]: ", "Day [2026-02-28]: ")
	if strings.Contains(r.err, "Last time: True") || strings.Contains(r.err, "hidden") {
		t.Errorf("it offers what needs no offer:\n%s", r.err)
	}
}

// Without a question, --set goes by the same rules.
func TestValuesOfTheCommandLineAreOnesThatThePromptAccepts(t *testing.T) {
	d := newDesk(t)
	d.project(controls)
	t.Chdir(t.TempDir())
	for _, tt := range []struct{ set, says string }{
		{"Zones=a,d", `"Zones" can't have that value: "d" is not one of the options.`}, {"Count=0", "Use a number from 1 to 9."},
		{"Day=tomorrow", "is not a date"}, {"File=nowhere.txt", "There is no file"}, {"Sure=yes", "Use True or False"},
		{"Size=Small", "one of: s, l"},
	} {
		d.run("run", "P", "--set", tt.set).wants(2).says(tt.says)
	}
	d.run("run", "P", "--set", "Zones=c, b", "--set", "Count= 2 ", "--set", "Sure=FALSE", "--set", "Day=2026-12-24").wants(0).
		prints("b,c|s|2|2026-12-24||False\n")
	d.project(strings.Replace(controls, "name: Count,", "name: Count, value: many,", 1))
	d.run("run", "P").wants(3).says("The run needs a value for", "--set Count=VALUE")
}
