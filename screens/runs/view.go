package runs

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/logview"
)

// view shows one run while it goes on and afterwards.
type view struct {
	place *Place

	id       int64
	run      model.Run
	accounts map[string]model.AWSAccount
	usual    model.Usual // of runs like this one
	step     int64       // id of the step run whose log is shown; 0 before there is one
	chosen   bool        // by the person: the view no longer follows from step to step
	want     int64       // the step run to show once the run is read; 0: the one that matters most
	stop     stopping

	latest  async.Task
	reading async.Task // of the line that tells of a failure
	stale   bool
	ticks   *time.Timer
	pulse   pulse
	told    map[int]int64 // number of a step, its last line that the engine told of

	stage    *feedback.LoadState
	status   *display.Badge
	kept     *display.Badge
	name     *widget.Label
	elapsed  *widget.Label
	stopWord *widget.Label
	stopBtn  *control.Button
	forceBtn *control.Button
	againBtn *control.Button
	moreBtn  *control.Button
	who      *identityLine
	progress *widget.ProgressBar
	saying   *widget.Label
	progRow  *fyne.Container
	steps    *stepList
	left     *fyne.Container
	outcome  *outcome
	pane     *logPane
	head     fyne.CanvasObject
	body     fyne.CanvasObject
	content  fyne.CanvasObject
}

func newView(p *Place) *view {
	v := &view{place: p, stage: feedback.NewLoadState(), accounts: map[string]model.AWSAccount{}, told: map[int]int64{}}
	v.pulse.look = v.load
	v.head = v.newHead()
	v.who = newIdentityLine()
	v.progress = widget.NewProgressBar()
	v.progress.Max = 100
	v.saying = widget.NewLabel("")
	v.saying.Truncation = fyne.TextTruncateEllipsis
	v.progRow = container.NewGridWithColumns(2, v.progress, v.saying)
	v.outcome = newOutcome()
	v.steps = newStepList(p.deps.Now, v.chooseStep)
	v.left = container.NewHBox(wideColumn(216, v.steps.list), widget.NewSeparator())
	v.pane = newLogPane(p)
	v.pane.onFacts = v.learned
	v.pane.onError = func(err error) {
		v.outcome.note(err.Error())
		v.update()
	}
	v.pane.export = v.export
	v.outcome.goTo = v.pane.goTo
	v.outcome.copied = func() {
		fyne.CurrentApp().Clipboard().SetContent(forAdmin(v.run, v.shownStep(), v.outcome.fault))
	}
	if p.deps.EditStep != nil {
		v.outcome.edit = func() { p.deps.EditStep(v.run.Project, v.shownStep().Step) }
	}
	v.body = container.NewBorder(
		container.New(layout.NewCustomPaddedVBoxLayout(2), v.head, v.who.content, v.progRow, v.outcome.content, widget.NewSeparator()),
		nil, v.left, nil, v.pane.content)
	v.outcome.resized = v.body.Refresh
	v.content = container.NewStack(v.stage.Content())
	return v
}

// wideColumn gives a list its width.
func wideColumn(width float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(columnWidth(width), o)
}

type columnWidth float32

func (w columnWidth) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(float32(w), o[0].MinSize().Height)
}

func (w columnWidth) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }

// open shows another run from its beginning.
func (v *view) open(id int64) {
	if id == v.id {
		v.load()
		return
	}
	v.close()
	v.id = id
	v.stage.Loading()
	v.load()
}

// lookFor shows a step's log at a text.
func (v *view) lookFor(step int64, text string) {
	v.want = step
	v.pane.find.SetText(text)
	if v.run.ID == v.id && v.id != 0 {
		v.load()
	}
}

// close ends what is done for the run in sight.
func (v *view) close() {
	v.latest.Cancel()
	v.reading.Cancel()
	v.id, v.run, v.step, v.chosen, v.usual, v.want = 0, model.Run{}, 0, false, model.Usual{}, 0
	v.stop = stopping{}
	v.pulse.stop()
	clear(v.told)
	v.outcome.note("")
	v.outcome.forget()
	v.pane.clear()
	if v.ticks != nil {
		v.ticks.Stop()
		v.ticks = nil
	}
}

// shot is what the store says of the run at one moment.
type shot struct {
	run      model.Run
	accounts map[string]model.AWSAccount
	lens     map[int64]int64
	usual    model.Usual
}

// load asks the store. Changes that come meanwhile are looked at once more afterwards.
func (v *view) load() {
	if v.id == 0 {
		return
	}
	if v.latest.Busy() {
		v.stale = true
		return
	}
	v.stale = false
	id, usual := v.id, v.usual
	async.Load(&v.latest, func(ctx context.Context) (shot, error) { return v.read(ctx, id, usual) }, func(s shot, err error) {
		if err != nil {
			v.stage.Error(err, v.load)
			return
		}
		v.show(s)
		if v.stale {
			v.load()
		}
	})
}

func (v *view) read(ctx context.Context, id int64, usual model.Usual) (s shot, err error) {
	if s.run, err = v.place.deps.Store.Run(ctx, id); err != nil {
		return s, err
	}
	s.accounts, s.lens = map[string]model.AWSAccount{}, map[int64]int64{}
	for _, aws := range s.run.AWSAccounts() {
		if s.accounts[aws], err = v.place.deps.Store.AWSAccount(ctx, aws); err != nil {
			return s, err
		}
	}
	for _, step := range s.run.Steps {
		if s.lens[step.ID], err = v.place.deps.Store.LogLen(ctx, step.ID); err != nil {
			return s, err
		}
	}
	if s.usual = usual; usual.Runs == 0 && !s.run.Status.Over() {
		history, err := v.place.deps.Store.Runs(ctx, model.RunFilter{Project: s.run.Project, Before: s.run.ID, Limit: looksBack})
		if err != nil {
			return s, err
		}
		s.usual = model.UsualRun(history, s.run.Environment, s.run.StepNames())
	}
	return s, nil
}

func (v *view) show(s shot) {
	v.run, v.accounts, v.usual = s.run, s.accounts, s.usual
	v.steps.set(s.run.Steps)
	if len(s.run.Steps) > 1 {
		v.left.Show()
	} else {
		v.left.Hide()
	}
	if v.want != 0 {
		v.chosen = true
		v.showStep(v.want)
		v.want = 0
	}
	if !v.chosen {
		if at := current(s.run); at != nil {
			v.showStep(at.ID)
		}
	}
	v.pane.grown(s.lens[v.step])
	if v.told[v.shownStep().Number] > s.lens[v.step] && !s.run.Status.Over() {
		v.pulse.beat() // they are on their way
	}
	v.steps.choose(v.step)
	v.update()
	v.stage.Show(v.body)
	v.tick()
}

// current is the step that a person wants to see: the one that runs, else the one that failed, else the last that ran.
func current(r model.Run) *model.StepRun {
	var at *model.StepRun
	for i, s := range r.Steps {
		switch {
		case s.Status == model.Running:
			return &r.Steps[i]
		case s.Status == model.Failed || s.Status == model.TimedOut:
			at = &r.Steps[i]
		case at == nil || !at.Status.Over() || at.Status.Good() && !s.Started.IsZero():
			if !s.Started.IsZero() || at == nil {
				at = &r.Steps[i]
			}
		}
	}
	return at
}

// chooseStep hears the step list.
func (v *view) chooseStep(step model.StepRun) {
	v.chosen = v.chosen || step.ID != v.step
	if at := current(v.run); at != nil && at.ID == step.ID && step.Status == model.Running {
		v.chosen = false // back at the running one, the view follows again
	}
	v.showStep(step.ID)
	v.update()
	v.load()
}

func (v *view) showStep(id int64) {
	if id == v.step && v.pane.base != nil {
		return
	}
	v.step = id
	v.reading.Cancel()
	v.outcome.forget()
	v.pane.show(id, !v.run.Status.Over() || v.shownStep().Status == model.Failed)
}

// learned takes what the log of the step tells, once all its lines have been looked at.
func (v *view) learned(f logview.Facts) {
	line := f.Remarked
	if line == 0 {
		line = f.FirstError
	}
	if line == 0 || !v.run.Status.Over() && !v.shownStep().Status.Over() {
		return
	}
	base := v.pane.base
	async.Load(&v.reading, func(ctx context.Context) (fault, error) {
		lines, err := base.Page(ctx, line-1, 1)
		if err != nil || len(lines) == 0 {
			return fault{}, err
		}
		said, _ := readFault(runs.Plain(lines[0].Text))
		return said, nil
	}, func(said fault, err error) {
		if err == nil && base == v.pane.base {
			v.outcome.learned(said, line)
			v.update()
		}
	})
}

// shownStep is the step whose log is shown.
func (v *view) shownStep() model.StepRun {
	for _, s := range v.run.Steps {
		if s.ID == v.step {
			return s
		}
	}
	return model.StepRun{}
}

// update shows what is known.
func (v *view) update() {
	r, step := v.run, v.shownStep()
	f := faceOf(r.Status)
	v.status.Set(f.sign+" "+f.word, f.tone, "")
	v.name.SetText(title(r))
	v.who.set(step, v.accounts[step.Identity.AWSID], v.place.deps.Now(), r.Status.Over())
	setShown(v.progRow, step.Progress.Percent >= 0 && step.Status == model.Running && (step.Progress.Percent > 0 || step.Progress.Message != ""))
	v.progress.SetValue(float64(max(0, step.Progress.Percent)))
	v.saying.SetText(legible(step.Progress.Message, sentenceRunes, 1))
	over := r.Status.Over()
	v.pane.over = over
	setShown(v.stopBtn, !over)
	v.kept.Set(map[bool]string{true: lang.L("kept")}[r.Kept], display.Neutral, "")
	if over && v.outcome.line == 0 {
		v.learned(v.pane.facts) // they may have come before the step was known to be over
	}
	v.showStop()
	v.outcome.set(r, step, v.place.deps.Now())
	v.clock()
}

// clock shows how long it has taken, and of how much.
func (v *view) clock() {
	text := took(v.run.Started, v.run.Finished, v.place.deps.Now())
	switch {
	case !v.run.Status.Over() && v.usual.Runs > 0 && v.run.Status == model.Running:
		text = lang.L("{{.Time}} of about {{.Usual}}", map[string]any{"Time": text, "Usual": span(v.usual)})
	case v.run.Status.Over() && v.run.ExitCode != 0:
		text += " · " + lang.L("exit {{.Code}}", map[string]any{"Code": v.run.ExitCode})
	}
	setWords(v.elapsed, text, v.head)
}

// tick moves the clock on while the run goes on and somebody can see it.
func (v *view) tick() {
	if v.ticks != nil || v.id == 0 || v.run.Status.Over() || !v.place.shown {
		return
	}
	v.ticks = time.AfterFunc(time.Second, func() {
		fyne.Do(func() {
			v.ticks = nil
			if v.place.viewing() {
				v.clock()
				v.showStop()
				step := v.shownStep()
				v.who.set(step, v.accounts[step.Identity.AWSID], v.place.deps.Now(), v.run.Status.Over())
				v.steps.list.Refresh()
				v.tick()
			}
		})
	})
}

// ended hears that the engine of the run in sight has ended, err if it could not tell the result.
func (v *view) ended(err error) {
	if err != nil {
		v.outcome.note(err.Error())
	}
	v.load()
}

// setShown shows or hides.
func setShown(o fyne.CanvasObject, on bool) {
	if on == o.Visible() {
		return
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
