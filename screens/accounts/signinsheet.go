package accounts

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// SignInSheet is a dialog that leads a person through a sign-in.
type SignInSheet struct {
	deps    Deps
	account model.Account
	way     model.SignInWay
	done    func(model.SignIn, bool)

	work    async.Task
	attempt int // counts the attempts, so that late steps of an earlier one are dropped
	step    model.SignInStep
	pasted  chan string // of this attempt
	opened  string      // the URL that the browser was last asked to open
	signIn  model.SignIn
	ok      bool
	kept    bool // the person has signed in, and is told something first
	ticks   *time.Timer
	shown   time.Time // since when the sheet is shown
	look    async.Task
	unwatch func()

	dialog       *dialog.Dialog
	body         *fyne.Container // what to do
	banner       *feedback.Banner
	waiting      *fyne.Container
	progress     *widget.Activity
	left         *widget.Label // what the sheet waits for, and until when
	paste        *control.Entry
	goOn, toggle *control.Button
	again        *control.Button
}

// ShowSignIn shows the sheet and starts to sign in for a. It calls done, if not nil, once, when the sheet has closed; ok is false if
// the person did not sign in. Of deps it needs the window and the sign-ins.
func ShowSignIn(deps Deps, a model.Account, way model.SignInWay, done func(s model.SignIn, ok bool)) *SignInSheet {
	s := &SignInSheet{deps: deps, account: a, way: way, done: done, shown: deps.now(), banner: feedback.NewBanner(), body: container.NewVBox()}
	k := &control.Keys{}
	s.makeParts(k)
	name := a.Name
	if a.Kind == model.KindIdentityCenter {
		name = portalHost(a.StartURL)
	}
	s.dialog = &dialog.Dialog{
		Title: lang.L("Sign in to {{.Name}}", map[string]any{"Name": name}), Keys: k, Size: fyne.NewSize(600, 360),
		Buttons: []fyne.CanvasObject{s.toggle}, OnClosed: s.closed,
		Content: focus.Scroll(container.NewVBox(s.body, s.banner.Content(), s.waiting)),
	}
	s.dialog.Show(deps.Window)
	s.unwatch = deps.watch(s.lookElsewhere)
	s.start()
	return s
}

func (s *SignInSheet) makeParts(k *control.Keys) {
	s.progress, s.left = widget.NewActivity(), widget.NewLabel("")
	s.left.Importance = widget.LowImportance
	s.waiting = container.NewHBox(container.NewCenter(s.progress), s.left)
	s.paste = control.NewEntry(k)
	s.paste.OnChanged = func(string) { s.update() }
	s.paste.OnKey = func(ev *fyne.KeyEvent) bool {
		enter := ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter
		if enter {
			s.submit()
		}
		return enter
	}
	s.goOn = control.NewButton(k, lang.L("Continue"), s.submit).Important()
	s.again = control.NewButton(k, lang.L("Try again"), s.start)
	s.toggle = control.NewButton(k, "", s.otherWay)
}

// start begins an attempt, in place of the one that is running.
func (s *SignInSheet) start() {
	s.attempt++
	attempt, pasted := s.attempt, make(chan string, 1)
	s.pasted, s.step, s.opened = pasted, model.SignInStep{}, ""
	s.paste.SetText("")
	s.banner.Hide()
	show := func(step model.SignInStep) {
		fyne.Do(func() {
			if attempt == s.attempt && s.work.Busy() {
				s.show(step)
			}
		})
	}
	paste := func(ctx context.Context) (string, error) {
		select {
		case text := <-pasted:
			return text, nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	a, way := s.account, s.way
	async.Load(&s.work, func(ctx context.Context) (model.SignIn, error) {
		return s.deps.SignIns.SignIn(ctx, a, way, show, paste)
	}, s.ended)
	s.progress.Start()
	s.update()
	s.tick()
}

// show shows what the person has to do.
func (s *SignInSheet) show(step model.SignInStep) {
	s.step = step
	if s.way == model.SignInHere && step.URL != s.opened {
		s.open()
	}
	if step.Problem != nil { // with the text that was pasted before
		s.banner.Show(step.Problem.Error(), display.Bad)
	}
	s.update()
	if step.Paste {
		s.deps.Window.Canvas().Focus(s.paste)
	}
}

// ended is called with the result of an attempt.
func (s *SignInSheet) ended(signIn model.SignIn, err error) {
	s.progress.Stop()
	if err != nil {
		s.step = model.SignInStep{}
		s.banner.Show(err.Error(), display.Bad, s.again)
		s.update()
		s.deps.Window.Canvas().Focus(s.again)
		return
	}
	if signIn.Notice == "" {
		s.signedIn(signIn)
		return
	}
	s.noticed(signIn)
}

// noticed shows what the person should know of the sign-in, who then goes on with it, or leaves what was to be done with it undone.
func (s *SignInSheet) noticed(signIn model.SignIn) {
	s.kept, s.step = true, model.SignInStep{}
	s.toggle.Hide()
	goOn := control.NewButton(s.dialog.Keys, lang.L("Continue"), func() { s.signedIn(signIn) })
	s.banner.Show(signIn.Notice, display.Caution, goOn)
	s.update()
	s.deps.Window.Canvas().Focus(goOn)
}

func (s *SignInSheet) signedIn(signIn model.SignIn) {
	s.signIn, s.ok = signIn, true
	s.dialog.Close()
}

// lookElsewhere looks whether a person has signed in elsewhere since the sheet is shown, such as with the command. Then the sheet is
// done.
func (s *SignInSheet) lookElsewhere() {
	async.Load(&s.look, s.deps.SignIns.SignIns, func(list []model.SignIn, err error) {
		if err != nil {
			return // the sheet goes on without
		}
		if s.kept {
			return // by this sheet itself
		}
		if signIn, state := signInOf(s.account, list, s.deps.now()); state == signInValid && signIn.At.After(s.shown) {
			s.signedIn(signIn)
		}
	})
}

// closed ends the attempt that is running.
func (s *SignInSheet) closed() {
	s.unwatch()
	s.look.Cancel()
	s.work.Cancel()
	s.progress.Stop()
	if s.ticks != nil {
		s.ticks.Stop()
	}
	if s.ok || s.kept {
		s.deps.changed()
	}
	if s.done != nil {
		s.done(s.signIn, s.ok)
	}
}

// otherWay starts again with the other way to sign in.
func (s *SignInSheet) otherWay() {
	if s.way == model.SignInHere {
		s.way = model.SignInElsewhere
	} else {
		s.way = model.SignInHere
	}
	s.start()
}

// open opens the page in the browser of this computer.
func (s *SignInSheet) open() {
	s.opened = s.step.URL
	u, err := model.PageURL(s.step.URL)
	if err == nil {
		err = s.deps.openURL(u)
	}
	if err != nil {
		s.banner.Show(lang.L("The browser can't be opened. Copy the address and open it yourself."), display.Caution)
	}
}

// submit hands the pasted text to the attempt that waits for it.
func (s *SignInSheet) submit() {
	text := strings.TrimSpace(s.paste.Text)
	if text == "" || !s.step.Paste || !s.work.Busy() {
		return
	}
	s.banner.Hide()
	select {
	case s.pasted <- text:
	default: // the text before has not been read yet
	}
	s.update()
}

// tick shows every second how much time is left.
func (s *SignInSheet) tick() {
	if s.ticks != nil {
		s.ticks.Stop()
	}
	s.ticks = time.AfterFunc(time.Second, func() {
		fyne.Do(func() {
			if s.dialog.Visible() && s.work.Busy() {
				s.showWaiting()
				s.tick()
			}
		})
	})
}
