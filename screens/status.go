package screens

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// RunningRun is a run in progress.
type RunningRun struct {
	ID          int64
	Project     string
	Environment string
}

// Title returns a short name of the run.
func (r RunningRun) Title() string {
	if r.Environment == "" {
		return r.Project
	}
	return r.Project + " · " + r.Environment
}

// statusBar is the bottom row of the window: the programs that were found, the last message, the runs in progress.
type statusBar struct {
	tools   *fyne.Container
	message *widget.Label
	running *widget.Button
	content fyne.CanvasObject
	runs    []RunningRun
	open    func(key string, args ...any)
}

func newStatusBar(open func(key string, args ...any)) *statusBar {
	s := &statusBar{open: open, message: widget.NewLabel("")}
	s.tools = container.New(layout.NewCustomPaddedHBoxLayout(2))
	s.running = widget.NewButton("", s.openRuns)
	s.running.Importance = widget.LowImportance
	s.running.Hide()
	s.message.Truncation = fyne.TextTruncateEllipsis
	s.message.Alignment = fyne.TextAlignTrailing
	s.content = container.New(layout.NewCustomPaddedLayout(0, 0, 6, 6), container.NewBorder(nil, nil, s.tools, s.running, s.message))
	return s
}

func (s *statusBar) setTools(tools []settings.Program) {
	s.tools.RemoveAll()
	for _, t := range tools {
		label := widget.NewLabel("✓ " + t.Name() + " " + t.ShortVersion())
		if t.Err != nil {
			label = widget.NewLabel("– " + t.Name())
			label.Importance = widget.LowImportance
		}
		s.tools.Add(label)
	}
}

func (s *statusBar) setRunning(runs []RunningRun) {
	if slices.Equal(runs, s.runs) {
		return // the whole window would be drawn again
	}
	s.runs = runs
	if len(runs) == 0 {
		s.running.Hide()
		return
	}
	data := map[string]any{"Run": runs[0].Title()}
	s.running.SetText(plural.N("{{.Count}} running: {{.Run}}", "{{.Count}} running", len(runs), data))
	s.running.Show()
	s.content.Refresh() // showing it gives it no place yet
}

func (s *statusBar) openRuns() {
	if len(s.runs) == 1 {
		s.open("runs", s.runs[0].ID)
		return
	}
	s.open("runs")
}

func (s *statusBar) say(text string) { s.message.SetText(text) }
