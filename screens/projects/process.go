package projects

import (
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// process is the list of the project's steps.
type process struct {
	pageDeps
	stage   *feedback.LoadState
	table   *table.Table[stepRow]
	content fyne.CanvasObject
	hidden  map[model.ID]bool // deleted, with the undo still open

	edit, up, down, enable, duplicate, pin, remove *control.Button
	body                                           fyne.CanvasObject
	card                                           *dialog.Dialog
}

type stepRow struct {
	model.Step
	number   int
	targets  []target
	problems int
}

func newProcess(deps pageDeps) *process {
	p := &process{pageDeps: deps, stage: feedback.NewLoadState(), hidden: map[model.ID]bool{}}
	p.makeTable()
	p.body = container.NewBorder(container.NewPadded(p.toolbar()), nil, nil, nil, p.table.Content())
	p.content = p.stage.Content()
	return p
}

func (p *process) makeTable() {
	p.table = table.New(
		table.Column[stepRow]{Title: "", Width: 36, Fixed: true, Cell: func(r stepRow) table.Cell {
			return table.Cell{Text: strconv.Itoa(r.number), Muted: true}
		}},
		table.Column[stepRow]{Title: lang.L("Step name"), Fixed: true, Cell: nameCell},
		table.Column[stepRow]{Title: lang.L("AWS Account"), Fixed: true, Cell: p.accountCell},
		table.Column[stepRow]{Title: lang.L("Script"), Width: 190, Fixed: true, Cell: func(r stepRow) table.Cell {
			return table.Cell{Text: scriptText(r.Script), Muted: true}
		}},
		table.Column[stepRow]{Title: "", Width: 110, Fixed: true, Cell: problemsCell},
	)
	p.table.OnOpened = func(r stepRow) { p.openStep(r.Step) }
	p.table.OnSelected = func(stepRow) { p.updateButtons() }
	p.table.OnMoved = p.move
	p.table.OnShortcut = p.shortcut
	p.table.OnDelete = p.delete
}

// shortcut moves a step by Alt+Up and Alt+Down. It reports whether s is one of them.
func (p *process) shortcut(r stepRow, s fyne.Shortcut) bool {
	c, ok := s.(*desktop.CustomShortcut)
	if !ok || c.Modifier != fyne.KeyModifierAlt {
		return false
	}
	switch c.KeyName {
	case fyne.KeyUp:
		p.move(r, -1)
	case fyne.KeyDown:
		p.move(r, 1)
	default:
		return false
	}
	return true
}

func (p *process) toolbar() fyne.CanvasObject {
	button := func(label string, do func(stepRow)) *control.Button {
		return control.NewButton(nil, label, func() {
			if r, ok := p.table.Selected(); ok {
				do(r)
			}
		})
	}
	add := control.NewButton(nil, lang.L("Add step"), p.add).Important()
	add.SetIcon(fynetheme.ContentAddIcon())
	p.edit = button(lang.L("Edit"), func(r stepRow) { p.openStep(r.Step) })
	p.up = button("", func(r stepRow) { p.move(r, -1) })
	p.up.SetIcon(fynetheme.MoveUpIcon())
	p.down = button("", func(r stepRow) { p.move(r, 1) })
	p.down.SetIcon(fynetheme.MoveDownIcon())
	p.enable = button(lang.L("Disable"), func(r stepRow) { p.change(r, func(s *model.Step) { s.Enabled = !r.Enabled }) })
	p.duplicate = button(lang.L("Duplicate"), p.copy)
	p.pin = button(lang.L("Pin"), func(r stepRow) { p.change(r, func(s *model.Step) { s.Pinned = !r.Pinned }) })
	p.remove = button(lang.L("Delete"), p.delete)
	return container.NewHBox(add, layout.NewSpacer(), p.edit, p.up, p.down, p.enable, p.duplicate, p.pin, p.remove)
}

func nameCell(r stepRow) table.Cell {
	return table.Cell{Text: r.Name, Bold: r.Enabled, Muted: !r.Enabled, Badge: strings.Join(stepMarks(r.Step), " · ")}
}

// stepMarks returns what somebody who reads the list has to know about when a step runs; empty for one that runs in its turn
// after success.
func stepMarks(s model.Step) []string {
	if !s.Enabled {
		return []string{lang.L("disabled")}
	}
	var marks []string
	if s.Pinned {
		marks = append(marks, lang.L("pinned"))
	}
	if s.Options.Start == model.StartWithPrevious {
		marks = append(marks, lang.L("with the one before"))
	}
	switch s.Options.Condition {
	case model.ConditionFailure:
		marks = append(marks, lang.L("on failure"))
	case model.ConditionAlways:
		marks = append(marks, lang.L("always"))
	case model.ConditionVariable:
		marks = append(marks, lang.L("by a condition"))
	}
	return marks
}

func problemsCell(r stepRow) table.Cell {
	if r.problems == 0 {
		return table.Cell{}
	}
	return table.Cell{Badge: plural.N("{{.Count}} problem", "{{.Count}} problems", r.problems), Tone: display.Caution}
}

// problems counts what keeps a step from being run in the environment that is shown, as far as it is known without a run.
func (p *process) problems(project model.Project, s model.Step) int {
	n := len(s.Check()) + p.lib.absentPackages(s.Script)
	list := targetsOf(project, s, *p.lib)
	for _, t := range list {
		if t.lost && (t.environment == p.environment() || len(list) == 1) {
			n++
		}
	}
	return n
}

func (p *process) accountCell(r stepRow) table.Cell {
	name := strings.TrimSpace(r.AWS.Account)
	switch {
	case name == "":
		return table.Cell{Text: "–", Muted: true}
	case model.NameKey(name) == model.NoAccount:
		return table.Cell{Text: lang.L("No AWS account"), Muted: true}
	}
	for _, t := range r.targets {
		if t.environment != p.environment() && len(r.targets) > 1 {
			continue
		}
		text := t.text
		if t.aws.Title() != t.aws.ID { // the name instead of the id: the column is narrow
			text = accounts.Title(t.account) + " · " + t.aws.Title()
		}
		cell := table.Cell{Text: name + " → " + text}
		if t.acts.ID != "" {
			if cell.Bar = string(t.acts.Colour); cell.Bar == "" {
				cell.Bar = "-"
			}
			if t.acts.ID != t.aws.ID && t.aws.ID != "" { // the role is in another one
				cell.Text += " → " + t.acts.String()
			}
		}
		return cell
	}
	return table.Cell{Text: name}
}

func scriptText(s model.Script) string {
	switch s.Source {
	case model.SourcePackage:
		return strings.TrimSpace(s.Package + " · " + s.File)
	case model.SourceFolder:
		return strings.TrimSpace(filepath.Base(s.Folder) + " · " + s.File)
	case model.SourceInline:
	}
	return lang.L("Source code") + " · " + map[model.Language]string{
		model.PowerShell: "PowerShell", model.Bash: "Bash", model.Python: "Python",
	}[s.Language]
}

func (p *process) show() {
	selected, _ := p.table.Selected()
	var rows []stepRow
	project := p.stored()
	for i, s := range project.Steps {
		if p.hidden[s.ID] {
			continue
		}
		rows = append(rows, stepRow{Step: s, number: i + 1, targets: targetsOf(project, s, *p.lib), problems: p.problems(project, s)})
	}
	p.table.SetRows(rows)
	p.table.Select(func(r stepRow) bool { return r.ID == selected.ID })
	p.updateButtons()
	if len(rows) == 0 {
		p.stage.Empty(lang.L("No steps yet"), lang.L("A step runs an AWS CLI script with an account, a role and a region."),
			control.NewButton(nil, lang.L("Add step"), p.add).Important())
		return
	}
	p.stage.Show(p.body)
}

func (p *process) updateButtons() {
	r, ok := p.table.Selected()
	for _, b := range []*control.Button{p.edit, p.up, p.down, p.enable, p.duplicate, p.pin, p.remove} {
		if ok {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	if !ok {
		return
	}
	rows := p.table.Rows()
	if rows[0].ID == r.ID {
		p.up.Disable()
	}
	if rows[len(rows)-1].ID == r.ID {
		p.down.Disable()
	}
	label := func(b *control.Button, on bool, yes, no string) {
		if on {
			b.SetText(yes)
		} else {
			b.SetText(no)
		}
	}
	label(p.enable, r.Enabled, lang.L("Disable"), lang.L("Enable"))
	label(p.pin, r.Pinned, lang.L("Unpin"), lang.L("Pin"))
}

// add shows the kinds of steps: so far there is one.
func (p *process) add() {
	var d *dialog.Dialog
	keys := &control.Keys{}
	text := widget.NewLabel(lang.L("Runs a PowerShell, Bash or Python script that uses the AWS CLI with the step's account, role and region."))
	text.Wrapping, text.Importance = fyne.TextWrapWord, widget.LowImportance
	add := control.NewButton(keys, lang.L("Add"), func() {
		d.Close()
		p.openStep(p.newStep())
	}).Important()
	title := widget.NewLabelWithStyle(lang.L("Run an AWS CLI Script"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	card := display.Card(container.NewBorder(title, nil, nil, container.NewCenter(add), text))
	d = &dialog.Dialog{Title: lang.L("Add step"), Keys: keys, Content: container.NewVBox(card), Size: fyne.NewSize(560, 240), First: add}
	p.card = d
	d.Show(p.Window)
}
