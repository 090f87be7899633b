//go:build !windows

package runs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/settings"
)

// withAWS puts a program in the place of aws, which prints what AWS would have it print. It counts its calls.
func (f *fixture) withAWS(script string) (calls func() int) {
	f.t.Helper()
	path := filepath.Join(f.t.TempDir(), "aws")
	text := "#!/bin/sh\n[ \"$1\" = --version ] && { echo aws-cli/2.30.0; exit; }\necho call >>'" + path + ".calls'\n" + script + "\n"
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		f.t.Fatal(err)
	}
	if err := f.services.Settings().Keep(f.t.Context(), map[string]string{settings.ToolKey(settings.AWS): path}); err != nil {
		f.t.Fatal(err)
	}
	if err := f.services.Settings().Load(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	return func() int {
		text, _ := os.ReadFile(path + ".calls")
		return strings.Count(string(text), "call")
	}
}

// choosing returns the sheet of a project whose variable Bucket has choices.
func (f *fixture) choosing() (*sheet, *choiceField) {
	f.t.Helper()
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	if len(sh.fromAWS) != 1 {
		f.t.Fatalf("%d fields have choices", len(sh.fromAWS))
	}
	return sh, sh.fromAWS[0]
}

func chosen(choices string) string {
	return sandboxed + "  - {name: Bucket, prompt: {label: Which bucket, required: true, " + choices + "}}\nsteps:\n" +
		step("S", "aws.account", "echo got $(get_octopusvariable Bucket)")
}

func (f *fixture) loads(c *choiceField) {
	f.t.Helper()
	f.until("the answer", func() bool { return c.tried && !c.task.Busy() })
}

// TestChoicesAreLoadedInTheSheet: the field has the focus when the sheet opens, asks at once, and lists what matches.
func TestChoicesAreLoadedInTheSheet(t *testing.T) {
	f := open(t, chosen("control: select, choices: {of: bucket}"))
	calls := f.withAWS(`echo '["zebra-logs","alpha-data","alpha-logs"]'`)
	sh, c := f.choosing()
	f.loads(c)
	f.says("3 values", "asked as “S”", "eu-west-1", "Refresh")
	for _, r := range "alpha" {
		c.combo.TypedRune(r)
	}
	f.says("alpha-data", "alpha-logs")
	if len(sh.check()) == 0 {
		t.Error("a value that AWS does not have is accepted")
	}
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyReturn} {
		c.combo.TypedKey(&fyne.KeyEvent{Name: key})
	}
	f.tap(c.load)
	f.loads(c)
	if calls() != 2 {
		t.Errorf("AWS was asked %d times", calls())
	}
	if c.combo.Text != "alpha-data" || len(sh.check()) > 0 {
		t.Fatalf("%q, %v", c.combo.Text, sh.check())
	}
	f.until("Run to be enabled", func() bool { return sh.ready })
	sh.confirm()
	f.over()
	lines, err := f.store.ReadLog(t.Context(), f.place.view.step, 1, 10)
	if err != nil || !strings.Contains(fmt.Sprint(lines), "got alpha-data") {
		t.Errorf("%v, %v", lines, err)
	}
}

// TestACommandOfAProjectWaitsForThePerson: it is shown, and runs only when the button is pressed.
func TestACommandOfAProjectWaitsForThePerson(t *testing.T) {
	f := open(t, chosen("control: multiselect, choices: {of: command, command: [s3api, list-buckets], query: 'Buckets[].Name'}"))
	calls := f.withAWS(`echo '[["a","One"],["b","Two"],["c,d","Three"]]'`)
	sh, c := f.choosing()
	f.app.Pump()
	if c.tried || calls() > 0 {
		t.Fatal("a command of a project ran by itself")
	}
	f.says("Asks AWS with: aws s3api list-buckets --output json", "Load choices")
	f.tap(c.load)
	f.loads(c)
	f.says("2 values", "1 left out")
	if sh.dialog.Dirty() {
		t.Error("a list that was loaded counts as an answer that would be lost")
	}
	c.combo.SetText("b, ")
	if !sh.dialog.Dirty() {
		t.Error("an answer counts as none")
	}
	if items := c.items(); len(items) != 1 || items[0].Value != "b,a" || items[0].Title != "a" || items[0].Detail != "One" {
		t.Errorf("offers %+v", items)
	}
	c.combo.SetText("b,a")
	if len(sh.check()) > 0 {
		t.Errorf("refuses %v", sh.check())
	}
}

func TestWhyThereAreNoChoices(t *testing.T) {
	f := open(t, chosen("choices: {of: stack}"))
	f.withAWS("echo 'An error occurred (AccessDenied) when calling the DescribeStacks operation: no' >&2; exit 254")
	sh, c := f.choosing()
	f.loads(c)
	f.says("AWS refused", "AccessDenied", "Load choices")
	c.combo.SetText("typed")
	if len(sh.check()) > 0 {
		t.Errorf("a text is not free: %v", sh.check())
	}
}

// TestClosingTheSheetEndsTheQuestion: the answer of a program that has none is not waited for.
func TestClosingTheSheetEndsTheQuestion(t *testing.T) {
	f := open(t, chosen("choices: {of: bucket}"))
	calls := f.withAWS("sleep 600")
	sh, c := f.choosing()
	f.until("the question", func() bool { return calls() == 1 })
	sh.dialog.Close()
	if c.task.Busy() {
		t.Error("it goes on")
	}
}
