package settings

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// browserSection chooses the browser for signing in and for the AWS console.
type browserSection struct {
	place   *Place
	save    async.Task
	line    *control.Entry
	saved   string
	result  *feedback.Banner
	content fyne.CanvasObject
}

func newBrowserSection(p *Place) *browserSection {
	b := &browserSection{place: p, line: control.NewEntry(nil), result: feedback.NewBanner(), saved: p.value(settings.Browser)}
	b.line.TextStyle.Monospace = true
	b.line.SetPlaceHolder(lang.L("the system's, or a program with its options: firefox -P Work"))
	b.line.SetText(b.saved)
	b.line.OnLeave = b.keep
	b.line.OnKey = func(ev *fyne.KeyEvent) bool {
		if ev.Name != fyne.KeyReturn && ev.Name != fyne.KeyEnter {
			return false
		}
		b.keep()
		return true
	}
	about := small(lang.L("Opens pages to sign in and the AWS console. The address goes to the end, or to where {{.Part}} stands.",
		map[string]any{"Part": "{url}"}))
	b.content = container.NewVBox(b.line, about, b.result.Content())
	return b
}

// keep saves what was entered.
func (b *browserSection) keep() {
	line := strings.TrimSpace(b.line.Text)
	if line == b.saved || b.save.Busy() {
		return
	}
	b.result.Hide()
	async.Do(&b.save, b.place.set(settings.Browser, line), func(err error) {
		if err != nil {
			b.result.Show(err.Error(), display.Bad)
			return
		}
		b.saved = line
		b.result.Show(lang.L("Saved."), display.Good)
	})
}
