package projects

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// process is the list of the project's steps.
type process struct {
	of      *project
	stage   *feedback.LoadState
	table   *table.Table[stepRow]
	content fyne.CanvasObject
	hidden  map[model.ID]bool // deleted, and that can still be taken back

	edit, up, down, enable, duplicate, pin, remove *control.Button
	body                                           fyne.CanvasObject
	card                                           *dialog.Dialog
}

type stepRow struct {
	model.Step
	number  int
	targets []target
	mend    int
}

func newProcess(o *project) *process {
	p := &process{of: o, stage: feedback.NewLoadState(), hidden: map[model.ID]bool{}}
	p.table = table.New(
		table.Column[stepRow]{Title: "", Width: 36, Fixed: true, Cell: func(r stepRow) table.Cell { return table.Cell{Text: strconv.Itoa(r.number), Muted: true} }},
		table.Column[stepRow]{Title: lang.L("Step name"), Fixed: true, Cell: func(r stepRow) table.Cell {
			c := table.Cell{Text: r.Name, Bold: r.Enabled, Muted: !r.Enabled}
			switch {
			case !r.Enabled:
				c.Badge = lang.L("disabled")
			case r.Pinned:
				c.Badge = lang.L("pinned")
			}
			return c
		}},
		table.Column[stepRow]{Title: lang.L("AWS Account"), Fixed: true, Cell: p.accountCell},
		table.Column[stepRow]{Title: lang.L("Script"), Width: 190, Fixed: true, Cell: func(r stepRow) table.Cell { return table.Cell{Text: scriptText(r.Script), Muted: true} }},
		table.Column[stepRow]{Title: "", Width: 110, Fixed: true, Cell: func(r stepRow) table.Cell {
			if r.mend == 0 {
				return table.Cell{}
			}
			return table.Cell{Badge: fmt.Sprintf(lang.L("%d to mend"), r.mend), Tone: display.Caution}
		}},
	)
	p.table.OnOpened = func(r stepRow) { o.openStep(r.Step) }
	p.table.OnSelected = func(stepRow) { p.buttons() }
	p.table.OnMoved = p.move
	p.table.OnShortcut = func(r stepRow, s fyne.Shortcut) bool {
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
	p.table.OnDelete = p.delete
	with := func(label string, do func(stepRow)) *control.Button {
		return control.NewButton(nil, label, func() {
			if r, ok := p.table.Selected(); ok {
				do(r)
			}
		})
	}
	add := control.NewButton(nil, lang.L("Add step"), p.add).Important()
	add.SetIcon(fynetheme.ContentAddIcon())
	p.edit = with(lang.L("Edit"), func(r stepRow) { o.openStep(r.Step) })
	p.up = with("", func(r stepRow) { p.move(r, -1) })
	p.up.SetIcon(fynetheme.MoveUpIcon())
	p.down = with("", func(r stepRow) { p.move(r, 1) })
	p.down.SetIcon(fynetheme.MoveDownIcon())
	p.enable = with(lang.L("Disable"), func(r stepRow) { p.change(r, func(s *model.Step) { s.Enabled = !r.Enabled }) })
	p.duplicate = with(lang.L("Duplicate"), p.copy)
	p.pin = with(lang.L("Pin"), func(r stepRow) { p.change(r, func(s *model.Step) { s.Pinned = !r.Pinned }) })
	p.remove = with(lang.L("Delete"), p.delete)
	bar := container.NewHBox(add, layout.NewSpacer(), p.edit, p.up, p.down, p.enable, p.duplicate, p.pin, p.remove)
	p.body = container.NewBorder(container.NewPadded(bar), nil, nil, nil, p.table.Content())
	p.content = p.stage.Content()
	return p
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
		if t.environment != p.of.place.environment && len(r.targets) > 1 {
			continue
		}
		to := t.text
		if t.aws.Label != "" { // there is little room, and a label says more than twelve digits
			to = accounts.Title(t.account) + " · " + t.aws.Label
		}
		cell := table.Cell{Text: name + " → " + to}
		if t.acts.ID != "" {
			if cell.Bar = string(t.acts.Colour); cell.Bar == "" {
				cell.Bar = "-"
			}
			if t.acts.ID != t.aws.ID && t.aws.ID != "" { // the role lives in another one
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
	if s.Language == model.PowerShell {
		return lang.L("Source code") + " · PowerShell"
	}
	return lang.L("Source code") + " · Bash"
}

func (p *process) show() {
	selected, _ := p.table.Selected()
	var rows []stepRow
	for i, s := range p.of.project.Steps {
		if p.hidden[s.ID] {
			continue
		}
		rows = append(rows, stepRow{Step: s, number: i + 1, targets: targetsOf(p.of.project, s, p.of.place.lib), mend: len(s.Check())})
	}
	p.table.SetRows(rows)
	p.table.Select(func(r stepRow) bool { return r.ID == selected.ID })
	p.buttons()
	if len(rows) == 0 {
		p.stage.Empty(lang.L("No steps yet"), lang.L("A step runs a script with the AWS CLI as the account, role and region that it names."),
			control.NewButton(nil, lang.L("Add step"), p.add).Important())
		return
	}
	p.stage.Show(p.body)
}

func (p *process) buttons() {
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

// add offers the kinds of steps that there are.
func (p *process) add() {
	var d *dialog.Dialog
	keys := &control.Keys{}
	text := widget.NewLabel(lang.L("Runs a PowerShell or Bash script that has the AWS CLI, as the AWS account, role and region of the step."))
	text.Wrapping, text.Importance = fyne.TextWrapWord, widget.LowImportance
	add := control.NewButton(keys, lang.L("Add"), func() {
		d.Close()
		p.of.openStep(p.newStep())
	}).Important()
	title := widget.NewLabelWithStyle(lang.L("Run an AWS CLI Script"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	card := display.Card(container.NewBorder(title, nil, nil, container.NewCenter(add), text))
	d = &dialog.Dialog{Title: lang.L("Add step"), Keys: keys, Content: container.NewVBox(card), Size: fyne.NewSize(560, 240), First: add}
	p.card = d
	d.Show(p.of.place.deps.Window)
}

// newStep is a step as a person begins with it. Scripts that stop at the first failing command are what most people take
// them for, so steps made here do.
func (p *process) newStep() model.Step {
	s := model.NewStep("")
	s.Options.StopOnFirstFailure = true
	s.Script.Language = defaultLanguage()
	for _, v := range p.of.project.Variables {
		if v.Type == model.TypeAWSAccount {
			s.AWS.Account = v.Name
			break
		}
	}
	if n := len(p.of.project.Steps); n > 0 { // steps of one project mostly work in one region
		s.AWS.Region = p.of.project.Steps[n-1].AWS.Region
	}
	return s
}

// change changes one step as it is stored.
func (p *process) change(r stepRow, do func(s *model.Step)) {
	p.of.save(projects.Change{Apply: func(project *model.Project) error {
		if i := stepByID(project, r.ID); i >= 0 {
			do(&project.Steps[i])
		}
		return nil
	}})
}

// move puts a step so many places further down, or up where by is negative.
func (p *process) move(r stepRow, by int) {
	rows := p.table.Rows()
	at := slices.IndexFunc(rows, func(x stepRow) bool { return x.ID == r.ID })
	if by == 0 || at < 0 || at+by < 0 || at+by >= len(rows) {
		return
	}
	other := rows[at+by].ID // steps that are deleted but can be taken back stand between others: a place is told by its neighbour
	p.of.save(projects.Change{Apply: func(project *model.Project) error {
		from := stepByID(project, r.ID)
		if from < 0 || stepByID(project, other) < 0 {
			return nil
		}
		moved := project.Steps[from]
		rest := slices.Delete(slices.Clone(project.Steps), from, from+1)
		to := slices.IndexFunc(rest, func(s model.Step) bool { return s.ID == other })
		if by > 0 {
			to++
		}
		project.Steps = slices.Insert(rest, to, moved)
		return nil
	}})
}

func (p *process) copy(r stepRow) {
	p.of.save(projects.Change{Apply: func(project *model.Project) error {
		i := stepByID(project, r.ID)
		if i < 0 {
			return nil
		}
		s := project.Steps[i]
		s.ID, s.Pinned = "", false
		s.Values = slices.Clone(s.Values)
		for j := range s.Values { // secrets stay with the original
			s.Values[j].ID, s.Values[j].ValueSet = "", false
		}
		s.Name = model.FreeName(s.Name, func(name string) bool { _, at := project.Step(name); return at >= 0 })
		project.Steps = slices.Insert(project.Steps, i+1, s)
		return nil
	}})
}

// delete takes a step out of the list, and for good once it can't be taken back: its secrets would not come back.
func (p *process) delete(r stepRow) {
	p.of.place.undo.Flush()
	p.hidden[r.ID] = true
	p.of.place.undo.Show(quoted(lang.L("The step %q was deleted."), r.Name), func() {
		delete(p.hidden, r.ID)
		p.show()
	}, func() {
		p.of.save(projects.Change{Apply: func(project *model.Project) error {
			if i := stepByID(project, r.ID); i >= 0 {
				project.Steps = slices.Delete(project.Steps, i, i+1)
			}
			return nil
		}, Done: func(_ model.Project, err error) {
			delete(p.hidden, r.ID)
			if err != nil {
				p.of.place.failed(err)
			}
			p.show()
		}})
	})
	p.show()
}
