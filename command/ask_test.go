package command_test

import (
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
			[]string{"First [usual]: ", "Of the step: ", "Sure (y/n) [n]: ", "Text: ", "small, large"}, []string{"Scoped"},
		},
		"the scoped value stands before the other one": {
			"\no\n\n\nsmall\n", []string{"-e", "prod"}, "scoped|o|False||small\n", []string{"Scoped [scoped]: "}, []string{"First"},
		},
		"asked again": {
			"\no\nperhaps\nNO\n\nhuge\nsmall\n", []string{"-e", "Test"}, "usual|o|False||small\n",
			[]string{"Answer y or n.", "Choose one of: small, large"}, nil,
		},
		"given": {
			"", []string{"-e", "Test", "--set", "v=1", "--set", "own=2", "--set", "Sure=3", "--set", "Text=4",
				"--set", "Size=large"}, "1|2|3|4|large\n", nil,
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
	d.atTerminal("eu-central-1\n", "run", "P").wants(0).prints("eu-central-1\n").says("Where: ")
	d.atTerminal("\n", "run", "P").wants(3).says("Where: ", "aws.region")
	d.project(strings.Replace(file, "account: none", "account: nobody", 1))
	if r := d.atTerminal("eu-central-1\n", "run", "P").wants(3).says("nobody"); strings.Contains(r.err, "Where") {
		t.Errorf("it asks for what can't run:\n%s", r.err)
	}
}
