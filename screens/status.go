package screens

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// Tool is a program that scripts need.
type Tool struct {
	Name    string
	Version string // empty: not found
}

// RunningRun is a run that goes on.
type RunningRun struct {
	ID          int64
	Project     string
	Environment string
}

// Title names the run in few words.
func (r RunningRun) Title() string {
	if r.Environment == "" {
		return r.Project
	}
	return r.Project + " · " + r.Environment
}

// statusBar is the foot of the window: programs that were found, what was done last, runs that go on.
type statusBar struct {
	tools   *fyne.Container
	word    *widget.Label
	running *widget.Button
	content fyne.CanvasObject
	runs    []RunningRun
	open    func(key string, args ...any)
}

func newStatusBar(open func(key string, args ...any)) *statusBar {
	s := &statusBar{open: open, word: widget.NewLabel("")}
	s.tools = container.New(layout.NewCustomPaddedHBoxLayout(2))
	s.running = widget.NewButton("", s.openRuns)
	s.running.Importance = widget.LowImportance
	s.running.Hide()
	s.word.Truncation = fyne.TextTruncateEllipsis
	s.word.Alignment = fyne.TextAlignTrailing
	s.content = container.New(layout.NewCustomPaddedLayout(0, 0, 6, 6), container.NewBorder(nil, nil, s.tools, s.running, s.word))
	return s
}

func (s *statusBar) setTools(tools []Tool) {
	s.tools.RemoveAll()
	for _, t := range tools {
		label := widget.NewLabel("✓ " + t.Name + " " + t.Version)
		if t.Version == "" {
			label = widget.NewLabel("– " + t.Name)
			label.Importance = widget.LowImportance
		}
		s.tools.Add(label)
	}
}

func (s *statusBar) setRunning(runs []RunningRun) {
	s.runs = runs
	if len(runs) == 0 {
		s.running.Hide()
		return
	}
	data := map[string]any{"Run": runs[0].Title()}
	s.running.SetText(plural.N("{{.Count}} running: {{.Run}}", "{{.Count}} running", len(runs), data))
	s.running.Show()
}

func (s *statusBar) openRuns() {
	if len(s.runs) == 1 {
		s.open("runs", s.runs[0].ID)
		return
	}
	s.open("runs")
}

func (s *statusBar) say(text string) { s.word.SetText(text) }
