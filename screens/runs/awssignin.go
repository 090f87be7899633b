package runs

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
	"github.com/stepdeck/stepdeck/screens/widgets/timewords"
)

// looksEvery is how often it is looked whether somebody has signed in with the aws command.
const looksEvery = 500 * time.Millisecond

// awsSignIn is a dialog that waits until a person has signed in with the aws command, before a run starts.
type awsSignIn struct {
	account model.Account
	last    func(ctx context.Context, a model.Account) (string, error) // changes when somebody signs in
	now     func() time.Time
	goOn    func() // the person has signed in, or wants it to be checked

	before string // what last returned when the dialog opened
	read   bool   // before is read
	until  time.Time
	look   async.Task
	timer  *time.Timer
	over   bool // goOn was called
	closed func()

	dialog  *dialog.Dialog
	command *widget.Label
	copy    *control.Button
	waiting *fyne.Container
	busy    *widget.Activity
	left    *widget.Label
	banner  *feedback.Banner
}

// awsSignInOf returns the first sign-in that the run needs with the aws command, the steps that need it, and why the first of them does.
func (q inquiry) awsSignInOf() (asked runner.AWSSignIn, steps []string, why error) {
	asked = questions[runner.AWSSignIn](q)[0]
	for _, v := range q.Verdicts {
		needs := runner.QuestionOf(v.Err)
		if needs == nil || needs.Key() != asked.Key() {
			continue
		}
		if steps = append(steps, v.Name); why == nil {
			why = v.Err
		}
	}
	return asked, steps, why
}

// askAWSSignIn asks a person to sign in with the aws command, and proceeds once somebody has.
func (s *starter) askAWSSignIn(q inquiry) {
	asked, steps, why := q.awsSignInOf()
	s.signingIn = true
	again := s.asked == asked.Key() && s.deps.Now().Before(s.until)
	if !again { // else what somebody did, or a press of Check now, has not helped: the limit stays
		s.asked, s.until = asked.Key(), s.deps.Now().Add(runner.DefaultSignInWait)
	}
	w := &awsSignIn{account: asked.Account, last: s.deps.LastSignIn, now: s.deps.Now, until: s.until}
	w.goOn = func() {
		s.signingIn = false
		s.proceed()
	}
	w.closed = func() {
		s.awsSignIn = nil
		if !w.over {
			s.signingIn = false
			s.clicked()
		}
	}
	s.awsSignIn = w
	title := lang.L("Run · {{.Project}}", map[string]any{"Project": q.project.Name})
	w.show(s.deps.Window, title, asked.Command, w.reason(steps, why, asked.Command))
	if again {
		w.banner.Show(lang.L("Still not signed in."), display.Caution)
	}
}

// reason says which steps need the sign-in, and why.
func (w *awsSignIn) reason(steps []string, why error, command string) string {
	short := func(name string) string { return legible(name, 100, 1) }
	a := map[string]any{"Steps": short(strings.Join(steps, ", ")), "Account": short(w.account.Name), "Profile": short(w.account.Profile)}
	words := lang.L("The step {{.Steps}} acts as account {{.Account}}, whose profile {{.Profile}} signs in with the aws command.", a)
	if len(steps) > 1 {
		words = lang.L("The steps {{.Steps}} act as account {{.Account}}, whose profile {{.Profile}} signs in with the aws command.", a)
	}
	var failed *model.Error
	if errors.As(why, &failed) { // what to run stands below
		words += " " + legible(strings.TrimSuffix(failed.Sentence, " Run "+command+"."), sentenceRunes, sentenceLines)
	}
	return words
}

func (w *awsSignIn) show(in fyne.Window, title, command, reason string) {
	k := &control.Keys{}
	w.command = widget.NewLabelWithStyle(model.SafeLine(command), fyne.TextAlignLeading, fyne.TextStyle{Monospace: true})
	w.command.Truncation = fyne.TextTruncateEllipsis
	w.copy = control.NewButton(k, lang.L("Copy"), func() { fyne.CurrentApp().Clipboard().SetContent(command) })
	w.copy.SetIcon(fynetheme.ContentCopyIcon())
	w.busy, w.left, w.banner = widget.NewActivity(), widget.NewLabel(""), feedback.NewBanner()
	w.left.Importance = widget.LowImportance
	w.waiting = container.NewHBox(container.NewCenter(w.busy), w.left)
	content := container.NewVBox(
		text(reason),
		text(lang.L("Run this command in a terminal, and sign in on the page that it opens. The run goes on by itself.")),
		container.NewBorder(nil, nil, nil, w.copy, display.Card(w.command)),
		w.waiting, w.banner.Content(),
	)
	w.dialog = &dialog.Dialog{
		Title: title, Keys: k, Content: focus.Scroll(content), Size: fyne.NewSize(600, 340), First: w.copy,
		Buttons:  []fyne.CanvasObject{control.NewButton(k, lang.L("Check now"), w.finish)},
		OnClosed: w.onClosed,
	}
	w.dialog.Show(in)
	w.busy.Start()
	w.tick()
}

// tick looks whether somebody has signed in, and shows how long it is waited for that.
func (w *awsSignIn) tick() {
	left := w.until.Sub(w.now())
	if left <= 0 {
		w.giveUp()
		return
	}
	w.left.SetText(lang.L("Waiting for the sign-in · gives up in {{.Time}}", map[string]any{"Time": length(left)}))
	a := w.account
	async.Load(&w.look, func(ctx context.Context) (string, error) { return w.last(ctx, a) }, func(last string, err error) {
		switch {
		case err != nil: // the next look may work
		case !w.read:
			w.before, w.read = last, true
		case last != "" && last != w.before:
			w.finish()
			return
		}
		w.timer = time.AfterFunc(looksEvery, func() {
			fyne.Do(func() {
				if w.dialog.Visible() {
					w.tick()
				}
			})
		})
	})
}

// giveUp says that the time to sign in is over.
func (w *awsSignIn) giveUp() {
	w.busy.Stop()
	w.waiting.Hide()
	limit := map[string]any{"Time": timewords.Of(runner.DefaultSignInWait)}
	w.banner.Show(lang.L("Nobody signed in within {{.Time}}. Nothing has run.", limit), display.Bad,
		control.NewButton(w.dialog.Keys, lang.L("Try again"), w.finish))
}

// finish closes the dialog and goes on.
func (w *awsSignIn) finish() {
	w.over = true
	w.dialog.Close()
	w.goOn()
}

func (w *awsSignIn) onClosed() {
	w.look.Cancel()
	if w.timer != nil {
		w.timer.Stop()
	}
	w.busy.Stop()
	w.closed()
}
