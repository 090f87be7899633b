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
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/logview"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// viewDeps is what the view of a run needs.
type viewDeps struct {
	window     fyne.Window
	store      Store
	fonts      *monogrid.Fonts
	now        func() time.Time
	editStep   func(project, step string) // nil: not offered
	pins       Pins                       // nil: not offered
	home       func()                     // shows the list
	again      func(run int64)
	menu       func(run model.Run) []*fyne.MenuItem
	save       func(name string, done func(path string))
	artifacts  artifactDeps
	own        func(run int64) bool // this window started it
	end        func(run int64, force bool)
	noteStop   func() // called when the user stops a run
	awaiting   awaitingDeps
	placeShown func() bool
	shown      func() bool // in the place
	settled    func() bool
	calm       func() bool
}

// attempt is one attempt at a step, by their numbers.
type attempt struct{ step, number int }

// view shows one run, while it runs and afterwards.
type view struct {
	viewDeps
	id       int64
	run      model.Run
	accounts map[string]model.AWSAccount
	usual    model.Usual // duration of runs like this one
	drawn    snapshot    // what the head and the list of steps show
	step     int64       // id of the step run whose log is shown; 0: none yet
	chosen   bool        // by the user: the view no longer follows the running step
	pending  int64       // the step run to show once the run is loaded; 0: see current
	stop     stopping

	latest    async.Task
	reading   async.Task // of the line with the error
	exporting async.Task
	stale     bool
	ticks     *time.Timer
	refresher refresher
	announced map[attempt]int64 // last line that the engine announced

	stage       *feedback.LoadState
	status      *display.Badge
	kept        *display.Badge
	rehearsal   *display.Badge
	name        *widget.Label
	elapsed     *widget.Label
	stopWord    *widget.Label
	stopBtn     *control.Button
	forceBtn    *control.Button
	againBtn    *control.Button
	moreBtn     *control.Button
	who         *identityLine
	pin         *pinOffer
	progress    *widget.ProgressBar
	message     *widget.Label
	progressRow *fyne.Container
	steps       *stepList
	left        *fyne.Container
	outcome     *outcome
	await       *awaiting
	found       *found
	pane        *logPane
	head        fyne.CanvasObject
	body        fyne.CanvasObject
	content     fyne.CanvasObject
}

func newView(deps viewDeps) *view {
	v := &view{viewDeps: deps, stage: feedback.NewLoadState(), accounts: map[string]model.AWSAccount{}, announced: map[attempt]int64{}}
	v.refresher.refresh = v.load
	v.head = v.newHead()
	v.who = newIdentityLine()
	v.pin = newPinOffer(v.pins, func(err error) { dialog.ShowError(v.window, lang.L("The step can't be pinned"), err) })
	v.progress = widget.NewProgressBar()
	v.progress.Max = 100
	v.message = widget.NewLabel("")
	v.message.Truncation = fyne.TextTruncateEllipsis
	v.progressRow = container.NewGridWithColumns(2, v.progress, v.message)
	v.outcome = newOutcome()
	v.await = newAwaiting(deps.awaiting)
	v.steps = newStepList(v.now, v.chooseStep)
	v.left = container.NewHBox(wideColumn(216, v.steps.list), widget.NewSeparator())
	v.pane = newLogPane(v.window, v.store, v.fonts)
	v.pane.onFacts = v.factsChanged
	v.pane.onError = func(err error) {
		v.outcome.setError(err.Error())
		v.update()
	}
	v.pane.export = v.export
	v.outcome.goTo = v.pane.goTo
	v.outcome.copied = func() {
		fyne.CurrentApp().Clipboard().SetContent(forAdmin(v.run, v.shownStep(), v.outcome.fault))
	}
	if v.editStep != nil {
		v.outcome.edit = func() { v.editStep(v.run.Project, v.shownStep().Step) }
	}
	v.found = newFound(deps.artifacts, v.goToLine)
	v.body = container.NewBorder(
		container.New(layout.NewCustomPaddedVBoxLayout(2),
			v.head, container.NewBorder(nil, nil, nil, v.pin.content, v.who.content), v.progressRow, v.await.content, v.outcome.content,
			widget.NewSeparator()),
		v.found.content, v.left, nil, v.pane.content)
	v.outcome.resized, v.await.deps.resized, v.pin.resized, v.found.resized = v.body.Refresh, v.body.Refresh, v.body.Refresh, v.body.Refresh
	v.content = container.NewStack(v.stage.Content())
	return v
}

// wideColumn makes o width wide.
func wideColumn(width float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(columnWidth(width), o)
}

type columnWidth float32

func (w columnWidth) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(float32(w), o[0].MinSize().Height)
}

func (w columnWidth) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }

// open shows a run.
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

// findInLog shows the first match of text in the log of a step run.
func (v *view) findInLog(stepRun int64, text string) {
	v.pending = stepRun
	v.pane.find.SetText(text)
	if v.run.ID == v.id && v.id != 0 {
		v.load()
	}
}

// close stops everything that is done for the shown run.
func (v *view) close() {
	v.latest.Cancel()
	v.reading.Cancel()
	v.pin.work.Cancel()
	v.id, v.run, v.step, v.chosen, v.usual, v.pending = 0, model.Run{}, 0, false, model.Usual{}, 0
	v.drawn = snapshot{}
	v.stop = stopping{}
	v.refresher.stop()
	clear(v.announced)
	v.outcome.setError("")
	v.outcome.clear()
	v.pane.clear()
	v.found.clear()
	if v.ticks != nil {
		v.ticks.Stop()
		v.ticks = nil
	}
}

// chooseStep shows the step that was selected in the list.
func (v *view) chooseStep(step model.StepRun) {
	v.chosen = v.chosen || step.ID != v.step
	if c := current(v.run); c != nil && c.ID == step.ID && step.Status == model.Running {
		v.chosen = false // the view follows the running step again
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
	v.outcome.clear()
	v.pane.show(id, !v.run.Status.Over() || v.shownStep().Status == model.Failed)
}

// goToLine shows a line in the log of a step run, which may not be the one that is shown.
func (v *view) goToLine(stepRun, line int64) {
	if stepRun != v.step {
		v.chosen = true
		v.showStep(stepRun)
		v.steps.choose(stepRun)
		v.update()
	}
	v.pane.goToSoon(int(line))
	v.load()
}

// factsChanged reads the error line that the log's facts name, once the step is over.
func (v *view) factsChanged(f logview.Facts) {
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
		f, _ := readFault(runs.Plain(lines[0].Text))
		return f, nil
	}, func(f fault, err error) {
		if err == nil && base == v.pane.base {
			v.outcome.setFault(f, line)
			v.update()
		}
	})
}

// shownStep returns the step run whose log is shown.
func (v *view) shownStep() model.StepRun {
	for _, s := range v.run.Steps {
		if s.ID == v.step {
			return s
		}
	}
	return model.StepRun{}
}

// update shows the loaded state.
func (v *view) update() {
	r, step := v.run, v.shownStep()
	f := faceOf(r.Status)
	v.status.Set(f.sign+" "+f.word, f.tone, "")
	v.name.SetText(title(r))
	v.who.set(step, v.accounts[step.Identity.AWSID], v.now(), r.Status.Over())
	hasProgress := step.Progress.Percent > 0 || step.Progress.Percent == 0 && step.Progress.Message != ""
	setShown(v.progressRow, hasProgress && step.Status == model.Running)
	v.progress.SetValue(float64(max(0, step.Progress.Percent)))
	v.message.SetText(legible(step.Progress.Message, sentenceRunes, 1))
	over := r.Status.Over()
	v.pane.over = over
	setShown(v.stopBtn, !over)
	v.kept.Set(map[bool]string{true: lang.L("kept")}[r.Kept], display.Neutral, "")
	v.rehearsal.Set(map[bool]string{true: lang.L("REHEARSAL")}[r.Rehearsal != nil], display.Caution, "")
	if over && v.outcome.line == 0 {
		v.factsChanged(v.pane.facts) // may have been found before the step was known to be over
	}
	v.showStop()
	v.await.set(r)
	v.outcome.set(r, step, v.now())
	v.pin.show(r, step)
	v.found.set(r)
	v.clock()
}

// clock shows the elapsed time and the usual duration.
func (v *view) clock() {
	text := lasted(v.run.Status, v.run.Started, v.run.Finished, v.now())
	switch {
	case !v.run.Status.Over() && v.usual.Runs > 0 && v.run.Status == model.Running:
		text = lang.L("{{.Time}} of about {{.Usual}}", map[string]any{"Time": text, "Usual": span(v.usual)})
	case v.run.Status.Over() && v.run.ExitCode != 0:
		text += " · " + lang.L("exit {{.Code}}", map[string]any{"Code": v.run.ExitCode})
	}
	setLabel(v.elapsed, text, v.head)
}

// tick updates the clock every second while the run is running and shown.
func (v *view) tick() {
	if v.ticks != nil || v.id == 0 || v.run.Status.Over() || !v.placeShown() {
		return
	}
	v.ticks = time.AfterFunc(time.Second, func() {
		fyne.Do(func() {
			v.ticks = nil
			if v.shown() {
				v.clock()
				v.showStop()
				step := v.shownStep()
				v.who.set(step, v.accounts[step.Identity.AWSID], v.now(), v.run.Status.Over())
				v.steps.list.Refresh()
				v.tick()
			}
		})
	})
}

// ended is called when the engine of the shown run has exited. err says why it reported no result, or is nil.
func (v *view) ended(err error) {
	if err != nil {
		v.outcome.setError(err.Error())
	}
	v.load()
}

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
