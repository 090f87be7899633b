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
	awake        *control.Check
	result       *feedback.Banner
	save         async.Task
	content      fyne.CanvasObject
}

func newScriptSection(p *Place) *scriptSection {
	s := &scriptSection{place: p, result: feedback.NewBanner()}
	s.certificates = control.NewCheck(nil, lang.L("Let scripts use the system's certificates"))
	s.certificates.SetChecked(p.value(settings.SystemCertificates) == "on")
	s.certificates.OnChanged = func(on bool) { s.set(settings.SystemCertificates, on, false) }
	about := small(lang.L("For networks whose proxy has a certificate of the company: " +
		"aws, Python, curl and Node.js trust what this system trusts."))
	s.awake = control.NewCheck(nil, lang.L("Keep this computer awake while a run goes on"))
	s.awake.SetChecked(p.value(settings.StayAwake) != "off")
	s.awake.OnChanged = func(on bool) { s.set(settings.StayAwake, on, true) }
	why := small(lang.L("It does not go to sleep by itself. Closing the lid and choosing Sleep work as ever, and the screen may turn off."))
	s.content = container.NewVBox(s.certificates, about, s.awake, why, s.result.Content())
	return s
}

// set saves a setting that is on or off; its default is stored as none.
func (s *scriptSection) set(key string, on, standard bool) {
	value := map[bool]string{true: "on", false: "off"}[on]
	if on == standard {
		value = ""
	}
	s.result.Hide()
	async.Do(&s.save, s.place.set(key, value), func(err error) {
		if err != nil {
			s.result.Show(err.Error(), display.Bad)
		}
	})
}
