package projects

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/runs"
	"github.com/stepdeck/stepdeck/screens/waits"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/codeedit"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
	"github.com/stepdeck/stepdeck/screens/widgets/tabs"
)

// previewDeps is what a preview needs.
type previewDeps struct {
	window  fyne.Window
	fonts   *monogrid.Fonts
	planner Planner
	lib     *choices
}

// preview shows what a run of a step would do. It contacts AWS only for Verify now.
type preview struct {
	previewDeps
	req    runner.Request
	work   async.Task
	stage  *feedback.LoadState
	state  *feedback.Banner
	who    *feedback.Banner
	bar    *display.Bar
	verify *control.Button
	keys   *control.Keys
	dialog *dialog.Dialog
	plan   runner.StepPlan
}

// showPreview plans a step in an environment, or in the project's first one if the project does not have that, and shows the plan.
func showPreview(deps previewDeps, project model.Project, environment, step string) *preview {
	if !project.HasEnvironment(environment) {
		environment = ""
		if len(project.Environments) > 0 {
			environment = project.Environments[0]
		}
	}
	v := &preview{
		previewDeps: deps, req: runner.Request{Project: project, RunOptions: model.RunOptions{Environment: environment, Steps: []string{step}}},
		stage: feedback.NewLoadState(), state: feedback.NewBanner(), who: feedback.NewBanner(), bar: display.NewBar(),
	}
	v.keys = &control.Keys{}
	v.verify = control.NewButton(v.keys, lang.L("Verify now"), v.ask)
	v.verify.Disable()
	title := lang.L("Preview") + " · " + step
	if environment != "" {
		title += " · " + environment
	}
	v.dialog = &dialog.Dialog{
		Title: title, Keys: v.keys, Cancel: lang.L("Close"), Size: fyne.NewSize(1000, 800), OnClosed: v.work.Cancel,
		Buttons: []fyne.CanvasObject{v.verify}, Content: v.stage.Content(),
	}
	v.dialog.Show(v.window)
	v.load()
	return v
}

func (v *preview) load() {
	plan := func(ctx context.Context) (runner.Plan, error) { return v.planner.Plan(ctx, v.req) }
	async.Load(&v.work, plan, func(plan runner.Plan, err error) {
		if err == nil && len(plan.Steps) != 1 {
			err = errNoStep()
		}
		if err != nil {
			v.stage.Error(err, func() { v.stage.Loading(); v.load() })
			return
		}
		v.show(plan)
	})
}

func errNoStep() error { return model.NewError("preview.step", "The plan does not have this step.") }

func (v *preview) show(plan runner.Plan) {
	s := plan.Steps[0]
	v.plan = s
	var problems []string
	for _, p := range plan.Refused() {
		problems = append(problems, p.Err.Error())
	}
	switch {
	case len(problems) > 0:
		v.state.Show(strings.Join(problems, "\n"), display.Bad)
	case len(s.Warnings) > 0:
		v.state.Show(strings.Join(s.Warnings, "\n"), display.Caution)
	default:
		v.state.Show(lang.L("Ready to run."), display.Good)
	}
	if len(problems) == 0 && !s.NoAccount {
		v.verify.Enable()
	}
	notices := feedback.NewBanner()
	more := s.Notices
	if len(problems) > 0 {
		more = append(s.Warnings, more...)
	}
	if len(more) > 0 {
		notices.Show(strings.Join(more, "\n"), display.Neutral)
	}
	if acts := v.actsIn(s); acts.ID != "" {
		v.bar.SetColour(string(acts.Colour), true)
	}
	facts := container.NewBorder(nil, nil, v.bar, nil, container.NewVBox(v.who.Content(), v.factsOf(s)))
	head := container.NewVBox(v.state.Content(), facts, notices.Content())
	tabs := tabs.New(v.keys, v.text(lang.L("Script"), s.Script, s.Language))
	if s.Parameters != "" {
		tabs.Append(v.text(lang.L("Parameters"), s.Parameters, ""))
	}
	tabs.Append(v.variables(slices.Concat(s.Variables, s.Octopus)))
	v.stage.Show(container.NewBorder(head, nil, nil, nil, container.New(display.MinHeight(160), tabs)))
}

// actsIn returns the AWS account in which the step acts, as far as it is known without asking AWS.
func (v *preview) actsIn(s runner.StepPlan) model.AWSAccount {
	if s.Role != nil {
		return v.lib.awsAccount(model.AccountOfRole(s.Role.Acting().ARN))
	}
	acts, _ := accounts.Known(s.Account, v.lib.aws)
	return acts
}

func (v *preview) text(title, text string, l model.Language) tabs.Tab {
	e := codeedit.New(v.fonts)
	e.SetReadOnly(true)
	e.SetLexer(packages.Lexer(l))
	e.SetText(text)
	return tabs.Tab{Title: title, Content: e, Focus: func() { focus.Offer(v.window, e) }}
}

func (v *preview) variables(list []model.InputValue) tabs.Tab {
	t := table.New(
		table.Column[model.InputValue]{Title: lang.L("Name"), Width: 300, Cell: func(x model.InputValue) table.Cell {
			return table.Cell{Text: x.Name, Bold: true}
		}},
		table.Column[model.InputValue]{Title: lang.L("Value"), Cell: func(x model.InputValue) table.Cell {
			if x.Sensitive {
				return table.Cell{Text: hidden, Muted: true}
			}
			return table.Cell{Text: strings.Join(strings.Fields(x.Value), " ")}
		}},
	)
	t.SetRows(list)
	return tabs.Tab{Title: lang.L("Variables"), Content: t.Content(), Focus: func() { t.Focus(v.window) }}
}

// ask asks AWS for the identity of the step.
func (v *preview) ask() {
	v.verify.Disable()
	v.who.Show(lang.L("Asking AWS who this would be…"), display.Neutral)
	async.Load(&v.work, func(ctx context.Context) ([]runner.Verdict, error) {
		_, verdicts, err := v.planner.Verify(waits.Told(ctx, func(text string) { v.who.Show(text, display.Neutral) }), v.req)
		return verdicts, err
	}, func(verdicts []runner.Verdict, err error) {
		v.verify.Enable()
		if err == nil && len(verdicts) == 0 {
			err = errNoStep()
		}
		if err != nil {
			v.who.Show(err.Error(), display.Bad)
			return
		}
		v.verdict(verdicts[0])
	})
}

func (v *preview) verdict(d runner.Verdict) {
	if d.Account.ID != "" {
		v.bar.SetColour(string(d.Account.Colour), true)
	}
	// A run asks to confirm a protected AWS account; a preview does not.
	switch {
	case d.Late:
		v.who.Show(lang.L("The identity is known only when the step runs."), display.Caution)
	case d.Err != nil && !confirms(d.Err):
		v.who.Show(d.Err.Error(), display.Bad)
	default:
		text := lang.L("Acts in {{.Account}} as {{.ARN}}.", map[string]any{"Account": d.Account.String(), "ARN": d.Identity.ARN})
		if d.Identity.Sandbox {
			text = "SANDBOX  " + text
		}
		if d.Account.Protected {
			text += "  " + lang.L("PROTECTED: a run asks for its id or label.")
		}
		if words := runs.KeysText(d, time.Now()); words != "" {
			text += "\n" + words
		}
		for _, n := range d.Notices {
			text += "\n" + n
		}
		v.who.Show(text, display.Good)
	}
}

// confirms reports whether the error is that a run needs a confirmation.
func confirms(err error) bool {
	_, ok := runner.QuestionOf(err).(runner.Confirmation)
	return ok
}
