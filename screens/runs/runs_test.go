package runs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

var allRuns = model.RunFilter{}

const plain = "stepdeck: 1\nproject: P\n"

const sandboxed = `stepdeck: 1
project: P
accounts:
  - {name: Box, endpoint: sandbox, region: eu-west-1}
  - {name: Bare, kind: access-key, accessKeyId: AKIAEXAMPLEEXAMPLE12, region: eu-west-1, endpoint: sandbox}
variables:
  - {name: aws.account, type: aws-account, value: Box}
`

// step is a step with an inline Bash script.
func step(name, account, body string) string {
	text := "  - name: " + name + "\n    aws: {account: " + account + ", region: eu-west-1}\n" +
		"    script:\n      language: bash\n      body: |\n"
	for line := range strings.Lines(body) {
		text += "        " + line
	}
	return text + "\n"
}

func TestARunWithoutQuestionsStartsAtOnce(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("One", "none", "echo first")+step("Two", "none", "echo second; exit 3"))
	f.place.Start(Wanted{Project: "P"})
	f.over()
	v := f.place.view
	if v.run.Status != model.Failed || v.run.ExitCode != 3 {
		t.Fatalf("the run ended as %s %d: %s", v.run.Status, v.run.ExitCode, v.run.Message)
	}
	f.until("the log of the step that failed", func() bool { return v.shownStep().Step == "Two" && v.pane.log.Rows() > 0 })
	f.says("Failed", "P · #1", "exit 3", "One", "Two", "No AWS account", "Run again", "Edit step")
	if !v.left.Visible() || v.stopBtn.Visible() {
		t.Error("the steps are hidden, or there is something to stop")
	}
	v.chooseStep(v.run.Steps[0])
	f.until("the other log", func() bool { return v.shownStep().Step == "One" && v.pane.log.Rows() > 0 })
	f.tap(v.againBtn)
	f.until("the next run", func() bool { return v.id == 2 })
	f.over()
	f.place.Home()
	f.until("the list", func() bool { return len(f.place.list.table.Rows()) == 2 })
	f.says("#2", "#1", "✕ Failed", "One, Two")
}

func TestASingleStepHasNoStepList(t *testing.T) {
	f := open(t, sandboxed+"steps:\n"+step("Only", "aws.account", "echo hi"))
	f.place.Start(Wanted{Project: "P"})
	f.over()
	if f.place.view.left.Visible() {
		t.Error("a list of one step is shown")
	}
	f.says("SANDBOX", "000000000000", "user/sandbox", "eu-west-1", "Succeeded")
}

func TestStopHasTwoStages(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("Stubborn", "none", "trap '' TERM INT\necho here\nwhile :; do sleep 0.1; done"))
	f.place.Start(Wanted{Project: "P"})
	v := f.place.view
	f.until("a line", func() bool { return v.pane.log.Rows() > 0 })
	f.tap(v.stopBtn)
	if !v.stopBtn.Disabled() || !v.forceBtn.Visible() {
		t.Error("Stop can be pressed twice, or there is no force")
	}
	f.until("the time that is left", func() bool { return strings.Contains(v.stopWord.Text, "force in") })
	f.tap(v.forceBtn)
	f.over()
	f.until("the result of the stop", func() bool { return strings.Contains(v.outcome.text.Text, "0 left") })
	if v.run.Status != model.Stopped {
		t.Errorf("the run ended as %s", v.run.Status)
	}
}

// Such as a run whose window was killed.
func TestARunOfAnotherProcessIsFollowedAndStopped(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("Long", "none", "while :; do echo on; sleep 0.1; done"))
	other := engine.New(engine.Options{Path: os.Args[0], Build: f.services.Version().Build(), Environ: f.environ})
	run, err := other.Start(t.Context(), engine.Request{Project: "P"}, func(engine.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	f.until("the list to show it", func() bool { return len(f.place.list.table.Rows()) == 1 })
	f.says("● Running")
	f.place.Open(run.ID)
	v := f.place.view
	f.until("its log", func() bool { return v.pane.log.Rows() > 3 })
	f.tap(v.stopBtn)
	f.over()
	if v.run.Status != model.Stopped {
		t.Errorf("the run ended as %s", v.run.Status)
	}
	<-run.Done()
}

func TestPromptedValues(t *testing.T) {
	f := open(t, plain+`variables:
  - {name: Count, type: text, value: "3", prompt: {label: How many, required: true}}
  - {name: Size, type: text, value: small, prompt: {control: select, options: [small, large]}}
  - {name: Password, type: sensitive, prompt: {label: Password, required: true}}
steps:
`+step("S", "none", `echo "$(get_octopusvariable Count) $(get_octopusvariable Size) ${#Password} $(get_octopusvariable Password | wc -c)"`))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("How many", "Size", "Password", "Steps: S")
	if len(sh.check()) != 1 {
		t.Errorf("missing are %v, want the password alone", sh.check())
	}
	entry := sh.form.Field("value.Password").Input.(interface{ SetText(string) })
	entry.SetText("hunter2hunter2")
	sh.confirm()
	f.over()
	lines, err := f.store.ReadLog(t.Context(), f.place.view.step, 1, 10)
	if err != nil || len(lines) == 0 {
		t.Fatalf("the log is %+v, %v", lines, err)
	}
	if last := lines[len(lines)-1].Text; !strings.HasPrefix(last, "3 small") || !strings.HasSuffix(last, "14") {
		t.Errorf("the script printed %q", last)
	}
}

// TestTheSheetAsksForEachStepsValue also where two steps and the project have one of the same name.
func TestTheSheetAsksForEachStepsValue(t *testing.T) {
	own := func(name, value string) string {
		return strings.Replace(step(name, "none", `echo "`+name+` $(get_octopusvariable Bucket)"`), "    aws:",
			"    values: [{name: Bucket, value: "+value+", prompt: {label: Which bucket}}]\n    aws:", 1)
	}
	f := open(t, plain+"variables:\n  - {name: Bucket, value: of-all, prompt: {label: Which bucket}}\nsteps:\n"+
		own("Copy", "live")+own("Empty", "scratch")+step("Last", "none", `echo "Last $(get_octopusvariable Bucket)"`))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("Which bucket", "Copy: Which bucket", "Empty: Which bucket")
	for _, field := range sh.values {
		if field.Step == "Copy" {
			field.set("other")
		}
	}
	sh.confirm()
	f.over()
	var got []string
	for _, s := range f.place.view.run.Steps {
		lines, err := f.store.ReadLog(t.Context(), s.ID, 1, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			got = append(got, line.Text)
		}
	}
	if want := []string{"Copy other", "Empty scratch", "Last of-all"}; !slices.Equal(got, want) {
		t.Errorf("the steps print %q, want %q", got, want)
	}
}

// promptedWith sets the value of a prompt's field in the sheet.
func (sh *sheet) promptedWith(t *testing.T, name, value string) {
	t.Helper()
	for _, f := range sh.values {
		if f.Variable.Name == name {
			f.set(value)
			sh.changed()
			return
		}
	}
	t.Fatalf("there is no field for %s", name)
}

func TestControlsOfPrompts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.csv")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const prints = `echo "$(get_octopusvariable Zones)|$(get_octopusvariable Sure)|$(get_octopusvariable Count)|` +
		`$(get_octopusvariable Day)|$(get_octopusvariable File)|$(get_octopusvariable Size)"`
	f := open(t, plain+`variables:
  - {name: Zones, prompt: {control: multiselect, options: [a, b, c], labels: [First, Second, Third]}}
  - {name: Sure, prompt: {control: checkbox}}
  - {name: Count, value: "3", prompt: {control: number, min: 1, max: 9}}
  - {name: Day, prompt: {control: date, min: 2026-01-01}}
  - {name: File, prompt: {control: file}}
  - {name: Size, value: s, prompt: {control: select, options: [s, l], labels: [Small, Large]}}
steps:
`+step("S", "none", prints))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("First", "Third", "From 1 to 9.", "From 2026-01-01.", "Choose…", "Small")
	for _, row := range []struct{ name, bad, good string }{
		{"Count", "10", "9"}, {"Day", "2025-12-31", "2026-02-28"}, {"File", file + ".gone", file},
	} {
		sh.promptedWith(t, row.name, row.bad)
		if problems := sh.check(); len(problems) != 1 || problems[0].Field != "value."+row.name {
			t.Errorf("%s accepts %q: %v", row.name, row.bad, problems)
		}
		sh.promptedWith(t, row.name, row.good)
	}
	sh.promptedWith(t, "Zones", "c,a")
	sh.promptedWith(t, "Size", "l")
	sh.confirm()
	f.over()
	lines, err := f.store.ReadLog(t.Context(), f.place.view.step, 1, 10)
	if want := "a,c|False|9|2026-02-28|" + file + "|l"; err != nil || len(lines) == 0 || lines[len(lines)-1].Text != want {
		t.Fatalf("the log is %+v, %v, want %q", lines, err, want)
	}

	f.later()
	f.place.Start(Wanted{Project: "P"})
	sh = f.sheet()
	f.says("Last time: 9", "Last time: Large") // which is not what the field begins with
	if got := f.texts(); strings.Contains(got, "Last time: 2026-02-28") {
		t.Errorf("the field begins with the value, and says so again:\n%s", got)
	}
	for name, want := range map[string]string{"Zones": "a,c", "Sure": "False", "Count": "3", "Day": "2026-02-28", "File": file, "Size": "s"} {
		for _, v := range sh.values {
			if v.Variable.Name == name && v.get() != want {
				t.Errorf("%s begins with %q, want %q", name, v.get(), want)
			}
		}
	}
}

// The region comes from a prompted value: the sheet asks for it instead of refusing the run.
func TestAPromptedValueCanFillAnEmptyField(t *testing.T) {
	f := open(t, plain+`variables:
  - {name: Region, type: text, prompt: {label: Where}}
steps:
`+strings.Replace(step("S", "none", `echo "$AWS_REGION"`), "eu-west-1", "'#{Region}'", 1))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("Where")
	sh.confirm()
	f.until("the refusal", func() bool { return f.place.start.sheet != nil && f.place.start.sheet != sh })
	if again := f.sheet(); again.dialog.Confirm != "" {
		t.Errorf("without an answer there is a button %q", again.dialog.Confirm)
	}
	f.says("Region", "Edit step")
	f.sheet().dialog.Leave()
	f.later()
	f.place.Start(Wanted{Project: "P"})
	sh = f.sheet()
	sh.form.Field("value.Region").Input.(interface{ SetText(string) }).SetText("eu-central-1")
	sh.confirm()
	f.over()
	if f.place.view.run.Status != model.Succeeded || f.place.view.run.Steps[0].Region != "eu-central-1" {
		t.Errorf("the run ended as %s: %s", f.place.view.run.Status, f.place.view.run.Message)
	}
}

func TestCancelStartsNothing(t *testing.T) {
	f := open(t, plain+"variables:\n  - {name: A, type: text, prompt: {required: true}}\nsteps:\n"+step("S", "none", "echo hi"))
	f.place.Start(Wanted{Project: "P"})
	f.sheet().dialog.Leave()
	if f.place.start.sheet != nil || f.win.Canvas().Overlays().Top() != nil {
		t.Error("the sheet is still there")
	}
	f.later()
	f.place.Start(Wanted{Project: "P"})
	f.sheet()
	if runs, err := f.store.Runs(t.Context(), allRuns); err != nil || len(runs) > 0 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

func TestAProtectedAccountIsTyped(t *testing.T) {
	f := open(t, sandboxed+"steps:\n"+step("S", "aws.account", "echo hi"))
	prod := model.AWSAccount{ID: "000000000000", Label: "Box-prod", Colour: "red", Protected: true}
	if err := f.store.SaveAWSAccount(t.Context(), prod); err != nil {
		t.Fatal(err)
	}
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("Acts in", "000000000000 Box-prod", "PROTECTED", "Type 000000000000 or Box-prod to run.", "SANDBOX")
	for _, row := range []struct {
		typed string
		good  bool
	}{{"", false}, {"Box", false}, {"000000000001", false}, {"box-PROD", true}, {"000000000000", true}} {
		sh.typed.SetText(row.typed)
		if got := len(sh.check()) == 0; got != row.good {
			t.Errorf("%q is accepted: %v, want %v", row.typed, got, row.good)
		}
	}
	sh.confirm()
	f.over()
	if f.place.view.run.Status != model.Succeeded {
		t.Errorf("the run ended as %s: %s", f.place.view.run.Status, f.place.view.run.Message)
	}
	f.says("PROTECTED")
}

func TestTheWrongAccountHasNoRunButton(t *testing.T) {
	project := strings.Replace(sandboxed, "value: Box}", `value: Box, expect: "123456789012"}`, 1)
	f := open(t, project+"steps:\n"+step("S", "aws.account", "echo hi"))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("wrong AWS account", "Expected", "123456789012", "It would be", "000000000000", "Close")
	if sh.dialog.Confirm != "" {
		t.Errorf("there is a button %q", sh.dialog.Confirm)
	}
	sh.dialog.Keys.Enter()
	f.app.PumpFor(200 * time.Millisecond)
	if runs, err := f.store.Runs(t.Context(), allRuns); err != nil || len(runs) > 0 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

func TestAnImportedScriptIsShownOnce(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "echo imported"))
	f.scripts.all = false
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	if s := questions[runner.UnseenScript](sh.q); len(s) != 1 || !strings.Contains(s[0].Text, "echo imported") {
		t.Fatalf("shown is %+v", sh.q.Questions)
	}
	f.says("has not been shown on this computer before")
	sh.confirm()
	f.over()
	f.place.Start(Wanted{Project: "P"})
	f.until("the second run without a sheet", func() bool { return f.place.view.id == 2 })
	f.over()
}

func TestTheSameStepAlreadyRunning(t *testing.T) {
	flag := filepath.Join(t.TempDir(), "go")
	f := open(t, plain+"steps:\n"+step("S", "none", "while [ ! -e '"+flag+"' ]; do sleep 0.1; done"))
	f.place.Start(Wanted{Project: "P"})
	f.until("the first run", func() bool { return f.place.view.id == 1 && f.place.view.shownStep().Status == model.Running })
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("is already running")
	sh.confirm()
	f.until("both", func() bool { return f.place.view.id == 2 })
	if err := os.WriteFile(flag, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f.over()
	f.until("the end of the first", func() bool {
		run, err := f.store.Run(t.Context(), 1)
		return err == nil && run.Status == model.Succeeded
	})
}

func TestAMissingSecretIsAskedFor(t *testing.T) {
	f := open(t, plain+"variables:\n  - {name: Token, type: sensitive}\nsteps:\n"+step("S", "none", `echo "#{Token}" | wc -c`))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("Token", "This computer does not have the value")
	sh.confirm() // refused: nothing was typed
	if f.place.start.sheet != sh || sh.form.Field("secret.Token").Err() == nil {
		t.Fatal("an empty secret was accepted")
	}
	sh.secrets[0].entry.SetText("0123456789")
	sh.confirm()
	f.over()
	if f.place.view.run.Status != model.Succeeded {
		t.Errorf("the run ended as %s: %s", f.place.view.run.Status, f.place.view.run.Message)
	}
}

func TestAPastedSecretOfSeveralLinesReachesTheRun(t *testing.T) {
	f := open(t, plain+"variables:\n  - {name: Key, type: sensitive}\nsteps:\n"+
		step("S", "none", `[ "$(get_octopusvariable Key)" = "$(printf 'first line\nsecond line')" ]`))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	entry := sh.secrets[0].entry
	if focused := f.win.Canvas().Focused(); focused != entry.Entry {
		t.Errorf("%T has the focus, not the field", focused)
	}
	if !entry.OnPaste("first line\nsecond line\n") {
		t.Fatal("the field does not accept several lines")
	}
	sh.confirm()
	f.over()
	if f.place.view.run.Status != model.Succeeded {
		t.Errorf("the run ended as %s: %s", f.place.view.run.Status, f.place.view.run.Message)
	}
}

func TestARefusedRunShowsTheReason(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "'#{Nobody}'", "echo hi"))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("Nobody", "Edit step", "Try again")
	if sh.dialog.Confirm != "" {
		t.Errorf("there is a button %q", sh.dialog.Confirm)
	}
}

func TestTheListIsFiltered(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "exit 1"))
	f.until("the empty list", func() bool { return strings.Contains(f.texts(), "Nothing has run yet") })
	f.place.Start(Wanted{Project: "P"})
	f.over()
	f.place.Home()
	l := f.place.list
	f.until("the run", func() bool { return len(l.table.Rows()) == 1 })
	l.status.SetValue(string(model.Succeeded))
	l.load()
	f.until("none", func() bool { return strings.Contains(f.texts(), "No run matches") })
	l.status.SetValue(string(model.Failed))
	l.load()
	f.until("the run again", func() bool { return strings.Contains(f.texts(), "✕ Failed") })
}

// The first sheet asks for the secret key. The second shows the AWS account, in which the project has not run before, and the
// endpoint in large letters. The next run has no sheet.
func TestAnAccountWithoutItsSecretAndAFirstRun(t *testing.T) {
	key := sandbox.NewKey()
	server, err := sandbox.Start(t.Context(), sandbox.Options{Keys: []sandbox.Key{key}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	f := open(t, `stepdeck: 1
project: P
accounts:
  - {name: Ana, kind: access-key, accessKeyId: `+key.AccessKeyID+`, region: eu-west-1, endpoint: "`+server.Endpoint()+`"}
variables:
  - {name: aws.account, type: aws-account, value: Ana}
steps:
`+step("S", "aws.account", "echo hi"))
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("Secret key of Ana", key.AccessKeyID, "Save and continue")
	for _, f := range sh.keys {
		f.entry.SetText(key.SecretKey)
	}
	sh.confirm()
	f.until("the second sheet", func() bool { return f.place.start.sheet != nil && f.place.start.sheet != sh })
	sh = f.sheet()
	f.says(server.Endpoint(), "first run in this AWS account", "from account Ana, key "+model.KeyEnd(key.AccessKeyID))
	sh.confirm()
	f.over()
	if f.place.view.run.Status != model.Succeeded {
		t.Fatalf("the run ended as %s: %s", f.place.view.run.Status, f.place.view.run.Message)
	}
	f.place.Start(Wanted{Project: "P"})
	f.until("the next run without a sheet", func() bool { return f.place.view.id == 2 })
	f.over()
}

// A wrong code is typed again, in a sheet that says why; the next run needs none.
func TestARunAsksForACode(t *testing.T) {
	key, phone := sandbox.NewKey(), sandbox.NewMFADevice()
	server, err := sandbox.Start(t.Context(), sandbox.Options{Keys: []sandbox.Key{key}, MFADevices: []sandbox.MFADevice{phone}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	f := open(t, `stepdeck: 1
project: P
accounts:
  - {name: Ana, kind: access-key, accessKeyId: `+key.AccessKeyID+`, region: eu-west-1, endpoint: "`+server.Endpoint()+`", mfaDevice: "`+
		phone.Serial+`"}
variables:
  - {name: aws.account, type: aws-account, value: Ana}
steps:
`+step("S", "aws.account", "echo hi"))
	a, err := f.services.Accounts().Account(t.Context(), "Ana")
	if err == nil {
		err = f.services.Accounts().Save(t.Context(), &a, model.AccountSecrets{SecretKey: key.SecretKey})
	}
	if err != nil {
		t.Fatal(err)
	}
	f.place.Start(Wanted{Project: "P"})
	sh := f.sheet()
	f.says("Code for Ana", phone.Serial)
	sh.keys[0].entry.SetText("000000")
	sh.confirm()
	f.until("the sheet again", func() bool { return f.place.start.sheet != nil && f.place.start.sheet != sh })
	sh = f.sheet()
	f.says("AWS doesn't accept the code")
	sh.keys[0].entry.SetText(phone.Code(time.Now()))
	sh.confirm()
	f.until("the second sheet", func() bool { return f.place.start.sheet != nil && f.place.start.sheet != sh })
	f.sheet().confirm() // the first run in this AWS account
	f.over()
	f.place.Start(Wanted{Project: "P"})
	f.until("the next run without a sheet", func() bool { return f.place.view.id == 2 })
	f.over()
}

// A run whose account signs in leads to the sign-in first, and starts after it.
func TestARunLeadsToTheSignIn(t *testing.T) {
	f := open(t, `stepdeck: 1
project: P
accounts:
  - {name: Ana, kind: console, signInRegion: eu-west-1, endpoint: "http://127.0.0.1:9"}
variables:
  - {name: aws.account, type: aws-account, value: Ana}
steps:
`+step("S", "aws.account", "echo hi"))
	var asked []string
	f.signIn = func(a model.Account, done func(bool)) { asked = append(asked, a.Name); done(false) }
	f.place.Start(Wanted{Project: "P"})
	f.until("the sign-in", func() bool { return len(asked) == 1 })
	if asked[0] != "Ana" || f.place.start.sheet != nil || f.place.start.signingIn {
		t.Errorf("asked %q, a sheet: %v", asked, f.place.start.sheet != nil)
	}
}

func TestFindInTheLog(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "for i in 1 2 3 4 5; do echo needle $i; echo hay; done"))
	f.place.Start(Wanted{Project: "P"})
	f.over()
	v := f.place.view
	f.until("the log", func() bool { return v.pane.log.Rows() >= 10 })
	f.place.Find()
	test.Type(f.win.Canvas().Focused(), "needle")
	f.until("what is found", func() bool { return v.pane.log.FindState().Total == 5 && !v.pane.log.FindState().Running })
	f.says("1 / 5")
	f.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	f.says("2 / 5")
	f.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if v.pane.log.FindState().Total != 0 || f.win.Canvas().Focused() != fyne.Focusable(v.pane.log) {
		t.Error("Escape does not return to the log")
	}
}
