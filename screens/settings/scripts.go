package settings

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// scriptSection is what all scripts of this computer get.
type scriptSection struct {
	place        *Place
	certificates *control.Check
	result       *feedback.Banner
	save         async.Task
	content      fyne.CanvasObject
}

func newScriptSection(p *Place) *scriptSection {
	s := &scriptSection{place: p, result: feedback.NewBanner()}
	s.certificates = control.NewCheck(nil, lang.L("Let scripts use the system's certificates"))
	s.certificates.SetChecked(p.value(settings.SystemCertificates) == "on")
	s.certificates.OnChanged = s.set
	about := small(lang.L("For networks whose proxy has a certificate of the company: " +
		"aws, Python, curl and Node.js trust what this system trusts."))
	s.content = container.NewVBox(s.certificates, about, s.result.Content())
	return s
}

func (s *scriptSection) set(on bool) {
	value := "" // off, the default
	if on {
		value = "on"
	}
	s.result.Hide()
	async.Do(&s.save, s.place.set(settings.SystemCertificates, value), func(err error) {
		if err != nil {
			s.result.Show(err.Error(), display.Bad)
		}
	})
}
