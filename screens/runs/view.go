package runs

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens/widgets/findbar"
	"github.com/stepdeck/stepdeck/screens/widgets/forms"
	"github.com/stepdeck/stepdeck/screens/widgets/logview"
)

// view shows one run while it goes on and afterwards.
type view struct {
	place *Place

	id       int64
	run      model.Run
	accounts map[string]model.AWSAccount
	step     int64  // id of the step run whose log is shown; 0 before there is one
	chosen   bool   // by the person: the view no longer follows from step to step
	asked    asked  // how the stop of this run was asked for
	stopped  string // what became of it

	latest forms.Latest
	stale  bool
	ticks  *time.Timer

	stage    *forms.Stage
	status   *forms.Badge
	name     *widget.Label
	elapsed  *widget.Label
	stopWord *widget.Label
	stopBtn  *forms.Button
	againBtn *forms.Button
	editBtn  *forms.Button
	who      *identityLine
	progress *widget.ProgressBar
	saying   *widget.Label
	progRow  *fyne.Container
	steps    *stepList
	left     *fyne.Container
	outcome  *outcome
	find     *findbar.Bar
	follow   *forms.Check
	log      *logview.View
	src      *source
	size     float32 // of the log's text; 0: the usual one
	body     fyne.CanvasObject
	content  fyne.CanvasObject
}

// asked is how far the person has gone in asking for a run's end.
type asked int

const (
	notAsked asked = iota
	askedToStop
	askedToKill
)

func newView(p *Place) *view {
	v := &view{place: p, stage: forms.NewStage(), accounts: map[string]model.AWSAccount{}}
	back := forms.NewButton(nil, lang.L("All runs"), p.Home).Quiet()
	back.SetIcon(fynetheme.NavigateBackIcon())
	v.status = forms.NewBadge("", forms.Neutral)
	v.name = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	v.name.SizeName = fynetheme.SizeNameSubHeadingText
	v.elapsed = widget.NewLabel("")
	v.stopWord = widget.NewLabel("")
	v.stopWord.Importance = widget.WarningImportance
	v.stopBtn = forms.NewButton(nil, lang.L("Stop"), v.stop)
	v.stopBtn.SetIcon(fynetheme.MediaStopIcon())
	v.againBtn = forms.NewButton(nil, lang.L("Run again"), func() { p.again(v.id) })
	v.againBtn.SetIcon(fynetheme.MediaReplayIcon())
	v.editBtn = forms.NewButton(nil, lang.L("Edit step"), v.edit)
	v.name.Truncation = fyne.TextTruncateEllipsis
	head := container.NewBorder(nil, nil, container.NewHBox(back, container.NewCenter(v.status)),
		container.NewHBox(v.stopWord, container.NewCenter(v.elapsed), v.stopBtn, v.editBtn, v.againBtn), v.name)

	v.who = newIdentityLine()
	v.progress = widget.NewProgressBar()
	v.progress.Max = 100
	v.saying = widget.NewLabel("")
	v.saying.Truncation = fyne.TextTruncateEllipsis
	v.progRow = container.NewGridWithColumns(2, v.progress, v.saying)
	v.outcome = newOutcome()
	v.steps = newStepList(p.deps.Now, v.chooseStep)
	v.left = container.NewHBox(wideColumn(216, v.steps.list), widget.NewSeparator())

	v.log = logview.New(p.deps.Fonts, nil)
	v.log.SetTimes(logview.Clock, time.Time{})
	v.log.OnFollow = func(on bool) { v.follow.SetChecked(on) }
	v.log.OnFind = func(s logview.FindState) {
		v.find.Show(findbar.State{Query: s.Query, Current: s.Current, Total: s.Total, Running: s.Running, Err: s.Err})
	}
	v.log.OnZoom = v.zoom
	v.log.OnError = func(err error) { v.outcome.note(err.Error()) }
	v.find = findbar.New(findbar.Words{
		Placeholder: lang.L("Find in the log"), None: lang.L("no matches"), Of: "%s / %s", Case: "Aa", Regexp: ".*", Broken: lang.L("not a valid expression"),
	})
	v.find.OnQuery, v.find.OnNext, v.find.OnPrevious = v.log.Find, v.log.FindNext, v.log.FindPrevious
	v.find.OnClose = func() {
		v.find.SetText("")
		p.deps.Window.Canvas().Focus(v.log)
	}
	v.follow = forms.NewCheck(nil, lang.L("Follow"))
	v.follow.SetChecked(true)
	v.follow.OnChanged = func(on bool) {
		if on != v.log.Following() {
			v.log.SetFollow(on)
		}
	}
	copyAll := forms.NewButton(nil, lang.L("Copy"), func() {
		if !v.log.HasSelection() {
			v.log.SelectAll()
		}
		v.log.Copy()
	}).Quiet()
	copyAll.SetIcon(fynetheme.ContentCopyIcon())
	bar := container.NewHBox(v.find.Content(), layout.NewSpacer(), v.follow, copyAll)
	right := container.NewBorder(bar, nil, nil, nil, v.log)
	v.body = container.NewBorder(
		container.New(layout.NewCustomPaddedVBoxLayout(2), head, v.who.content, v.progRow, v.outcome.content, widget.NewSeparator()),
		nil, v.left, nil, right)
	v.content = container.NewStack(v.stage.Content())
	return v
}

// zoom changes the size of the log's text; 0 takes the usual one.
func (v *view) zoom(step int) {
	const least, most = 8, 28
	usual := fynetheme.Size(fynetheme.SizeNameText)
	if v.size == 0 {
		v.size = usual
	}
	v.size = max(least, min(most, v.size+float32(step)))
	if step == 0 {
		v.size = usual
	}
	v.log.SetTextSize(v.size)
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
	v.stopBtn.Enable()
	v.stopBtn.Importance = widget.MediumImportance
	v.stopBtn.SetText(lang.L("Stop"))
	v.outcome.note("")
	v.stage.Loading()
	v.load()
}

// close ends what is done for the run in sight.
func (v *view) close() {
	v.latest.Cancel()
	v.id, v.run, v.step, v.chosen, v.asked, v.stopped, v.src = 0, model.Run{}, 0, false, notAsked, "", nil
	v.log.SetSource(nil)
	v.find.SetText("")
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
	id := v.id
	forms.Load(&v.latest, func(ctx context.Context) (shot, error) { return v.read(ctx, id) }, func(s shot, err error) {
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

func (v *view) read(ctx context.Context, id int64) (s shot, err error) {
	if s.run, err = v.place.deps.Store.Run(ctx, id); err != nil {
		return s, err
	}
	s.accounts, s.lens = map[string]model.AWSAccount{}, map[int64]int64{}
	for _, aws := range accountIDs(s.run) {
		if s.accounts[aws], err = v.place.deps.Store.AWSAccount(ctx, aws); err != nil {
			return s, err
		}
	}
	for _, step := range s.run.Steps {
		if s.lens[step.ID], err = v.place.deps.Store.LogLen(ctx, step.ID); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (v *view) show(s shot) {
	v.run, v.accounts = s.run, s.accounts
	v.steps.set(s.run.Steps)
	if len(s.run.Steps) > 1 {
		v.left.Show()
	} else {
		v.left.Hide()
	}
	if !v.chosen {
		if at := current(s.run); at != nil {
			v.showStep(at.ID)
		}
	}
	if v.src != nil && s.lens[v.step] > v.src.lines.Load() {
		v.src.lines.Store(s.lens[v.step])
		v.log.Changed()
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
	if id == v.step && v.src != nil {
		return
	}
	v.step = id
	v.src = &source{store: v.place.deps.Store, step: id}
	v.log.SetSource(v.src)
	v.log.SetFollow(!v.run.Status.Over() || v.shownStep().Status == model.Failed)
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
	v.saying.SetText(step.Progress.Message)
	over := r.Status.Over()
	setShown(v.stopBtn, !over)
	setShown(v.againBtn, over)
	setShown(v.editBtn, over && !r.Status.Good() && v.place.deps.EditStep != nil && step.Step != "")
	switch {
	case over:
		v.stopWord.SetText(v.stopped)
	case v.asked == notAsked:
		v.stopWord.SetText("")
	}
	v.outcome.set(r, step)
	v.clock()
}

// clock shows how long it has taken.
func (v *view) clock() {
	text := took(v.run.Started, v.run.Finished, v.place.deps.Now())
	if v.run.Status.Over() && v.run.ExitCode != 0 {
		text += " · " + lang.L("exit {{.Code}}", map[string]any{"Code": v.run.ExitCode})
	}
	v.elapsed.SetText(text)
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
				step := v.shownStep()
				v.who.set(step, v.accounts[step.Identity.AWSID], v.place.deps.Now(), v.run.Status.Over())
				v.steps.list.Refresh()
				v.tick()
			}
		})
	})
}

// stop asks the run to end: politely at first, by force when asked again.
func (v *view) stop() {
	if v.run.Status.Over() || v.id == 0 || v.asked == askedToKill {
		return
	}
	force := v.asked == askedToStop
	v.place.end(v.id, force)
	if force {
		v.asked = askedToKill
		v.stopBtn.Disable()
		v.stopWord.SetText(lang.L("ending it…"))
		return
	}
	v.asked = askedToStop
	v.stopWord.SetText(lang.L("asked to stop"))
	v.stopBtn.SetText(lang.L("Force now"))
	v.stopBtn.Importance = widget.DangerImportance
	v.stopBtn.Refresh()
}

// stopping shows how far a stop has come.
func (v *view) stopping(ev engine.Event) {
	switch {
	case ev.Leftover:
		return
	case ev.Stage == engine.Forced:
		v.stopped = lang.L("{{.Count}} processes ended by force, 0 left", map[string]any{"Count": ev.Processes})
		v.stopWord.SetText(v.stopped)
	case v.asked != askedToKill:
		v.stopped = lang.L("its processes ended by themselves, 0 left")
		seconds := fmt.Sprintf("%.0f", ev.ForceIn().Seconds())
		v.stopWord.SetText(lang.L("asked to stop, force in {{.Seconds}} s", map[string]any{"Seconds": seconds}))
	}
}

// ended hears that the engine of the run in sight has ended, err if it could not tell the result.
func (v *view) ended(err error) {
	if err != nil {
		v.outcome.note(err.Error())
	}
	v.load()
}

func (v *view) edit() { v.place.deps.EditStep(v.run.Project, v.shownStep().Step) }

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
