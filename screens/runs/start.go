package runs

import (
	"context"
	"maps"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// starter leads from the wish for a run to the run: look at it, ask what needs an answer, look again, start. One at a time.
type starter struct {
	place  *Place
	wanted Wanted
	said   answers
	latest async.Task
	wait   *dialog.Dialog
	sheet  *sheet
}

// patience is how long nothing is said while AWS is asked who this would be.
const patience = 400 * time.Millisecond

func (s *starter) begin(w Wanted) {
	if s.latest.Busy() || s.sheet != nil || !s.place.calm() {
		return
	}
	s.wanted, s.said = w, answers{given: slices.Clone(w.Given), accepted: map[string]bool{}}
	s.look()
}

// look examines the run and goes on: to the sheet, or to the start.
func (s *starter) look() {
	wanted, said := s.wanted, s.said.copied()
	turn := s.waiting(lang.L("Asking AWS who this would be…"))
	examine := func(ctx context.Context) (inquiry, error) { return s.place.examine(ctx, wanted, said) }
	async.Load(&s.latest, examine, func(q inquiry, err error) {
		turn()
		switch {
		case err != nil:
			dialog.ShowError(s.place.deps.Window, lang.L("{{.Project}} can't run", map[string]any{"Project": wanted.Project}), err)
		case q.asks():
			s.sheet = newSheet(s, q)
			s.sheet.show()
		default:
			s.start(q)
		}
	})
}

func (a answers) copied() answers {
	return answers{slices.Clone(a.given), slices.Clone(a.confirm), maps.Clone(a.accepted)}
}

// waiting shows, after a while, what is waited for, with a way out. The function that it gives ends that.
func (s *starter) waiting(text string) (done func()) {
	over := false
	var timer *time.Timer
	show := func() {
		switch {
		case over:
			return
		case s.place.deps.Window.Canvas().Overlays().Top() != nil: // the person is asked for something, such as the vault's passphrase
			timer.Reset(patience)
			return
		}
		s.wait = &dialog.Dialog{
			Title:   lang.L("Run · {{.Project}}", map[string]any{"Project": s.wanted.Project}),
			Content: widget.NewLabel(text), Size: fyne.NewSize(420, 170),
		}
		s.wait.OnClosed = func() {
			s.wait = nil
			if !over {
				s.place.stops()
				s.latest.Cancel()
			}
		}
		s.wait.Show(s.place.deps.Window)
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

// start hands the run to an engine.
func (s *starter) start(q inquiry) {
	p := s.place
	req := q.request(s.said)
	done := s.waiting(lang.L("Starting…"))
	async.Load(&s.latest, func(ctx context.Context) (*engine.Run, error) {
		if err := p.deps.Scripts.MarkSeen(ctx, q.Plan.Scripts()...); err != nil {
			return nil, err
		}
		var id int64
		return p.deps.Engine.Start(ctx, req, func(ev engine.Event) {
			if begun, ok := ev.(engine.RunStarted); ok {
				id = begun.ID
				return
			}
			run := id
			fyne.Do(func() { p.heard(run, ev) })
		})
	}, func(run *engine.Run, err error) {
		done()
		if err != nil {
			dialog.ShowError(p.deps.Window, lang.L("The run could not be started"), err)
			return
		}
		p.began(run)
	})
}

// again runs once more what a run ran: its steps as they are now or, exactly, with the inputs that it kept.
func (p *Place) again(id int64, exactly bool) {
	s := &p.start
	if s.latest.Busy() || s.sheet != nil || !p.settled() || !p.calm() {
		return
	}
	was := func(ctx context.Context) (runner.Request, error) { return p.deps.Again(ctx, id, exactly) }
	async.Load(&s.latest, was, func(req runner.Request, err error) {
		if err != nil {
			dialog.ShowError(p.deps.Window, lang.L("The run can't be repeated"), err)
			return
		}
		w := Wanted{Project: req.Project.Name, Environment: req.Environment, Steps: req.Steps, Given: req.Given}
		if exactly {
			w.Exactly = id
		}
		p.Start(w)
	})
}

// saveKeys seals secret keys that were asked for.
func (s *starter) saveKeys(keys []keyField, then func()) {
	typed := make([]string, len(keys)) // fields are read on this goroutine alone
	for i, f := range keys {
		typed[i] = f.entry.Value()
	}
	done := s.waiting(lang.L("Saving…"))
	async.Do(&s.latest, func(ctx context.Context) error {
		for i, f := range keys {
			if err := s.place.deps.SaveSecret(ctx, f.account, typed[i]); err != nil {
				return err
			}
		}
		return nil
	}, func(err error) {
		done()
		if err != nil {
			dialog.ShowError(s.place.deps.Window, lang.L("The secret key could not be saved"), err)
			return
		}
		then()
	})
}
