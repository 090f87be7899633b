package projects

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

func (v *preview) factsOf(s runner.StepPlan) fyne.CanvasObject {
	grid := container.New(factLayout{})
	fact := func(name, text string) {
		if strings.TrimSpace(text) == "" {
			return
		}
		label := widget.NewLabel(name)
		label.Importance = widget.LowImportance
		value := widget.NewLabel(text)
		value.Wrapping = fyne.TextWrapWord
		value.Selectable = true
		grid.Add(label)
		grid.Add(value)
	}
	names := factNames()
	for _, f := range s.Facts() {
		if f.Kind == runner.FactOption {
			fact(optionRow(f, s.Step.Options))
			continue
		}
		fact(names[f.Kind], v.factText(f, s.Account))
	}
	return grid
}

// factNames returns the labels of the facts, which are those of the form's fields. Options have theirs in their declarations.
func factNames() map[runner.FactKind]string {
	return map[runner.FactKind]string{
		runner.FactNoAccount:       lang.L("AWS Account"),
		runner.FactAccount:         lang.L("AWS Account"),
		runner.FactLate:            lang.L("When it runs"),
		runner.FactExpected:        lang.L("Expected AWS account"),
		runner.FactRole:            lang.L("Role ARN"),
		runner.FactNextRole:        lang.L("Then the role"),
		runner.FactSessionName:     lang.L("Session name"),
		runner.FactExternalID:      lang.L("External ID"),
		runner.FactSessionDuration: lang.L("Session duration"),
		runner.FactPolicy:          lang.L("Session policy"),
		runner.FactPolicyARNs:      lang.L("Managed policies"),
		runner.FactTags:            lang.L("Session tags"),
		runner.FactSourceIdentity:  lang.L("Source identity"),
		runner.FactRegion:          lang.L("Region"),
		runner.FactEnvironment:     lang.L("Environment"),
		runner.FactEnvVar:          lang.L("Environment variable"),
		runner.FactPackage:         lang.L("Package"),
		runner.FactArgument:        lang.L("Parameter"),
		runner.FactFurtherPackage:  lang.L("Further package"),
		runner.FactPackedPackage:   lang.L("Further package"),
		runner.FactFolder:          lang.L("Folder"),
		runner.FactFile:            lang.L("Script file"),
		runner.FactLanguage:        lang.L("Language"),
		runner.FactTool:            lang.L("Runs with"),
		runner.FactAWSTool:         "aws",
	}
}

func (v *preview) factText(f runner.Fact, account model.Account) string {
	switch f.Kind {
	case runner.FactNoAccount:
		return lang.L("No AWS account")
	case runner.FactLate:
		return lang.L("Known only when the step runs: an earlier step sets a part of it.")
	case runner.FactAccount:
		return v.accountText(account, f.From)
	case runner.FactExpected:
		return lang.L("{{.Account}}, required by {{.Source}}", map[string]any{"Account": v.lib.awsTitle(f.Text), "Source": f.From})
	case runner.FactRegion:
		return strings.TrimSpace(f.Text + "  " + model.RegionPlace(f.Text))
	case runner.FactSessionDuration:
		if f.From != "" {
			return lang.L("{{.Lasts}} instead of {{.Wanted}}: AWS allows no more for a role that is assumed from another role.",
				map[string]any{"Lasts": f.Text, "Wanted": f.From})
		}
	case runner.FactEnvVar, runner.FactArgument:
		return f.From + " = " + f.Text
	case runner.FactPackage:
		return strings.TrimSpace(f.Text + " " + f.From)
	case runner.FactFurtherPackage, runner.FactPackedPackage:
		return f.From + " = " + furtherPackageText(f.Text, f.Kind == runner.FactFurtherPackage)
	case runner.FactTool, runner.FactAWSTool:
		return strings.TrimSpace(f.Text + "  " + f.From)
	}
	return f.Text
}

// optionRow returns the row of an option, as its declaration has it.
func optionRow(f runner.Fact, m model.Options) (title, text string) {
	switch runner.DeliveryReason(f.From) {
	case runner.OfConsole:
		return lang.L("Credentials"), lang.L("Renewed while the script runs: those of a console sign-in live for minutes")
	case runner.KeysNeverEnd:
		return lang.L("Credentials"), lang.L("Keys in the environment: they don't end.")
	}
	list := options()
	i := slices.IndexFunc(list, func(o option) bool { return o.path == f.Field })
	if i < 0 { // can't happen: a test compares the two
		return f.Title, f.Text
	}
	return list[i].row(m)
}

func (v *preview) accountText(a model.Account, variable string) string {
	text := accounts.Title(a)
	if _, known := accounts.Known(a, v.lib.aws); known != "" {
		text += " · " + known
	}
	if variable != "" {
		text = variable + " → " + text
	}
	return text
}

// factLayout places pairs of name and text in two columns, like the fields of a form.
type factLayout struct{}

func (factLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for i := 0; i+1 < len(objects); i += 2 {
		name, value := objects[i], objects[i+1]
		name.Move(fyne.NewPos(0, y))
		name.Resize(fyne.NewSize(form.LabelWidth, name.MinSize().Height))
		value.Move(fyne.NewPos(form.LabelWidth, y))
		value.Resize(fyne.NewSize(size.Width-form.LabelWidth, value.MinSize().Height))
		value.Resize(fyne.NewSize(size.Width-form.LabelWidth, value.MinSize().Height)) // the height depends on the width
		y += value.Size().Height - factOverlap
	}
}

func (factLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	y := float32(0)
	for i := 0; i+1 < len(objects); i += 2 {
		y += objects[i+1].MinSize().Height - factOverlap
	}
	return fyne.NewSize(300, y+factOverlap)
}

// factOverlap reduces the padding between labels, which is too much for lines of a list.
const factOverlap = 6
