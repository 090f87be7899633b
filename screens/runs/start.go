package runs

import (
	"context"
	"maps"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens/waits"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// starter starts a run: it examines the run, asks the questions, examines it again with the answers, and starts it. One at a time.
type starter struct {
	deps    Deps
	calm    func() bool // no click that was meant to stop a run can start one
	clicked func()      // called when the user cancels a start by a click, which may be followed by others
	started func(*engine.Run)
	onEvent func(run int64, ev engine.Event)

	wanted  Wanted
	answers answers
	latest  async.Task
	wait    *dialog.Dialog
	waits   *widget.Label // what wait says

	signingIn bool // the person signs in for the run
	awsSignIn *awsSignIn
	asked     string    // the key of the question that awsSignIn asked last for this run; empty: none
	until     time.Time // when it gives up
	sheet     *sheet
	refusal   error // of a code that was entered; nil: none
}

// patience is how long the user waits without a message.
const patience = 400 * time.Millisecond

func (s *starter) begin(w Wanted) {
	if s.latest.Busy() || s.sheet != nil || s.signingIn || !s.calm() {
		return
	}
	s.asked = ""
	s.wanted, s.answers = w, answers{given: slices.Clone(w.Given), accepted: map[string]bool{}}
	s.proceed()
}

// proceed examines the run, then shows the sheet with the questions or starts the run.
func (s *starter) proceed() {
	wanted, given := s.wanted, s.answers.copied()
	done := s.waiting(lang.L("Asking AWS who this would be…"))
	examine := func(ctx context.Context) (inquiry, error) {
		return s.examine(waits.Told(ctx, s.sayWaits), wanted, given)
	}
	async.Load(&s.latest, examine, func(q inquiry, err error) {
		done()
		switch {
		case err != nil:
			dialog.ShowError(s.deps.Window, lang.L("{{.Project}} can't run", map[string]any{"Project": wanted.Project}), err)
		case s.deps.SignIn != nil && !q.refused() && len(questions[runner.SignInNeeded](q)) > 0:
			s.signIn(questions[runner.SignInNeeded](q)[0].Account)
		case !q.refused() && len(questions[runner.AWSSignIn](q)) > 0:
			s.askAWSSignIn(q)
		case q.needsAnswer():
			s.sheet = newSheet(s.sheetDeps(), q)
			s.sheet.blame(s.refusal)
			s.refusal = nil
			s.sheet.show()
		default:
			s.start(q)
		}
	})
}

// signIn leads a person through a sign-in that the run needs, and proceeds.
func (s *starter) signIn(a model.Account) {
	s.signingIn = true
	s.deps.SignIn(a, func(ok bool) {
		s.signingIn = false
		if ok {
			s.proceed()
			return
		}
		s.clicked()
	})
}

func (s *starter) sheetDeps() sheetDeps {
	return sheetDeps{
		window: s.deps.Window, fonts: s.deps.Fonts, now: s.deps.Now, editStep: s.deps.EditStep, tryAgain: s.tryAgain, answered: s.answered,
		rehearse: s.rehearse, tools: s.deps.Tools, choose: s.deps.Choose, choices: s.choices,
		closed: func(clicked bool) {
			s.sheet = nil
			if clicked {
				s.clicked()
			}
		},
	}
}

// choices asks AWS for the values of a prompt. a are the answers that a sheet has so far.
func (s *starter) choices(ctx context.Context, q inquiry, a answers, of model.ValueName, refresh bool) (runner.Choices, error) {
	all := s.answers.copied()
	all.add(a)
	options := s.wanted.with(all)
	options.Environment = q.Plan.Environment
	req := runner.Request{Project: q.project, RunOptions: options, Who: s.deps.Who}
	return s.deps.Planner.Choices(ctx, req, of, runner.ChoicesOptions{Refresh: refresh})
}

// tryAgain proceeds after a refusal. What a rehearsal may do is asked again, as that may be why.
func (s *starter) tryAgain() {
	if s.answers.rehearsal != nil {
		s.wanted.Rehearsal, s.answers.rehearsal = s.answers.rehearsal, nil
	}
	s.proceed()
}

// rehearse rehearses the steps in place of running them; none: those of the run.
func (s *starter) rehearse(steps []string) {
	if s.wanted.Rehearsal == nil {
		s.wanted.Rehearsal = &model.Rehearsal{}
	}
	if len(steps) > 0 {
		s.wanted.Steps = steps
	}
	s.proceed()
}

// answered proceeds with the answers of the sheet, which may lead to further questions.
func (s *starter) answered(a answers, keys []keyField) {
	s.answers.add(a)
	if len(keys) > 0 {
		s.saveKeys(keys, s.proceed)
		return
	}
	s.proceed()
}

func (a *answers) add(more answers) {
	a.given = append(a.given, more.given...)
	a.confirm = append(a.confirm, more.confirm...)
	maps.Copy(a.accepted, more.accepted)
	if more.rehearsal != nil {
		a.rehearsal = more.rehearsal
	}
}

func (a answers) copied() answers {
	return answers{slices.Clone(a.given), slices.Clone(a.confirm), maps.Clone(a.accepted), a.rehearsal}
}

// waiting shows text in a dialog with a Cancel button if done is not called soon.
func (s *starter) waiting(text string) (done func()) {
	over := false
	var timer *time.Timer
	show := func() {
		switch {
		case over:
			return
		case s.deps.Window.Canvas().Overlays().Top() != nil: // another dialog is open, such as that for the vault's passphrase
			timer.Reset(patience)
			return
		}
		s.waits = widget.NewLabel(text)
		s.waits.Wrapping = fyne.TextWrapWord
		s.wait = &dialog.Dialog{
			Title:   lang.L("Run · {{.Project}}", map[string]any{"Project": s.wanted.Project}),
			Content: focus.Scroll(s.waits), Size: fyne.NewSize(420, 190),
		}
		s.wait.OnClosed = func() {
			clicked := !s.wait.Escaped
			s.wait = nil
			if over {
				return
			}
			if s.latest.Cancel(); clicked {
				s.clicked()
			}
		}
		s.wait.Show(s.deps.Window)
	}
	timer = time.AfterFunc(patience, func() { fyne.Do(show) })
	return func() {
		over = true
		timer.Stop()
		if s.wait != nil {
			s.wait.Close()
		}
	}
}

// sayWaits says in the dialog what it waits for.
func (s *starter) sayWaits(text string) {
	if s.wait != nil {
		s.waits.SetText(text)
	}
}

// start starts the run in an engine.
func (s *starter) start(q inquiry) {
	req := q.request(s.answers)
	done := s.waiting(lang.L("Starting…"))
	async.Load(&s.latest, func(ctx context.Context) (*engine.Run, error) {
		if err := s.deps.Scripts.MarkSeen(ctx, q.Plan.Scripts()...); err != nil {
			return nil, err
		}
		var id int64
		return s.deps.Engine.Start(ctx, req, func(ev engine.Event) {
			if start, ok := ev.(engine.RunStarted); ok {
				id = start.ID
				return
			}
			run := id
			fyne.Do(func() { s.onEvent(run, ev) })
		})
	}, func(run *engine.Run, err error) {
		done()
		if err != nil {
			dialog.ShowError(s.deps.Window, lang.L("The run could not be started"), err)
			return
		}
		s.started(run)
	})
}

// again repeats a run: with its steps as they are now, or exactly with the inputs that it recorded.
func (p *Place) again(id int64, exactly bool) {
	s := &p.start
	if s.latest.Busy() || s.sheet != nil || !p.settled() || !p.calm() {
		return
	}
	request := func(ctx context.Context) (runner.Request, error) { return p.deps.Again(ctx, id, exactly) }
	async.Load(&s.latest, request, func(req runner.Request, err error) {
		if err != nil {
			dialog.ShowError(p.deps.Window, lang.L("The run can't be repeated"), err)
			return
		}
		w := Wanted{Project: req.Project.Name, RunOptions: req.RunOptions}
		if exactly {
			w.Exactly = id
		}
		p.Start(w)
	})
}

// saveKeys stores the entered secret keys in the vault and hands over the entered codes, then calls then.
func (s *starter) saveKeys(keys []keyField, then func()) {
	typed := make([]string, len(keys)) // read here: the fields belong to the main goroutine
	for i, f := range keys {
		typed[i] = f.entry.Value()
	}
	done := s.waiting(lang.L("Saving…"))
	refused := false // a code
	async.Do(&s.latest, func(ctx context.Context) error {
		for i, f := range keys {
			keep := s.deps.SaveSecret
			if f.code {
				keep = s.deps.EnterCode
			}
			if err := keep(ctx, f.account, typed[i]); err != nil {
				refused = f.code
				return err
			}
		}
		return nil
	}, func(err error) {
		done()
		switch {
		case err == nil:
			then()
		case refused: // what was answered stays answered: the next sheet asks for the codes that are still missing, and says why
			s.refusal = err
			then()
		default:
			dialog.ShowError(s.deps.Window, lang.L("The secret key could not be saved"), err)
		}
	})
}
