package projects

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

func (r *rig) edit(name string) *StepForm {
	r.t.Helper()
	r.place.open.openStep(r.row(name).Step)
	return r.place.open.form
}

func TestAnIncompleteStepIsSavedButNotRun(t *testing.T) {
	p := website()
	p.Variables = nil
	p.Steps = nil
	r := newRig(t, small, p)
	r.place.open.process.add()
	r.place.open.process.card.First.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	f := r.place.open.form
	if f == nil || r.window.Canvas().Focused() != f.name {
		t.Fatal("the card does not open the form with the focus in the name")
	}
	f.Save(nil)
	if f.form.Field("name").Err() == nil {
		t.Error("a step without a name is saved")
	}
	test.Type(f.name, "Check")
	f.SaveAndRun()
	r.Until("the answer", func() bool { return strings.Contains(f.result.Text(), "can't be run yet") })
	if len(r.runs) != 0 {
		t.Error("it ran")
	}
	for _, label := range []string{"AWS Account", "Script Content"} {
		if !strings.Contains(f.problems.Text, label) {
			t.Errorf("the problems are %q, without %s", f.problems.Text, label)
		}
	}
	s, at := r.stored().Step("Check")
	if at < 0 || !s.Options.StopOnFirstFailure || f.Dirty() {
		t.Errorf("stored %+v", s)
	}
}

func TestWhatIsFilledInIsWhatIsStored(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check")
	f.name.SetText("Rotate")
	f.enabled.SetChecked(false)
	f.aws.role.Choose("yes")
	f.aws.arn.SetText(" arn:aws:iam::123456789012:role/deployer ")
	f.aws.external.SetText("x-1")
	f.aws.session.SetText("rotate")
	f.aws.duration.SetText("2h")
	f.aws.expect.SetText("123456789012")
	f.aws.region.SetText("us-gov-east-1")
	f.script.inline.language.Choose("powershell")
	f.script.inline.editor.SetText("Write-Host hi")
	f.script.arguments.text.SetText("-Days 7")
	input[*control.Combo](f, "options.timeout").SetText("90")
	input[*control.Select](f, "options.stderr").SetSelected("a failure of the step")
	input[*control.Select](f, "options.edition").SetSelected("PowerShell (pwsh)")
	input[*control.Check](f, "options.stopOnFirstFailure").SetChecked(true)
	input[*control.Check](f, "options.isolateAwsConfig").SetChecked(false)
	f.form.Changed()
	f.Save(nil)
	r.idle()
	s, _ := r.stored().Step("Rotate")
	want := model.Step{ID: s.ID, Name: "Rotate",
		AWS: model.StepAWS{Account: "aws.account", Expect: "123456789012", Region: "us-gov-east-1",
			AssumeRole: &model.AssumeRole{
				ARN: "arn:aws:iam::123456789012:role/deployer", SessionName: "rotate", Duration: 7200, ExternalID: "x-1",
			}},
		Script: model.Script{Source: model.SourceInline, Language: model.PowerShell, Body: "Write-Host hi", Parameters: "-Days 7"},
	}
	if s.Enabled || !reflect.DeepEqual(s.AWS, want.AWS) || !reflect.DeepEqual(s.Script, want.Script) {
		t.Errorf("stored %+v", s)
	}
	o := s.Options
	wantOptions := model.Options{
		Timeout: 90 * time.Minute, Stderr: model.ErrorOutputFail, Edition: model.EditionCore, StopOnFirstFailure: true,
		FreshCredentials: model.FreshAuto, Condition: f.step.Options.Condition, Start: f.step.Options.Start,
	}
	if !reflect.DeepEqual(o, wantOptions) {
		t.Errorf("options %+v", o)
	}
	f.aws.role.Choose("no")
	f.Save(nil)
	r.idle()
	if s, _ = r.stored().Step("Rotate"); s.AWS.AssumeRole != nil {
		t.Error("the role stays")
	}
}

func TestErrorsAreShownAtTheirFields(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Roll the web tier")
	c := r.window.Canvas()
	f.aws.more.SetOpen(true)                    // a field in a closed section can't have the focus
	f.sections[len(f.sections)-1].SetOpen(true) // the options
	for _, row := range []struct {
		path  string
		entry *control.Entry
		text  string
	}{
		{"aws.assumeRole.arn", f.aws.arn, "deployer"},
		{"aws.assumeRole.externalId", f.aws.external, "with spaces"},
		{"aws.assumeRole.sessionName", f.aws.session, "with spaces"},
		{"aws.assumeRole.duration", f.aws.duration.Entry, "10s"},
		{"aws.assumeRole.duration", f.aws.duration.Entry, "soon"},
		{"aws.expect", f.aws.expect.Entry, "1234"},
		{"aws.region", f.aws.region.Entry, "Atlantis"},
		{"options.timeout", input[*control.Combo](f, "options.timeout").Entry, "a while"},
		{"name", f.name, "check"},
	} {
		c.Focus(row.entry)
		row.entry.SetText(row.text)
		c.Focus(f.script.arguments.text)
		if f.form.Field(row.path).Err() == nil {
			t.Errorf("%s: %q is accepted", row.path, row.text)
		}
	}
	f.Save(nil)
	r.Pump()
	if s, at := r.stored().Step("Roll the web tier"); at != 1 || s.AWS.Region != "#{AWS.Region}" {
		t.Error("a taken name was saved")
	}
}

func TestExpressionsAreResolvedForTheChosenEnvironment(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Roll the web tier")
	if got := f.form.Field("aws.assumeRole.arn").Note(); got != "= arn:aws:iam::123456789012:role/deployer   (Staging)" {
		t.Errorf("role %q", got)
	}
	f.aws.region.SetText("#{Nowhere}")
	if got := f.form.Field("aws.region").Note(); !strings.Contains(got, "earlier step") {
		t.Errorf("region %q", got)
	}
	var texts []string
	for _, o := range f.aws.targets.Objects {
		texts = append(texts, o.(*display.Badge).Text())
	}
	const want = "Staging → Sandbox · 210987654321 Sandbox | Production → Website · 123456789012 Website-prod"
	if got := strings.Join(texts, " | "); got != want {
		t.Errorf("targets %s", got)
	}
}

func TestUsingAnAccountCreatesAVariable(t *testing.T) {
	p := website()
	p.Variables, p.Environments = nil, nil
	r := newRig(t, large, p)
	f := r.edit("Check")
	var pick control.Item
	for _, i := range f.aws.accounts() {
		if i.Title == model.InstanceRoleTitle {
			pick = i
		}
	}
	pick.Action()
	if f.aws.account.Text != "aws.account" || !strings.Contains(f.form.Field("aws.account").Note(), "creates the account variable") {
		t.Fatalf("field %q, note %q", f.aws.account.Text, f.form.Field("aws.account").Note())
	}
	f.Save(nil)
	r.idle()
	if v := r.stored().Variables; len(v) != 1 || v[0].Type != model.TypeAWSAccount || v[0].Value != model.InstanceRole {
		t.Errorf("variables %+v", v)
	}
	pick.Action()
	if f.aws.account.Text != "aws.account" {
		t.Error("another variable for the same account")
	}
}

// The instance role can stand in a step itself, however it is spelt.
func TestInstanceRoleWithoutAVariable(t *testing.T) {
	p := website()
	p.Variables, p.Environments = nil, nil
	r := newRig(t, large, p)
	f := r.edit("Check")
	f.aws.account.SetText("Instance-Role")
	f.form.Changed()
	if f.aws.pending() != nil || len(f.aws.targets.Objects) != 1 {
		t.Fatalf("new variable %v, %d targets", f.aws.pending(), len(f.aws.targets.Objects))
	}
	if badge, ok := f.aws.targets.Objects[0].(*display.Badge); !ok || badge.Text() != model.InstanceRoleTitle {
		t.Errorf("%+v", f.aws.targets.Objects[0])
	}
	f.Save(nil)
	r.idle()
	if s, _ := r.stored().Step("Check"); s.AWS.Account != "Instance-Role" {
		t.Errorf("the step has %q", s.AWS.Account)
	}
}

// The start page creates the same variable for the same account.
func TestUsingAnotherAccountCreatesANumberedVariable(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check")
	f.aws.use("Website")
	if f.aws.account.Text != "aws.account.2" || f.aws.pending() == nil {
		t.Errorf("field %q, new variable %v", f.aws.account.Text, f.aws.pending())
	}
}

func TestSaveAndRun(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check")
	f.SaveAndRun()
	r.Until("the run", func() bool { return len(r.runs) == 1 })
	if got := r.runs[0]; got.project != "Website" || got.environment != "Staging" || !slices.Equal(got.steps, []string{"Check"}) {
		t.Errorf("ran %+v", got)
	}
}

const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

func TestAKeyInTheScriptIsMovedToASensitiveVariable(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check")
	f.script.inline.editor.SetText("export AWS_SECRET_ACCESS_KEY='" + secret + "'\naws s3 ls\n")
	f.script.inline.editor.OnChanged()
	r.Until("the warning", func() bool { return strings.Contains(f.warning.Text(), "Line 1") })
	f.moveKey(leaks(f.script.inline.editor.Text())[0])
	r.Until("the move", func() bool { return strings.Contains(f.script.inline.editor.Text(), "='#{aws.secretKey}'") })
	var v model.Variable
	for _, x := range r.stored().Variables {
		if x.Name == "aws.secretKey" {
			v = x
		}
	}
	if v.Type != model.TypeSensitive || !v.ValueSet || r.vault.values[v.ValueRef()] != secret {
		t.Errorf("variable %+v", v)
	}
	if f.warning.Text() != "" || !f.Dirty() {
		t.Error("the warning remains, or the script counts as saved")
	}
}

func TestLeaks(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       int
	}{
		{"a secret next to its name", "secret = " + secret, 1},
		{"a secret in quotes", `$env:AWS_SECRET_ACCESS_KEY="` + secret + `"`, 1},
		{"an access key", "AKIAIOSFODNN7EXAMPLE", 1},
		{"both", "AKIAIOSFODNN7EXAMPLE\nkey: " + secret, 2},
		{"forty characters of something else", "path/" + secret[:35], 0},
		{"a commit", "key da39a3ee5e6b4b0d3255bfef95601890afd80709", 0},
		{"an expression", "export AWS_SECRET_ACCESS_KEY=#{aws.secret}", 0},
		{"a part of a longer word", "secret " + secret + "AAAA", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := leaks(row.text); len(got) != row.want {
				t.Errorf("found %v", got)
			}
		})
	}
}

func TestScriptFileInsideAPackage(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check")
	if !f.Dropped([]string{"/x/Acme.1.0.0.zip"}) {
		t.Fatal("does not accept a package")
	}
	r.Until("the package", func() bool { return f.script.packaged.id.Text == "Acme" && len(f.script.file.listing.Entries) == 2 })
	if f.script.source.Value() != "package" {
		t.Error("the source is still Source code")
	}
	items := f.script.file.items()
	if items[0].Value != "tools/rotate.ps1" || items[0].Group == items[1].Group {
		t.Errorf("files %v", items)
	}
	f.script.file.name.SetText("tools/other.ps1")
	if !strings.Contains(f.form.Field("script.file").Note(), "other.ps1") {
		t.Errorf("a missing file: %q", f.form.Field("script.file").Note())
	}
	f.script.file.name.SetText("tools/rotate.ps1")
	f.Save(nil)
	r.idle()
	s, _ := r.stored().Step("Check")
	if s.Script.Package != "Acme" || s.Script.File != "tools/rotate.ps1" || s.Script.Source != model.SourcePackage {
		t.Errorf("stored %+v", s.Script)
	}
	if got := f.form.Field("script.version").Note(); got != "= 1.0.0" {
		t.Errorf("latest is %q", got)
	}
}

func TestScriptFileInsideAFolder(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check")
	folder := filepath.Join(t.TempDir(), "my.scripts")
	for name, text := range map[string]string{"tools/rotate.ps1": "Write-Host rotate", "notes.md": "read me"} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if !f.Dropped([]string{folder}) {
		t.Fatal("does not accept a folder")
	}
	r.Until("what is in it", func() bool { return len(f.script.file.listing.Entries) == 2 })
	if f.script.source.Value() != "folder" || f.script.file.name.Text != "tools/rotate.ps1" {
		t.Errorf("source %s, file %q", f.script.source.Value(), f.script.file.name.Text)
	}
	if !f.script.folder.content.Visible() || f.script.packaged.content.Visible() {
		t.Error("the fields of the folder are hidden, or those of the package are shown")
	}
	if items := f.script.file.items(); items[0].Value != "tools/rotate.ps1" || items[1].Value != "notes.md" {
		t.Errorf("files %v", items)
	}
	r.Until("its text", func() bool { return f.script.file.preview.Text() == "Write-Host rotate" })
	note := func(field string) string { return f.form.Field(field).Note() }
	f.script.file.name.SetText("rotate.sh")
	if !strings.Contains(note("script.file"), `"tools/rotate.ps1"`) {
		t.Errorf("the nearest name is not suggested: %q", note("script.file"))
	}
	f.script.file.name.SetText(`TOOLS\Rotate.ps1`)
	f.form.Changed()
	f.Preview()
	r.Until("the plan", func() bool { return f.preview.stage.State() == feedback.StateReady })
	p := f.preview.plan
	if p.Folder != folder || p.Entry != "tools/rotate.ps1" || p.Script != "Write-Host rotate" || p.Language != model.PowerShell {
		t.Errorf("plan %+v", p)
	}
	f.Save(nil)
	r.idle()
	s, _ := r.stored().Step("Check")
	if s.Script.Folder != folder || s.Script.File != `TOOLS\Rotate.ps1` || s.Script.Source != model.SourceFolder {
		t.Errorf("stored %+v", s.Script)
	}
	for text, want := range map[string]string{
		"scripts": "full path", filepath.Join(folder, "none"): "no folder", filepath.Join(folder, "#{Nam}"): "Nam",
	} {
		f.script.folder.path.SetText(text)
		f.form.Changed()
		r.Until("a note on "+text, func() bool { return strings.Contains(note("script.folder"), want) })
	}
	f.script.folder.path.SetText(folder)
	f.form.Changed()
	r.Until("the folder again", func() bool { return len(f.script.file.listing.Entries) == 2 && note("script.folder") == "" })
}

func TestADroppedScriptReplacesTheText(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check")
	path := filepath.Join(t.TempDir(), "hello.ps1")
	if err := os.WriteFile(path, []byte("\xff\xfeh\x00i\x00"), 0o600); err != nil { // UTF-16, as Windows editors write it
		t.Fatal(err)
	}
	if f.Dropped([]string{"x.png"}) {
		t.Error("accepts a picture")
	}
	f.Dropped([]string{path})
	r.Until("the text", func() bool { return f.script.inline.editor.Text() == "hi" })
	if f.script.inline.language.Value() != "powershell" || !f.Dirty() {
		t.Error("language or edit")
	}
}

func TestPreview(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Roll the web tier")
	f.script.inline.editor.SetText("echo #{AWS.Region} #{Password}")
	f.form.Changed()
	f.Preview()
	v := f.preview
	r.Until("the plan", func() bool { return v.stage.State() == feedback.StateReady })
	if !strings.Contains(v.plan.Script, "echo eu-west-1") {
		t.Errorf("script %q: not the edited one", v.plan.Script)
	}
	if !strings.Contains(v.state.Text(), "Password") {
		t.Errorf("the missing secret is not reported: %q", v.state.Text())
	}
	if v.plan.Role.ARN != "arn:aws:iam::123456789012:role/deployer" {
		t.Errorf("role %q", v.plan.Role.ARN)
	}
}

// The preview shows the facts that the command's preview shows.
func TestPreviewShowsEveryFact(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Roll the web tier")
	input[*control.Combo](f, "options.timeout").SetText("90")
	if got := f.form.Field("options.timeout").Note(); got != "= 1 hour 30 minutes" {
		t.Errorf("90 is understood as %q", got)
	}
	input[*control.Check](f, "options.stopOnFirstFailure").SetChecked(true)
	input[*control.Select](f, "options.edition").SetSelected("PowerShell (pwsh)")
	f.aws.duration.SetText("2h")
	f.form.Changed()
	f.Preview()
	v := f.preview
	r.Until("the plan", func() bool { return v.stage.State() == feedback.StateReady })
	var labels []string
	for _, o := range test.LaidOutObjects(v.factsOf(v.plan)) {
		if label, ok := o.(*widget.Label); ok {
			labels = append(labels, label.Text)
		}
	}
	for _, want := range []string{
		"Session duration", "2h", "Time limit", "1 hour 30 minutes", "Error output is", "an error; the step ends with a warning",
		"PowerShell edition", "PowerShell (pwsh)", "On failure", "Stops at the first failing command", "Files in ~/.aws",
		"Hidden from the script",
	} {
		if !slices.Contains(labels, want) {
			t.Errorf("%q is not among %q", want, labels)
		}
	}
	s := runner.StepPlan{Account: model.Account{Kind: model.KindConsole}, Step: model.NewStep("S")}
	for _, f := range s.Facts() {
		if _, text := optionRow(f, s.Step.Options); f.Field == "options.freshCredentials" && !strings.Contains(text, "console sign-in") {
			t.Errorf("the keys of a console sign-in are %q", text)
		}
	}
	s.Account.Kind, s.Step.Options.FreshCredentials = model.KindAccessKey, model.FreshAlways
	for _, f := range s.Facts() {
		if _, text := optionRow(f, s.Step.Options); f.Field == "options.freshCredentials" && !strings.Contains(text, "don't end") {
			t.Errorf("a long-lived key is %q", text)
		}
	}
	for _, kind := range runner.FactKinds() {
		if kind != runner.FactOption && factNames()[kind] == "" {
			t.Errorf("the fact %q has no name in factNames", kind)
		}
	}
	for _, fact := range v.plan.Facts() {
		declared := slices.ContainsFunc(options(), func(o option) bool { return o.path == fact.Field })
		if fact.Kind == runner.FactOption && !declared {
			t.Errorf("%s is not in options: declare it there", fact.Field)
		}
	}
}

func TestEditsDuringASaveStay(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check")
	f.script.arguments.text.SetText("--one")
	f.Save(nil)
	f.script.arguments.text.SetText("--two") // before the save is done
	r.idle()
	if f.script.arguments.text.Text != "--two" || !f.Dirty() {
		t.Errorf("parameters %q, dirty %v", f.script.arguments.text.Text, f.Dirty())
	}
	f.Save(nil)
	r.idle()
	if s, _ := r.stored().Step("Check"); s.Script.Parameters != "--two" || f.Dirty() {
		t.Errorf("stored %q, dirty %v", s.Script.Parameters, f.Dirty())
	}
}

func FuzzLeaks(f *testing.F) {
	f.Add("secret = " + secret + "\nAKIAIOSFODNN7EXAMPLE")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		for _, l := range leaks(text) {
			if l.Line < 1 || l.Line > len(lines) || !strings.Contains(lines[l.Line-1], l.Text) {
				t.Errorf("%+v is not at its place in %q", l, text)
			}
		}
	})
}

func TestTheWheelScrollsTheFormOverItsFields(t *testing.T) {
	r := newRig(t, small, website())
	f := r.edit("Check")
	uitest.Settle(r.window)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(f.name).Add(fyne.NewPos(40, 10))
	test.Scroll(r.window.Canvas(), at, 0, -30)
	if f.scroll.Offset.Y == 0 {
		t.Error("the form does not scroll over a field")
	}
}

func TestTheWheelScrollsTheFormUntilTheScriptHasTheFocus(t *testing.T) {
	r := newRig(t, small, website())
	f := r.edit("Check")
	f.sections[0].SetOpen(false)
	uitest.Settle(r.window)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(f.script.inline.editor).Add(fyne.NewPos(40, 20))
	test.Scroll(r.window.Canvas(), at, 0, -30)
	moved := f.scroll.Offset.Y
	if moved == 0 {
		t.Error("the form does not scroll")
	}
	r.window.Canvas().Focus(f.script.inline.editor)
	test.Scroll(r.window.Canvas(), at, 0, -30)
	if f.scroll.Offset.Y != moved {
		t.Error("the form scrolls while the script has the focus")
	}
}

// input returns the input of a field.
func input[T fyne.CanvasObject](f *StepForm, path string) T { return f.form.Field(path).Input.(T) }
