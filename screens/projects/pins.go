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

// pin is a step that a person wants at hand.
type pin struct {
	project, step string
	targets       []target // one for each environment; a project without any has one without a name
	last          model.StepRun
	usual         model.Usual
}

// pinRuns is how many runs of a step tell how it went and how long it takes.
const pinRuns = 40

// readPins finds the pinned steps of the projects, with what is known of their runs.
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

// lastOf gives the newest time that a step ran.
func lastOf(history []model.Run, step string) model.StepRun {
	for _, r := range history {
		for i := len(r.Steps) - 1; i >= 0; i-- { // the last attempt counts
			if s := r.Steps[i]; model.NameKey(s.Step) == model.NameKey(step) && s.Status != model.Skipped {
				return s
			}
		}
	}
	return model.StepRun{}
}

// words tell how the step went last and how long it takes.
func (p pin) words(now time.Time) string {
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

// card shows a pinned step with a Run button for each environment, in the colour of the AWS account that it leads to.
func (l *list) card(p pin) fyne.CanvasObject {
	name := widget.NewLabelWithStyle(p.step, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	of := widget.NewLabel(p.words(l.place.deps.now()))
	of.Importance, of.Truncation = widget.LowImportance, fyne.TextTruncateEllipsis
	status := display.NewBadge("", display.Plain)
	if p.last.ID != 0 {
		words, tone := runs.Face(p.last.Status)
		status.Set(words, tone, "")
	}
	buttons := container.NewHBox(control.NewButton(nil, lang.L("Open"), func() { l.place.openProject(p.project, p.step) }).Quiet())
	for _, t := range p.targets {
		if l.place.deps.Run == nil {
			break
		}
		label := lang.L("Run")
		if t.environment != "" {
			label = t.environment
		}
		run := control.NewButton(nil, label, func() {
			l.place.Settle(func() { l.place.deps.Run(p.project, t.environment, []string{p.step}) })
		})
		run.SetIcon(fynetheme.MediaPlayIcon())
		bar := display.NewBar()
		bar.SetColour(string(t.acts.Colour), t.acts.ID != "")
		buttons.Add(container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedLayout(4, 4, 4, 0), bar), nil, run))
	}
	return display.Card(container.NewBorder(nil, nil, container.NewHBox(name, container.NewCenter(status)), buttons, of))
}
