package desktop

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/octopusimport"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// importSheet shows the report of an import from Octopus before anything is saved, and asks for the values that only an Octopus
// server knows.
type importSheet struct {
	window  fyne.Window
	imports []*projects.Import
	apply   func([]*projects.Import)
	dialog  *dialog.Dialog
	keys    *control.Keys
	values  map[string]*control.Entry // by the names of variables
	report  *widget.Label
	titles  []string // of the groups of values
}

func newImportSheet(win fyne.Window, imports []*projects.Import, skipped []string, apply func([]*projects.Import)) *importSheet {
	s := &importSheet{window: win, imports: imports, apply: apply, keys: &control.Keys{}, values: map[string]*control.Entry{}}
	s.report = widget.NewLabel(reportText(imports, skipped))
	s.report.Wrapping = fyne.TextWrapWord
	content := container.NewVBox()
	server, undefined := s.fields()
	s.group(content, lang.L("Only an Octopus server knows these values. Leave one empty, and runs ask for it."), server)
	s.group(content, lang.L("Nothing in the export defines these names. Leave one empty, and runs ask for it."), undefined)
	content.Add(s.report)
	s.dialog = &dialog.Dialog{
		Title: importTitle(imports), Content: focus.Scroll(content), Keys: s.keys, Confirm: lang.L("Import"),
		Danger: slices.ContainsFunc(imports, func(imp *projects.Import) bool { return len(imp.Removed) > 0 }),
		Size:   fyne.NewSize(720, 560), OnConfirm: s.confirm,
	}
	return s
}

func importTitle(imports []*projects.Import) string {
	if len(imports) == 1 {
		return lang.L("Import {{.Project}}", map[string]any{"Project": imports[0].File.Project.Name})
	}
	return lang.L("Import {{.Count}} projects", map[string]any{"Count": len(imports)})
}

// group adds fields below what they have in common.
func (s *importSheet) group(content *fyne.Container, title string, fields []*form.Field) {
	if len(fields) == 0 {
		return
	}
	hint := widget.NewLabel(title)
	hint.Wrapping = fyne.TextWrapWord
	content.Add(hint)
	content.Add(form.Rows(fields...))
	content.Add(widget.NewSeparator())
	s.titles = append(s.titles, title)
}

// fields has an input for each value that is asked for, once for all projects: those that only a server knows, and the others.
func (s *importSheet) fields() (server, undefined []*form.Field) {
	f := form.New()
	f.Keys = s.keys
	for _, imp := range s.imports {
		if imp.Octopus == nil {
			continue
		}
		for _, asked := range imp.Octopus.Asked {
			if key := model.NameKey(asked.Name); s.values[key] == nil {
				s.values[key] = control.NewEntry(s.keys)
				field := f.Add(asked.Name, model.SafeLine(asked.Name), asked.Help, s.values[key])
				if asked.OfServer {
					server = append(server, field)
				} else {
					undefined = append(undefined, field)
				}
			}
		}
	}
	return server, undefined
}

func (s *importSheet) show() { s.dialog.Show(s.window) }

func (s *importSheet) confirm() {
	for _, imp := range s.imports {
		if imp.Octopus == nil {
			continue
		}
		for _, asked := range slices.Clone(imp.Octopus.Asked) {
			value := s.values[model.NameKey(asked.Name)].Text
			if value == "" {
				continue
			}
			if _, err := imp.Give(asked.Name, value); err != nil {
				dialog.ShowError(s.window, lang.L("The file can't be imported"), err)
				return
			}
		}
	}
	s.dialog.Close()
	s.apply(s.imports)
}

// mostReported is how many lines a report shows; the command prints all of them.
const mostReported = 500

// reportText describes what each import would do: what is missing first, then what is another thing here.
func reportText(imports []*projects.Import, skipped []string) string {
	var lines []string
	for _, imp := range imports {
		if len(imports) > 1 {
			lines = append(lines, strings.ToUpper(imp.File.Project.Name))
		}
		lines = append(lines, strings.Split(importText(imp), "\n")...)
		if imp.Octopus != nil {
			lines = append(lines, itemLines(imp.Octopus.Items)...)
		}
		lines = append(lines, "")
	}
	for _, path := range skipped {
		lines = append(lines, lang.L("{{.File}} is nothing of Octopus and is left out.", map[string]any{"File": path}))
	}
	if more := len(lines) - mostReported; more > 0 {
		lines = append(lines[:mostReported], lang.L("And {{.Count}} more lines: stepdeck import --dry-run prints them all.",
			map[string]any{"Count": more}))
	}
	return strings.TrimSpace(model.SafeBlock(strings.Join(lines, "\n")))
}

func itemLines(items []octopusimport.Item) []string {
	var lines []string
	add := func(title string, outcome octopusimport.Outcome) {
		count := octopusimport.Count(items, outcome)
		if count == 0 {
			return
		}
		lines = append(lines, "", fmt.Sprintf("%s (%d)", title, count))
		for _, i := range items {
			if i.Outcome() == outcome {
				lines = append(lines, itemText(i)...)
			}
		}
	}
	add(lang.L("Missing"), octopusimport.Missing)
	add(lang.L("Changed"), octopusimport.Changed)
	add(lang.L("Taken as it is"), octopusimport.Taken)
	return lines
}

func itemText(i octopusimport.Item) []string {
	lines := []string{"• " + i.Title()}
	if i.Outcome() == octopusimport.Taken {
		return lines
	}
	for _, f := range i.Findings {
		if f.Outcome != octopusimport.Taken {
			lines = append(lines, "    "+strings.TrimSpace(f.Text+" "+f.Do))
		}
	}
	return lines
}
