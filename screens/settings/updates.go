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

// updateSection checks for newer versions. It never downloads one.
type updateSection struct {
	place   *Place
	daily   *control.Check
	now     *control.Button
	page    *control.Button // opens the page of the newer version
	result  *feedback.Banner
	look    async.Task
	save    async.Task
	content fyne.CanvasObject
}

func newUpdateSection(p *Place) *updateSection {
	u := &updateSection{place: p, result: feedback.NewBanner(), daily: control.NewCheck(nil, lang.L("Check for updates once a day"))}
	u.daily.SetChecked(p.value(settings.UpdatesCheck) == "on")
	u.daily.OnChanged = u.setDaily
	u.now = control.NewButton(nil, lang.L("Check for updates"), u.ask)
	about := small(lang.L("Sends a request to github.com with the version of Stepdeck and nothing else. Downloads nothing."))
	text := container.NewVBox(u.daily, about)
	u.content = container.NewVBox(container.NewBorder(nil, nil, nil, container.NewCenter(u.now), text), u.result.Content())
	return u
}

func (u *updateSection) setDaily(daily bool) {
	value := "" // off, the default
	if daily {
		value = "on"
	}
	async.Do(&u.save, u.place.set(settings.UpdatesCheck, value), func(err error) {
		if err != nil {
			u.result.Show(err.Error(), display.Bad)
		}
	})
}

func (u *updateSection) ask() {
	u.result.Hide()
	u.now.Disable()
	async.Load(&u.look, u.place.deps.Newest, func(newest settings.Update, err error) {
		u.now.Enable()
		switch {
		case err != nil:
			u.result.Show(err.Error(), display.Bad)
		case newest.Newer:
			u.page = control.NewButton(nil, lang.L("Open its page"), func() {
				if err := u.place.deps.OpenPage(newest.Page); err != nil {
					u.result.Show(err.Error(), display.Bad)
				}
			})
			u.result.Show(lang.L("Stepdeck {{.Version}} is out.", map[string]any{"Version": newest.Newest}), display.Caution, u.page)
		default:
			u.result.Show(lang.L("Stepdeck is up to date."), display.Good)
		}
	})
}

func (u *updateSection) close() {
	u.look.Cancel()
	u.now.Enable()
}
