package desktop

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

const octopusTemplate = `{"Id": "ActionTemplates-1", "Name": "Tell", "ActionType": "Octopus.AwsRunScript", "Properties": {
	"Octopus.Action.Script.Syntax": "Bash", "Octopus.Action.AwsAccount.Variable": "#{Account}", "Octopus.Action.Aws.Region": "eu-west-1",
	"Octopus.Action.Script.ScriptBody": "get_octopusvariable Octopus.Release.Number"},
	"Parameters": [{"Name": "Account", "DisplaySettings": {"Octopus.ControlType": "AmazonWebServicesAccount"}},
		{"Name": "Count", "DefaultValue": "3#{Team.Name}", "DisplaySettings": {}}]}`

const octopusProcess = `[{"Id": "p", "ProjectId": "Projects-1", "Steps": [{"Name": "Copy", "Actions": [{"Name": "Copy",
	"ActionType": "Octopus.AwsRunScript", "Properties": {
	"Octopus.Action.Script.Syntax": "Bash", "Octopus.Action.Script.ScriptBody": "aws s3 ls",
	"Octopus.Action.Aws.Region": "eu-west-1", "Octopus.Action.AwsAccount.Variable": "AWS"}}]}]},
	{"Id": "v", "OwnerId": "Projects-1", "Variables": [
		{"Name": "AWS", "Type": "AmazonWebServicesAccount", "Value": "Accounts-1", "Scope": {"Environment": ["Environments-1"]}},
		{"Name": "AWS", "Type": "AmazonWebServicesAccount", "Value": "Accounts-2", "Scope": {"Environment": ["Environments-2"]}},
		{"Name": "Password", "IsSensitive": true, "Type": "Sensitive"}, {"Name": "Bucket", "Value": "old"}]},
	{"Id": "Projects-1", "Name": "Website"}, {"Id": "Environments-1", "Name": "Test"}, {"Id": "Environments-2", "Name": "Production"}]`

// sheetRig opens the sheet of an export on a computer with the accounts Prod and Test, and the project Jobs.
type sheetRig struct {
	*uitest.App
	*importSheet
	services *app.Services
	applied  []*projects.Import
	reads    int
}

func newSheetRig(t *testing.T, files map[string]string) *sheetRig {
	t.Helper()
	s, err := app.Open(t.Context(), app.Options{
		DataDir: t.TempDir(), Environ: without("STEPDECK_PASSPHRASE=" + passphraseOfTests), Version: app.NewVersion("1.2.3", "abcdef"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := &sheetRig{App: uitest.New(t), services: s}
	for _, name := range []string{"Prod", "Test"} {
		account := model.Account{Name: name, Kind: model.KindProfile, Profile: name}
		if err := s.Accounts().Save(t.Context(), &account, model.AccountSecrets{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Projects().SaveProject(t.Context(), &model.Project{Name: "Jobs"}, nil); err != nil {
		t.Fatal(err)
	}
	w := &window{services: s, ctx: t.Context(), win: r.Show(widget.NewLabel(""), fyne.NewSize(1000, 700))}
	read, err := w.readImports(t.Context(), []string{dir}, projects.OctopusOptions{})
	if err != nil {
		t.Fatal(err)
	}
	deps, err := w.importDeps([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	again := deps.read
	deps.read = func(ctx context.Context, o projects.OctopusOptions) (importRead, error) {
		r.reads++
		return again(ctx, o)
	}
	deps.apply = func(list []*projects.Import) { r.applied = list }
	r.importSheet = newImportSheet(deps, read)
	r.show()
	r.Pump()
	return r
}

// settled waits until the report is that of the choices.
func (r *sheetRig) settled() {
	r.Until("the files are read again", func() bool { return !r.task.Busy() })
	r.Pump()
}

func (r *sheetRig) pick(p *control.Picker, account string) {
	p.Pick(control.Item{Value: account, Title: account})
	r.settled()
}

func (r *sheetRig) says(t *testing.T, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(r.report.Text, w) {
			t.Errorf("the report does not say %q:\n%s", w, r.report.Text)
		}
	}
}

// The sheet shows the report and asks for what only a server knows; Import saves the project with it.
func TestImportSheet(t *testing.T) {
	r := newSheetRig(t, map[string]string{"template.json": octopusTemplate, "package.json": "{}"})
	r.says(t, "Missing (", "Its account is not in the export. Choose an account of this computer for it.", `• step "Tell"`,
		"package.json is nothing of Octopus", `project "Tell" is added`)
	if len(r.titles) != 2 || !strings.HasPrefix(r.titles[0], "Only an Octopus server") ||
		!strings.HasPrefix(r.titles[1], "Nothing in the export defines") {
		t.Errorf("the values stand below %q", r.titles)
	}
	r.values.entries[model.NameKey("Octopus.Release.Number")].SetText("1.4.0")
	r.pick(r.choices.account, "Prod")
	if path := os.Getenv("STEPDECK_PICTURES"); path != "" {
		r.Picture(r.window, filepath.Join(path, "import-octopus.png"))
	}
	r.confirm()
	if len(r.applied) != 1 || r.dialog.Visible() {
		t.Fatal("Import does not import")
	}
	if v, _ := r.applied[0].File.Project.Declared("Octopus.Release.Number"); v.Value != "1.4.0" || v.Prompt != nil {
		t.Errorf("the value that was typed has become %+v", v)
	}
	if v, _ := r.applied[0].File.Project.Declared("Account"); v.Value != "Prod" {
		t.Errorf("the account that was chosen has become %+v", v)
	}
	if err := r.services.Projects().Apply(t.Context(), r.applied); err != nil {
		t.Errorf("an incomplete step can't be saved: %v", err)
	}
}

// Step templates join the project that is chosen; Import shows the report of a name that was only typed, and imports nothing yet.
func TestImportSheetProject(t *testing.T) {
	r := newSheetRig(t, map[string]string{"template.json": octopusTemplate})
	r.choices.project.SetText("Jobs") // as when it is picked
	r.settled()
	r.says(t, `step "Tell" is added`)
	if r.dialog.Danger {
		t.Error("a step that is added is shown as a danger")
	}
	r.choices.project.SetText("")
	if r.dialog.Dirty() {
		t.Error("a sheet in which nothing is chosen would ask before it closes")
	}
	r.choices.project.SetText("New")
	if !r.dialog.Dirty() {
		t.Error("a name that was typed is lost without a question")
	}
	r.confirm()
	r.settled()
	if len(r.applied) > 0 {
		t.Fatal("it imports what the report did not say")
	}
	r.says(t, `project "New" is added`)
	r.confirm()
	if len(r.applied) != 1 || r.applied[0].File.Project.Name != "New" || r.reads != 2 {
		t.Errorf("%d imports, after %d reads", len(r.applied), r.reads)
	}
}

// A template that has the name of a project becomes a step of it, unless another name is typed.
func TestImportSheetTemplateWithTheNameOfAProject(t *testing.T) {
	r := newSheetRig(t, map[string]string{"template.json": strings.Replace(octopusTemplate, `"Tell"`, `"Jobs"`, 1)})
	r.says(t, `step "Jobs" is added`, "There is a project of this name")
	r.choices.project.SetText("New")
	r.choices.project.OnLeave()
	r.settled()
	r.says(t, `project "New" is added`)
}

// A choice that can't be is told, and nothing is imported.
func TestImportSheetSeveral(t *testing.T) {
	r := newSheetRig(t, map[string]string{"template.json": octopusTemplate, "process.json": octopusProcess})
	r.choices.project.SetText("One")
	r.choices.project.OnLeave()
	r.settled()
	r.confirm()
	r.settled()
	if len(r.applied) > 0 || !strings.Contains(r.problem.Text(), `can't all be called "One"`) {
		t.Errorf("%d imports; it says %q", len(r.applied), r.problem.Text())
	}
	r.choices.project.SetText("")
	r.choices.project.OnLeave()
	r.settled()
	if r.confirm(); len(r.applied) != 2 || r.problem.Text() != "" {
		t.Errorf("%d imports; it says %q", len(r.applied), r.problem.Text())
	}
}

// Each account of Octopus has a field, so that those of two environments don't become one; other values can be given.
func TestImportSheetAccounts(t *testing.T) {
	r := newSheetRig(t, map[string]string{"export.json": octopusProcess})
	if r.choices.account != nil || len(r.choices.instead) != 2 {
		t.Fatalf("fields for %d accounts", len(r.choices.instead))
	}
	r.pick(r.choices.instead["Accounts-1"], "Test")
	r.pick(r.choices.instead["Accounts-2"], "Prod")
	r.others.add()
	if names := givable(r.imports); strings.Join(names, " ") != "AWS Bucket" {
		t.Errorf("values of %q can be given", names)
	}
	for _, bad := range []struct{ name, want string }{{"Nothing", `no variable "Nothing"`}, {"Password", "is sensitive"}} {
		r.others.list[0].name.SetText(bad.name)
		if r.confirm(); len(r.applied) > 0 || !strings.Contains(r.problem.Text(), bad.want) {
			t.Fatalf("with a value of %s: %d imports, it says %q", bad.name, len(r.applied), r.problem.Text())
		}
	}
	r.others.list[0].name.SetText("bucket")
	r.others.list[0].value.SetText("new")
	r.confirm()
	if len(r.applied) != 1 {
		t.Fatal("Import does not import")
	}
	var values []string
	for _, v := range r.applied[0].File.Project.Variables {
		values = append(values, v.Value)
	}
	if got := strings.Join(values, ","); got != "Test,Prod,,new" {
		t.Errorf("the values are %s", got)
	}
}

// A project keeps the accounts that were chosen for it, and their fields say so; another choice takes their place.
func TestImportSheetKeepsAccounts(t *testing.T) {
	r := newSheetRig(t, map[string]string{"export.json": strings.TrimSuffix(octopusProcess, "]") + `,
		{"ItemType": "Account", "Items": [{"Id": "Accounts-1", "Name": "Test", "AccountType": "AmazonWebServicesAccount"}]}]`})
	p := model.Project{Name: "Kept", Environments: []string{"Test"}, Variables: []model.Variable{
		{Name: "AWS", Type: model.TypeAWSAccount, Value: "Prod", Scope: []string{"Test"}},
	}}
	if err := r.services.Projects().SaveEnvironment(t.Context(), &model.Environment{Name: "Test"}); err != nil {
		t.Fatal(err)
	}
	if err := r.services.Projects().SaveProject(t.Context(), &p, nil); err != nil {
		t.Fatal(err)
	}
	field := r.choices.instead["Accounts-1"]
	if field.Value() != "Test" {
		t.Errorf("for a new project the account is %q", field.Value())
	}
	r.choices.project.SetText("Kept")
	r.choices.project.OnLeave()
	r.settled()
	r.says(t, `It keeps the account "Prod" of the project; in the export it is "Test".`)
	if field.Value() != "Prod" {
		t.Errorf("the project's account is %q in its field", field.Value())
	}
	r.pick(field, "Test")
	r.confirm()
	if len(r.applied) != 1 || r.applied[0].File.Project.Variables[0].Value != "Test" {
		t.Errorf("what was chosen has become %+v", r.applied)
	}
}

// A folder of hundreds of templates does not make a text that the window can't show.
func TestLongImportReport(t *testing.T) {
	imports := make([]*projects.Import, 2*mostReported)
	for i := range imports {
		imports[i] = &projects.Import{Changes: []string{"x"}}
	}
	text := reportText(imports, nil)
	if lines := strings.Count(text, "\n"); lines > mostReported || !strings.Contains(text, "more lines") {
		t.Errorf("%d lines, ending in %q", lines, text[len(text)-60:])
	}
}

// An import that removes something says so with its button, also when a later choice brings it about.
func TestImportSheetDanger(t *testing.T) {
	r := newSheetRig(t, map[string]string{"export.json": octopusProcess})
	p := model.Project{Name: "Old", Steps: []model.Step{model.NewStep("Gone")}}
	p.Steps[0].AWS.Account = model.NoAccount
	if err := r.services.Projects().SaveProject(t.Context(), &p, nil); err != nil {
		t.Fatal(err)
	}
	if r.dialog.Danger {
		t.Error("a new project is shown as a danger")
	}
	r.choices.project.SetText("Old")
	r.choices.project.OnLeave()
	r.settled()
	r.says(t, "Will be removed:\nstep \"Gone\"")
	if !r.dialog.Danger {
		t.Error("a step that is removed is not shown as a danger")
	}
}
