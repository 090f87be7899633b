package projects

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/runs"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// pin is a pinned step.
type pin struct {
	project, step string
	targets       []target // for each environment; one without a name if there is none
	last          model.StepRun
	usual         model.Usual
}

// pinRuns is the number of runs from which a pin's last status and usual duration are computed.
const pinRuns = 40

// readPins loads the pinned steps of the projects and their runs.
func (p *Place) readPins(ctx context.Context, projects []model.ProjectInfo) ([]pin, error) {
	var pins []pin
	var lib choices
	for _, info := range projects {
		project, err := p.deps.Store.Project(ctx, info.Name)
		if err != nil {
			return nil, err
		}
		for _, s := range project.Steps {
			if !s.Pinned {
				continue
			}
			if lib.accounts == nil {
				if lib, err = p.readChoices(ctx); err != nil {
					return nil, err
				}
			}
			one := pin{project: project.Name, step: s.Name, targets: targetsOf(project, s, lib)}
			history, err := p.deps.Store.Runs(ctx, model.RunFilter{Project: project.Name, Step: s.Name, Limit: pinRuns})
			if err != nil {
				return nil, err
			}
			one.usual = model.UsualStep(history, s.Name)
			one.last = lastOf(history, s.Name)
			pins = append(pins, one)
		}
	}
	return pins, nil
}

// lastOf returns the last run of a step that was no rehearsal, or zero.
func lastOf(history []model.Run, step string) model.StepRun {
	for _, r := range history {
		if r.Rehearsal != nil {
			continue
		}
		for i := len(r.Steps) - 1; i >= 0; i-- { // the last attempt counts
			if s := r.Steps[i]; model.NameKey(s.Step) == model.NameKey(step) && s.Status != model.Skipped {
				return s
			}
		}
	}
	return model.StepRun{}
}

// describe formats the project, the time of the last run and the usual duration.
func (p pin) describe(now time.Time) string {
	parts := []string{p.project}
	switch {
	case p.last.ID == 0:
		parts = append(parts, lang.L("has not run yet"))
	case !p.last.Status.Over():
	case !p.last.Finished.IsZero():
		parts = append(parts, accounts.Ago(p.last.Finished, now))
	}
	if p.usual.Runs > 0 {
		parts = append(parts, lang.L("usually {{.Time}}", map[string]any{"Time": runs.About(p.usual.Median)}))
	}
	return strings.Join(parts, " · ")
}

// card shows a pinned step with a Run button for each environment, in the colour of its AWS account.
func (l *list) card(p pin) fyne.CanvasObject {
	name := widget.NewLabelWithStyle(p.step, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	of := widget.NewLabel(p.describe(l.deps.now()))
	of.Importance, of.Truncation = widget.LowImportance, fyne.TextTruncateEllipsis
	status := display.NewBadge("", display.Plain)
	if p.last.ID != 0 {
		words, tone := runs.Face(p.last.Status)
		status.Set(words, tone, "")
	}
	buttons := container.NewHBox(control.NewButton(nil, lang.L("Open"), func() { l.place.openProject(p.project, p.step) }).Quiet())
	for _, t := range p.targets {
		if l.deps.Run == nil {
			break
		}
		label := lang.L("Run")
		if t.environment != "" {
			label = t.environment
		}
		run := control.NewButton(nil, label, func() {
			l.place.Settle(func() { l.deps.Run(p.project, t.environment, []string{p.step}) })
		})
		run.SetIcon(fynetheme.MediaPlayIcon())
		bar := display.NewBar()
		bar.SetColour(string(t.acts.Colour), t.acts.ID != "")
		buttons.Add(container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedLayout(4, 4, 4, 0), bar), nil, run))
	}
	return display.Card(container.NewBorder(nil, nil, container.NewHBox(name, container.NewCenter(status)), buttons, of))
}
