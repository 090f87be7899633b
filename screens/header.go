package screens

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// header is the row above a place that works on the open project, with the project, the environment and Run.
type header struct {
	frame        *Frame
	project      string
	environment  string
	environments []string
	quiet        bool // the program is setting the pickers, so their events are ignored

	projects    *picker
	picker      *picker
	pickerLabel *widget.Label
	runButton   *widget.Button
	rehearsal   *widget.Button
	content     *fyne.Container
}

func newHeader(f *Frame) *header {
	h := &header{frame: f}
	h.projects, h.picker = newPicker(h.choseProject), newPicker(h.choseEnvironment)
	h.pickerLabel = widget.NewLabel(lang.L("Environment"))
	h.runButton = widget.NewButtonWithIcon(lang.L("Run"), fynetheme.MediaPlayIcon(), h.run)
	h.runButton.Importance = widget.HighImportance
	h.rehearsal = widget.NewButton(lang.L("Rehearse…"), h.rehearse)
	if f.deps.OnRehearse == nil {
		h.rehearsal.Hide()
	}
	fixed := func(width float32, o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewGridWrapLayout(fyne.NewSize(width, o.MinSize().Height)), o)
	}
	row := container.NewHBox(fixed(240, h.projects), layout.NewSpacer(), h.pickerLabel, fixed(180, h.picker), h.rehearsal, h.runButton)
	h.content = container.NewVBox(container.New(layout.NewCustomPaddedLayout(8, 4, 12, 12), row), widget.NewSeparator())
	h.content.Hide()
	return h
}

func (h *header) setProject(name string, environments []string, environment string) {
	h.project, h.environments = name, environments
	h.environment = ""
	same := func(e string) bool { return model.NameKey(e) == model.NameKey(environment) } // its spelling may have changed
	if i := slices.IndexFunc(environments, same); i >= 0 {
		h.environment = environments[i]
	} else if len(environments) > 0 {
		h.environment = environments[0]
	}
	h.quiet = true
	if !slices.Contains(h.projects.Options, name) {
		h.projects.Options = []string{name}
	}
	h.projects.SetSelected(name)
	h.picker.Options = environments
	if h.environment == "" {
		h.picker.ClearSelected()
	} else {
		h.picker.SetSelected(h.environment)
	}
	h.quiet = false
	h.update()
	if name == "" || h.frame.deps.Projects == nil {
		return
	}
	h.frame.deps.Projects(func(names []string) {
		if h.project == name {
			h.projects.Options = names
			h.projects.Refresh()
		}
	})
}

// update shows the header in places that work on the open project, and hides it elsewhere.
func (h *header) update() {
	show := h.project != "" && h.frame.current >= 0 && h.frame.deps.Entries[h.frame.current].Project
	if show == h.content.Visible() && (len(h.environments) > 0) == h.picker.Visible() {
		return
	}
	for _, o := range []fyne.CanvasObject{h.picker, h.pickerLabel} {
		if len(h.environments) > 0 {
			o.Show()
		} else {
			o.Hide()
		}
	}
	if show {
		h.content.Show()
	} else {
		h.content.Hide()
	}
	if h.frame.content != nil {
		h.frame.content.Refresh()
		focus.Release(h.frame.deps.Window.Canvas())
	}
}

func (h *header) choseProject(name string) {
	if h.quiet || name == h.project {
		return
	}
	before := h.project
	h.frame.guarded(func() { h.frame.deps.OnProject(name) })
	if h.project == before { // the place asks the person first
		h.quiet = true
		h.projects.SetSelected(before)
		h.quiet = false
	}
}

func (h *header) choseEnvironment(name string) {
	if h.quiet || name == h.environment {
		return
	}
	h.environment = name
	if h.frame.deps.OnEnvironment != nil {
		h.frame.deps.OnEnvironment(name)
	}
}

// run is called by the button and by the menu.
func (h *header) run() {
	if h.project == "" || !h.content.Visible() || h.frame.deps.OnRun == nil {
		return
	}
	h.frame.deps.OnRun(h.project, h.environment)
}

// rehearse is called by the button and by the menu.
func (h *header) rehearse() {
	if h.project == "" || !h.content.Visible() || h.frame.deps.OnRehearse == nil {
		return
	}
	h.frame.deps.OnRehearse(h.project, h.environment)
}

// picker is a select that ignores keys while it is hidden.
type picker struct{ widget.Select }

func newPicker(chosen func(string)) *picker {
	p := &picker{}
	p.OnChanged = chosen
	p.ExtendBaseWidget(p)
	return p
}

func (p *picker) TypedKey(ev *fyne.KeyEvent) {
	if focus.Shown(p) {
		p.Select.TypedKey(ev)
	}
}
