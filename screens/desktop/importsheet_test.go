package desktop

import (
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
)

const octopusTemplate = `{"Id": "ActionTemplates-1", "Name": "Tell", "ActionType": "Octopus.AwsRunScript", "Properties": {
	"Octopus.Action.Script.Syntax": "Bash", "Octopus.Action.AwsAccount.Variable": "#{Account}", "Octopus.Action.Aws.Region": "eu-west-1",
	"Octopus.Action.Script.ScriptBody": "get_octopusvariable Octopus.Release.Number"},
	"Parameters": [{"Name": "Account", "DisplaySettings": {"Octopus.ControlType": "AmazonWebServicesAccount"}},
		{"Name": "Count", "DefaultValue": "3#{Team.Name}", "DisplaySettings": {}}]}`

// The sheet shows the report and asks for what only a server knows; Import saves the project with it.
func TestImportSheet(t *testing.T) {
	s, err := app.Open(t.Context(), app.Options{
		DataDir: t.TempDir(), Environ: without("STEPDECK_PASSPHRASE=" + passphraseOfTests), Version: app.NewVersion("1.2.3", "abcdef"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	dir := t.TempDir()
	for name, text := range map[string]string{"template.json": octopusTemplate, "package.json": "{}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := projects.FindImportFiles([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	read, err := s.Projects().ReadOctopus(t.Context(), files.Octopus, projects.OctopusOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a := uitest.New(t)
	win := a.Show(widget.NewLabel(""), fyne.NewSize(1000, 700))
	var applied []*projects.Import
	sheet := newImportSheet(win, read.Imports, read.Skipped, func(list []*projects.Import) { applied = list })
	sheet.show()
	a.Pump()
	if path := os.Getenv("STEPDECK_PICTURES"); path != "" {
		a.Picture(win, filepath.Join(path, "import-octopus.png"))
	}
	for _, want := range []string{
		"Missing (", "Its account is not in the export. Choose an account of this computer for it.", `• step "Tell"`,
		"package.json is nothing of Octopus",
		`project "Tell" is added`,
	} {
		if !strings.Contains(sheet.report.Text, want) {
			t.Errorf("the report does not say %q:\n%s", want, sheet.report.Text)
		}
	}
	if len(sheet.titles) != 2 || !strings.HasPrefix(sheet.titles[0], "Only an Octopus server") ||
		!strings.HasPrefix(sheet.titles[1], "Nothing in the export defines") {
		t.Errorf("the values stand below %q", sheet.titles)
	}
	sheet.values[model.NameKey("Octopus.Release.Number")].SetText("1.4.0")
	sheet.confirm()
	if len(applied) != 1 || sheet.dialog.Visible() {
		t.Fatal("Import does not import")
	}
	if v, _ := applied[0].File.Project.Declared("Octopus.Release.Number"); v.Value != "1.4.0" || v.Prompt != nil {
		t.Errorf("the value that was typed has become %+v", v)
	}
	if err := s.Projects().Apply(t.Context(), applied); err != nil {
		t.Errorf("an incomplete step can't be saved: %v", err)
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
