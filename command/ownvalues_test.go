package command_test

import (
	"strings"
	"testing"
)

// owning is a project whose variable Bucket the step Third gets; the steps before it have values of their own that are called so.
const owning = `stepdeck: 1
project: P
variables:
  - {name: Bucket, value: of-all, prompt: {label: Which bucket}}
  - {name: Alone, value: x}
steps:
  - name: Back up
    aws: {account: none}
    values: [{name: Bucket, value: live-data, prompt: {label: Which bucket}}, {name: Depth, value: "1", prompt: {label: Depth}}]
    script: {language: bash, body: 'echo "back up $(get_octopusvariable Bucket)"'}
  - name: Empty
    aws: {account: none}
    values: [{name: Bucket, value: scratch, prompt: {label: Which bucket}}]
    script: {language: bash, body: 'echo "empty $(get_octopusvariable Bucket)"'}
  - name: a/b
    aws: {account: none}
    values: [{name: Bucket, value: fixed}]
    script: {language: bash, body: 'echo "keep $(get_octopusvariable Bucket)"'}
  - name: Third
    aws: {account: none}
    script: {language: bash, body: 'echo "third $(get_octopusvariable Bucket)"'}
`

// twoOwn is that project without a variable of its own, and without the steps that ask for nothing.
func twoOwn() string {
	steps, _, _ := strings.Cut(owning, "  - name: a/b")
	return strings.Replace(steps, "  - {name: Bucket, value: of-all, prompt: {label: Which bucket}}\n", "", 1)
}

func TestAnAnswerIsForOneStep(t *testing.T) {
	const unchanged = "back up live-data\nempty scratch\nkeep fixed\nthird of-all\n"
	for name, tt := range map[string]struct{ answers, prints string }{
		"none":             {"\n\n\n\n", unchanged},
		"the project's":    {"new\n\n\n\n", strings.Replace(unchanged, "of-all", "new", 1)},
		"of the first one": {"\nnew\n\n\n", strings.Replace(unchanged, "live-data", "new", 1)},
		"of the second":    {"\n\n\nnew\n", strings.Replace(unchanged, "scratch", "new", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.project(owning)
			d.atTerminal(tt.answers, "run", "P").wants(0).prints(tt.prints).
				says("Which bucket [of-all]: ", "Back up: Which bucket [live-data]: ", "Empty: Which bucket [scratch]: ", "Depth [1]: ")
		})
	}
}

// The last value of a step is offered to that step alone.
func TestLastValuesAreThoseOfTheStep(t *testing.T) {
	d := newDesk(t)
	d.project(strings.NewReplacer("value: live-data, ", "", "value: scratch, ", "").Replace(twoOwn()))
	d.run("run", "P", "--set", "Back up/Bucket=one", "--set", "empty/bucket=two").wants(0).prints("back up one\nempty two\n")
	d.atTerminal("\n\n\n", "run", "P").wants(0).prints("back up one\nempty two\n").
		says("Back up: Which bucket [one]: ", "Empty: Which bucket [two]: ")
	d.run("runs", "again", "1").wants(0).prints("back up one\nempty two\n")
	d.run("runs", "again", "1", "--set", "Empty/Bucket=three").wants(0).prints("back up one\nempty three\n")
	d.run("runs", "again", "1", "--exactly").wants(0).prints("back up one\nempty two\n")
}

func TestSetNamesTheStepWhereSeveralHaveTheValue(t *testing.T) {
	for name, tt := range map[string]struct {
		project, set string
		steps        []string
		prints       string
		refuses      []string // what it says, if it refuses
	}{
		"the project's":          {project: owning, set: "Bucket=x", prints: "back up live-data\nempty scratch\nkeep fixed\nthird x\n"},
		"a step's":               {project: owning, set: "back up/bucket=x", prints: "back up x\nempty scratch\nkeep fixed\nthird of-all\n"},
		"a step with a slash":    {project: owning, set: "a/b/Bucket=x", prints: "back up live-data\nempty scratch\nkeep x\nthird of-all\n"},
		"the only step's":        {project: twoOwn(), set: "Depth=2", prints: "back up live-data\nempty scratch\n"},
		"the only chosen step's": {project: twoOwn(), set: "Bucket=x", steps: []string{"Empty"}, prints: "empty x\n"},
		"several steps'": {project: twoOwn(), set: "Bucket=x",
			refuses: []string{"Back up/Bucket, Empty/Bucket", "--set STEP/NAME=VALUE"}},
		"several chosen steps', and the project's that none of them gets": {project: owning, set: "Bucket=x", steps: []string{"Back up", "Empty"},
			refuses: []string{"Back up/Bucket, Empty/Bucket"}},
		"of a step that has none":     {project: owning, set: "Third/Bucket=x", refuses: []string{`no variable "Third/Bucket"`}},
		"of a step that is not there": {project: owning, set: "Emty/Bucket=x", refuses: []string{`Did you mean "Empty/Bucket"?`}},
		"a name with a slash wins": {
			project: strings.Replace(owning, "name: Alone", "name: Empty/Bucket", 1), set: "Empty/Bucket=y",
			prints: "back up live-data\nempty scratch\nkeep fixed\nthird of-all\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.project(tt.project)
			r := d.run(append([]string{"run", "P", "--set", tt.set}, tt.steps...)...)
			if len(tt.refuses) > 0 {
				r.wants(2).says(tt.refuses...)
				return
			}
			r.wants(0).prints(tt.prints)
		})
	}
	d := newDesk(t)
	d.project(twoOwn())
	d.run("run", "P", "--set", "Depth=1", "--set", "Back up/Depth=2").wants(2).says(`"Back up/Depth" is given twice`)
}

// A secret and an environment variable are those of one step, too.
func TestSecretsAndEnvironmentVariablesOfSteps(t *testing.T) {
	d := newDesk(t)
	step := func(name string) string {
		return "  - name: " + name + "\n    aws: {account: none}\n    values: [{name: Token, type: sensitive}]\n" +
			"    environment: [{name: TIER, value: usual}]\n" +
			"    script: {language: bash, body: 'x=\"$(get_octopusvariable Token)\"; echo \"${#x} $TIER\"'}\n"
	}
	d.project("stepdeck: 1\nproject: P\nsteps:\n" + step("A") + step("B"))
	d.run("run", "P").wants(3).says("--set-env A/Token=VAR", "--set-env B/Token=VAR")
	d.atTerminal("hunter2\nhunter2hunter2\n", "run", "P", "--set", "b/env:tier=other").wants(0).prints("7 usual\n14 other\n").
		says("A: Token (not shown)", "B: Token (not shown)")
	d.run("run", "P", "--set", "env:TIER=x").wants(2).says("A/env:TIER, B/env:TIER")
	d.run("run", "P", "--set", "A/Token=x").wants(2).says("is sensitive")
}

func TestCompletionOfStepsOwnValues(t *testing.T) {
	d := newDesk(t)
	d.project(strings.Replace(owning, "value: live-data, prompt: {label: Which bucket}", "prompt: {control: select, options: [a, b]}", 1))
	for typed, want := range map[string]string{
		"":                "Bucket=\tWhich bucket\nAlone=\t\nBack up/Bucket=\t\nDepth=\tDepth\nEmpty/Bucket=\tWhich bucket\na/b/Bucket=\t\n",
		"Back up/Bucket=": "Back up/Bucket=a\nBack up/Bucket=b\n",
	} {
		r := d.ok("__complete", "run", "P", "--set", typed)
		got, _, _ := strings.Cut(r.out, ":")
		if tidy := func(s string) string { return strings.ReplaceAll(s, "\t\n", "\n") }; tidy(got) != tidy(want) {
			t.Errorf("%q is completed by\n%s\nnot by\n%s", typed, got, want)
		}
	}
}
