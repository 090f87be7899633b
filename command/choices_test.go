package command_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// choosing is a project with two variables that have choices: of Stepdeck's own command, and of one that the project has.
const choosing = `stepdeck: 1
project: Choosing
accounts:
  - {name: Box, endpoint: sandbox}
variables:
  - {name: aws.account, type: aws-account, value: Box}
  - {name: Bucket, prompt: {label: Which bucket, control: select, choices: {of: bucket}}}
  - {name: Table, value: t, prompt: {label: Tables, control: multiselect, ` +
	`choices: {of: command, command: [dynamodb, list-tables], query: 'TableNames[]'}}}
steps:
  - name: S
    aws: {account: aws.account, region: eu-west-1}
    script: {language: bash, body: 'echo "$(get_octopusvariable Bucket)|$(get_octopusvariable Table)"'}
`

// withAWS has the command use a program in the place of aws, which prints what AWS would have it print. It returns how often that ran.
func (d *desk) withAWS(script string) (calls func() int) {
	d.t.Helper()
	if runtime.GOOS == "windows" {
		d.t.Skip("NOT SHOWN: the program in the place of aws is a script of sh")
	}
	path := filepath.Join(d.t.TempDir(), "aws")
	text := "#!/bin/sh\n[ \"$1\" = --version ] && { echo aws-cli/2.30.0; exit; }\necho call >>'" + path + ".calls'\n" + script + "\n"
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		d.t.Fatal(err)
	}
	d.ok("settings", "set", "tool.aws", path)
	return func() int {
		text, _ := os.ReadFile(path + ".calls")
		return strings.Count(string(text), "call")
	}
}

// manyTables answers with 25 tables and two buckets.
const manyTables = `[ "$1" = s3api ] && { echo '["zebra","alpha"]'; exit; }
printf '[["t0","first, of all"]'; 
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do printf ',"t%d"' $i; done; echo ']'`

func TestChoicesArePrinted(t *testing.T) {
	d := newDesk(t)
	d.project(choosing)
	d.withAWS(manyTables)
	d.run("choices", "choosing", "bucket").wants(0).prints("alpha\nzebra\n").
		says("aws s3api list-buckets", "As step S: arn:aws:iam::", "eu-west-1")
	d.run("choices", "Choosing", "Table", "--filter", "OF first").wants(0).prints("t0\tfirst, of all\n").says("aws dynamodb list-tables")
	d.run("choices", "Choosing", "Bucket", "--json").wants(0).
		prints(`{"value":"alpha","label":""}` + "\n" + `{"value":"zebra","label":""}` + "\n")
	d.run("choices", "Choosing", "aws.account").wants(2).says("has choices from AWS")
	d.withAWS("echo '[]'")
	d.run("choices", "Choosing", "Bucket").wants(0).prints("").says("AWS has none.")
	d.withAWS("echo 'An error occurred (AccessDenied) when calling ListBuckets: \033[31mno' >&2; exit 254")
	if r := d.run("choices", "Choosing", "Bucket").wants(2).says("AWS refused", "AccessDenied"); strings.Contains(r.err, "\x1b") {
		t.Errorf("it prints what moves the cursor: %q", r.err)
	}
}

func TestTheTerminalOffersChoices(t *testing.T) {
	for name, tt := range map[string]struct {
		answers string
		prints  string
		says    []string
		calls   int
	}{
		"typed":             {"mine\n\n", "mine|t\n", []string{"with: aws s3api list-buckets", "with: aws dynamodb list-tables"}, 0},
		"listed":            {"?\n1\n\n", "alpha|t\n", []string{"As step S", "  1) alpha", "  2) zebra"}, 1},
		"none of them":      {"?\nmine\nzebra\n\n", "zebra|t\n", []string{`"mine" is not one of the values that AWS has`}, 1},
		"several, narrowed": {"a\n?\n?t2\n1, t24,t0\n", "a|t2,t24,t0\n", []string{"There are 5 more", "  1) t2", "  6) t24"}, 1},
		"nothing like that": {"?qq\n?zeb\n1\n\n", "zebra|t\n", []string{`None has "qq" in it.`}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.project(choosing)
			calls := d.withAWS(manyTables)
			d.atTerminal(tt.answers, "run", "Choosing").wants(0).prints(tt.prints).says(tt.says...)
			if calls() != tt.calls {
				t.Errorf("aws ran %d times, want %d", calls(), tt.calls)
			}
		})
	}
}

func TestTheTerminalSaysWhyThereAreNoChoices(t *testing.T) {
	d := newDesk(t)
	d.project(choosing)
	d.withAWS("echo 'An error occurred (AccessDenied)' >&2; exit 254")
	d.atTerminal("?\nmine\n\n", "run", "Choosing").wants(0).prints("mine|t\n").says("AWS refused", "AccessDenied")
}

// What a project has of its own is not run before anybody has seen it.
func TestTheShellCompletesChoices(t *testing.T) {
	d := newDesk(t)
	d.project(choosing)
	calls := d.withAWS(manyTables)
	if r := d.ok("__complete", "run", "Choosing", "--set", "Bucket="); !strings.HasPrefix(r.out, "Bucket=alpha") || calls() != 1 {
		t.Errorf("it offers %q after %d calls", r.out, calls())
	}
	if r := d.ok("__complete", "run", "Choosing", "--set", "Table="); strings.Contains(r.out, "t1") || calls() != 1 {
		t.Errorf("it offers %q after %d calls", r.out, calls())
	}
	if r := d.ok("__complete", "choices", "Choosing", ""); !strings.HasPrefix(r.out, "Bucket\nTable\n") {
		t.Errorf("it offers %q", r.out)
	}
}
