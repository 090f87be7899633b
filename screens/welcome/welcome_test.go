package welcome

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// From an empty data folder to a finished run of a script in a package it takes at most ten inputs.
func TestFromAnEmptyFolderToAFinishedRun(t *testing.T) {
	r := newRig(t, large)
	key := sandbox.NewKey()
	server, err := sandbox.Start(t.Context(), sandbox.Options{Keys: []sandbox.Key{key}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })

	r.file = nupkg(t)
	r.tap(r.place.own.choose) // and choose a file in the system's dialog
	r.inputs++
	r.ready()
	g := r.place.page
	r.pick("tools/rotate.sh")
	r.write(g.script.parameters, "30")
	r.pasteInto(g.account.accessKey, profile(key.AccessKeyID, key.SecretKey))
	r.inputs++
	g.account.more.SetOpen(true)
	r.write(g.account.endpoint, server.Endpoint()) // for AWS it stays empty
	r.tap(g.account.test)
	r.Until("the answer", func() bool { return strings.Contains(g.account.result.Text(), sandbox.AccountID) })
	r.save(true)
	if !r.run || r.made.Project == "" {
		t.Fatalf("made %+v; the page says %q", r.made, g.result.Text())
	}
	t.Logf("%d inputs", r.inputs)
	if r.inputs > 10 {
		t.Errorf("it took %d inputs", r.inputs)
	}

	p, err := r.all.Projects().Project(t.Context(), r.made.Project)
	if err != nil {
		t.Fatal(err)
	}
	account, err := r.all.Accounts().Account(t.Context(), r.made.Account)
	if err != nil || account.Name != "ops" || account.Verified.AWSID != sandbox.AccountID || !account.SecretSet {
		t.Errorf("the account is %+v, %v", account, err)
	}
	if len(p.Steps) != 1 || p.Steps[0].AWS.Account != "aws.account" || p.Steps[0].Script.Version != "1.2.0" {
		t.Errorf("the steps are %+v", p.Steps)
	}
	if out, err := r.command("run", r.made.Project, r.made.Step); err != nil || !strings.Contains(out, "rotating after 30 days in eu-west-1") {
		t.Fatalf("the run failed: %v\n%s", err, out)
	}
}

func TestAScriptIsOnThePage(t *testing.T) {
	r := newRig(t, large)
	r.drop(file(t, "rotate keys.sh", "echo one\n"))
	g := r.place.page
	if g.script.editor.Text() != "echo one\n" || g.step.Text != "rotate keys" || g.project.Text != defaultProject {
		t.Fatalf("the page shows %q, %q, %q", g.script.editor.Text(), g.step.Text, g.project.Text)
	}
	if !g.account.keys.Visible() {
		t.Error("the fields for an access key are hidden")
	}
	if g.dirty() {
		t.Error("an untouched page counts as edited")
	}
	r.save(false)
	if g.result.Text() == "" || g.form.Field("account.accessKeyId").Err() == nil || g.form.Field("aws.region").Err() == nil {
		t.Error("the missing values are not reported")
	}
	if list, _ := r.all.Projects().Projects(t.Context()); len(list) != 0 {
		t.Error("an unfinished page was saved")
	}
	g.account.sandbox.SetChecked(true)
	r.write(g.region.Entry, "eu-west-1")
	r.save(false)
	if r.run || r.made.Variable != "aws.account" || !r.made.NewProject || r.place.page != nil {
		t.Fatalf("made %+v; the page says %q", r.made, g.result.Text())
	}
}

// A second script goes to the same project, under unused names, with the existing account.
func TestTheSecondScript(t *testing.T) {
	r := newRig(t, large)
	a := model.Account{Name: "Ops", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretSet: true, Region: "eu-north-1"}
	if err := r.all.Accounts().Save(t.Context(), &a, model.AccountSecrets{}); err != nil {
		t.Fatal(err)
	}
	existing := model.Project{
		Name: "My Scripts", Variables: []model.Variable{{Name: "account", Type: model.TypeAWSAccount, Value: "Ops"}},
		Steps: []model.Step{model.NewStep("Rotate")},
	}
	if err := r.all.Projects().SaveProject(t.Context(), &existing, nil); err != nil {
		t.Fatal(err)
	}
	r.drop(file(t, "rotate.ps1", "Write-Host 1"))
	g := r.place.page
	got := []string{g.step.Text, g.account.way.Value(), g.account.existing.Value(), g.region.Text}
	if want := []string{"rotate 2", wayExisting, "Ops", "eu-north-1"}; !slices.Equal(got, want) {
		t.Errorf("the page begins with %q, want %q", got, want)
	}
	g.project.SetText("Other")
	r.ready()
	if g.step.Text != "rotate" {
		t.Errorf("in a new project the step is called %q", g.step.Text)
	}
	g.project.SetText("my scripts")
	r.ready()
	r.write(g.step, "") // an empty name keeps the suggestion
	if g.step.Text != "rotate 2" {
		t.Errorf("back in the first one it is called %q", g.step.Text)
	}
	g.step.SetText("ROTATE")
	g.form.Left("name")
	if err := g.form.Field("name").Err(); err == nil || !strings.Contains(err.Error(), "ROTATE 2") {
		t.Errorf("a name that is taken: %v", err)
	}
	g.step.SetText("audit")
	r.save(true)
	if r.made.NewProject || r.made.NewAccount || r.made.NewVariable || r.made.Variable != "account" || r.made.Step != "audit" {
		t.Errorf("made %+v; the page says %q", r.made, g.result.Text())
	}
}

func TestNamesThatCollide(t *testing.T) {
	r := newRig(t, large)
	a := model.Account{Name: "ops", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretSet: true}
	if err := r.all.Accounts().Save(t.Context(), &a, model.AccountSecrets{}); err != nil {
		t.Fatal(err)
	}
	r.drop(file(t, "a.sh", "true"))
	g := r.place.page
	g.account.way.Choose(wayKey)
	r.pasteInto(g.account.accessKey, profile("AKIAIOSFODNN7EXAMPLE", "hunter2hunter2"))
	if g.account.way.Value() != wayKey || g.account.name.Text != "ops 2" {
		t.Errorf("after the paste: %s, %q", g.account.way.Value(), g.account.name.Text)
	}
	if note := g.form.Field("account.accessKeyId").Note(); !strings.Contains(note, "ops") {
		t.Errorf("the existing key is not reported: %q", note)
	}
	g.account.name.SetText("OPS")
	r.save(false)
	if err := g.form.Field("account.name").Err(); err == nil || !strings.Contains(err.Error(), "OPS 2") {
		t.Errorf("a name that is taken: %v", err)
	}
	if g.account.secretKey.Value() != "hunter2hunter2" {
		t.Error("the values are lost")
	}
}

func TestATestSavesNothing(t *testing.T) {
	r := newRig(t, large)
	r.drop(file(t, "a.sh", "true"))
	g := r.place.page
	r.tap(g.account.test)
	if g.account.result.Text() == "" || g.account.work.Busy() {
		t.Error("a test without a key shows no error")
	}
	g.account.sandbox.SetChecked(true)
	r.tap(g.account.test)
	r.Until("the answer", func() bool { return strings.Contains(g.account.result.Text(), "SANDBOX") })
	if list, _ := r.all.Accounts().Accounts(t.Context()); len(list) != 1 {
		t.Error("the test saved an account")
	}
	g.account.sandbox.SetChecked(false)
	if g.account.result.Text() != "" {
		t.Error("the result is still shown for another account")
	}
	r.write(g.account.accessKey, "AKIAIOSFODNN7EXAMPLE")
	r.write(g.account.secretKey.Entry, "hunter2")
	r.write(g.account.endpoint, "http://127.0.0.1:1")
	r.tap(g.account.test)
	r.Until("the refusal", func() bool { return !g.account.work.Busy() && g.account.result.Text() != "" })
	if a, _ := g.account.wanted(); a.Verified.AWSID != "" {
		t.Errorf("the test failed, and yet the account is %+v", a.Verified)
	}
}

func TestFilesThatCantBeUsed(t *testing.T) {
	tests := map[string]struct{ name, text, says string }{
		"no package":    {"broken.zip", "not a zip", ""},
		"binary":        {"a.sh", "echo\x00", "not a text file"},
		"binary Python": {"a.py", "print()\x00", "not a text file"},
		"another file":  {"a.docx", "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, large)
			path := file(t, tt.name, tt.text)
			if !Takes(path) {
				if r.place.Dropped([]string{path}) {
					t.Error("it was accepted")
				}
				r.place.Open(path)
				if r.window.Canvas().Overlays().Top() == nil {
					t.Error("no error is shown")
				}
				return
			}
			r.place.Dropped([]string{path})
			r.Until("the refusal", func() bool { g := r.place.page; return g.built && g.script.failed != nil })
			if text := r.place.page.result.Text(); text == "" || !strings.Contains(text, tt.says) {
				t.Errorf("the error is %q", text)
			}
			r.save(true)
			if r.made.Project != "" {
				t.Error("it was saved")
			}
			// Another file replaces it.
			r.drop(file(t, "good.sh", "true"))
			if r.place.page.script.failed != nil {
				t.Error("the old error is still shown")
			}
		})
	}
}

// TestLeavingTheQuestionAboutAPackage: the page explains why there is no script.
func TestLeavingTheQuestionAboutAPackage(t *testing.T) {
	r := newRig(t, large)
	other := pack(t, "deploy.zip", [2]string{"run.sh", "true"}) // its name has no version
	r.place.Dropped([]string{other})
	r.Until("the question", func() bool { return r.window.Canvas().Overlays().Top() != nil })
	r.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if text := r.place.page.result.Text(); !strings.Contains(text, "deploy.zip was not imported") {
		t.Errorf("the page shows %q", text)
	}
	r.drop(file(t, "good.sh", "true"))
	if r.place.page.script.failed != nil || r.place.page.result.Text() != "" {
		t.Errorf("the error is still shown: %q", r.place.page.result.Text())
	}
}

func TestLeavingThePage(t *testing.T) {
	r := newRig(t, large)
	r.drop(file(t, "a.sh", "true"))
	left := 0
	r.place.Leave(func() { left++ })
	if left != 1 {
		t.Error("an untouched page can't be left")
	}
	r.write(r.place.page.region.Entry, "eu-west-1")
	r.place.Leave(func() { left++ })
	if left != 1 || r.window.Canvas().Overlays().Top() == nil {
		t.Error("edits are discarded without asking")
	}
	r.place.page.form.Keys.Escape()
	if r.place.page == nil {
		t.Error("Escape discards edits")
	}
}

func TestKeyFile(t *testing.T) {
	r := newRig(t, large)
	csv := file(t, "accessKeys.csv", "\ufeffAccess key ID,Secret access key\nAKIAIOSFODNN7EXAMPLE,wJalr/hunter2\n")
	if r.place.Dropped([]string{csv}) {
		t.Error("a key file is accepted without a script")
	}
	r.drop(file(t, "a.sh", "true"))
	r.place.Dropped([]string{csv})
	a := r.place.page.account
	r.Until("the keys", func() bool { return a.secretKey.Value() == "wJalr/hunter2" })
	if a.accessKey.Text != "AKIAIOSFODNN7EXAMPLE" {
		t.Errorf("the key is %q", a.accessKey.Text)
	}
}

func TestDoors(t *testing.T) {
	r := newRig(t, large)
	d := r.place.own
	r.Until("the tools", func() bool { return len(d.tools.Objects) == 5 })
	if d.missing.Text() != "" {
		t.Errorf("an optional program is reported as missing: %q", d.missing.Text())
	}
	r.tap(d.sample)
	r.tap(d.sample)
	if len(r.samples) != 1 {
		t.Fatalf("two presses start %d samples", len(r.samples))
	}
	r.samples[0](errors.New("no aws"))
	if r.window.Canvas().Overlays().Top() == nil || d.sample.Disabled() {
		t.Error("the failure is not reported, or the button is still disabled")
	}
	r.tools[0].Err = model.NewError("tool.missing", "The AWS command line (aws) was not found.")
	d.look()
	r.Until("the warning", func() bool { return strings.Contains(d.missing.Text(), "aws") })
}
