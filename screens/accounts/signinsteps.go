package accounts

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// update shows the state of the attempt: what to do, what the sheet waits for, and the other way.
func (s *SignInSheet) update() {
	label := lang.L("Use a code instead")
	if s.way == model.SignInElsewhere {
		label = lang.L("Use this computer's browser")
	}
	s.toggle.SetText(label)
	if strings.TrimSpace(s.paste.Text) == "" {
		s.goOn.Disable()
	} else {
		s.goOn.Enable()
	}
	focus.Swap(s.body, s.instructions()...)
	s.showWaiting()
}

// showWaiting says what the sheet waits for, and how long it will.
func (s *SignInSheet) showWaiting() {
	if !s.work.Busy() {
		s.waiting.Hide()
		return
	}
	s.waiting.Show()
	switch {
	case s.step.URL == "":
		s.left.SetText(lang.L("Preparing the sign-in…"))
	case s.step.Until.IsZero():
		s.left.SetText(lang.L("Waiting for you to sign in"))
	default:
		s.left.SetText(lang.L("Waiting for you to sign in · gives up in {{.Time}}",
			map[string]any{"Time": minutes(s.step.Until.Sub(s.deps.now()))}))
	}
}

// minutes formats a time that is left as 9:41.
func minutes(d time.Duration) string {
	seconds := max(0, int(d.Round(time.Second)/time.Second))
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// instructions returns what the person has to do, in order.
func (s *SignInSheet) instructions() []fyne.CanvasObject {
	if s.step.URL == "" {
		return nil
	}
	var list []fyne.CanvasObject
	add := func(text string, below ...fyne.CanvasObject) {
		list = append(list, instruction(len(list)+1, text, below...))
	}
	if s.way == model.SignInHere {
		add(lang.L("Your browser opens the sign-in page of AWS. If it doesn't, open this address:"),
			s.address(lang.L("Open again")))
	} else {
		add(lang.L("Open this address in a browser, on this computer or on any other device:"), s.address(lang.L("Open here")))
	}
	switch {
	case s.step.Code != "" && s.way == model.SignInHere:
		add(lang.L("Check that the page shows this code:"), s.code())
	case s.step.Code != "":
		add(lang.L("Enter this code there, or check that the page shows it:"), s.code())
	}
	if s.step.Paste {
		add(lang.L("Sign in there. At the end the page shows a text: copy it, and paste it here."),
			container.NewBorder(nil, nil, nil, s.goOn, s.paste))
	} else {
		add(lang.L("Sign in there. This window goes on by itself."))
	}
	return list
}

// instruction returns a numbered line with its controls below.
func instruction(n int, text string, below ...fyne.CanvasObject) fyne.CanvasObject {
	words := widget.NewLabel(text)
	words.Wrapping = fyne.TextWrapWord
	number := widget.NewLabelWithStyle(strconv.Itoa(n), fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
	box := container.NewVBox(words)
	for _, o := range below {
		box.Add(o)
	}
	return container.NewBorder(nil, nil, container.NewVBox(number), nil, box)
}

// address shows the page's address, with buttons to copy and to open it.
func (s *SignInSheet) address(open string) fyne.CanvasObject {
	address := widget.NewLabelWithStyle(s.step.URL, fyne.TextAlignLeading, fyne.TextStyle{Monospace: true})
	address.Truncation = fyne.TextTruncateEllipsis
	return container.NewBorder(nil, nil, nil, container.NewHBox(s.copyButton(s.step.URL), control.NewButton(s.dialog.Keys, open, s.open)),
		display.Card(address))
}

// code shows the code, large enough to be read from another device.
func (s *SignInSheet) code() fyne.CanvasObject {
	code := widget.NewLabelWithStyle(s.step.Code, fyne.TextAlignCenter, fyne.TextStyle{Monospace: true})
	code.SizeName = fynetheme.SizeNameHeadingText
	return container.NewBorder(nil, nil, nil, container.NewCenter(s.copyButton(s.step.Code)), display.Card(code))
}

func (s *SignInSheet) copyButton(text string) *control.Button {
	b := control.NewButton(s.dialog.Keys, lang.L("Copy"), func() { fyne.CurrentApp().Clipboard().SetContent(text) })
	b.SetIcon(fynetheme.ContentCopyIcon())
	return b
}
