package settings

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// updateSection tells of newer versions. It never downloads one.
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
	u := &updateSection{place: p, said: feedback.NewBanner(), daily: control.NewCheck(nil, lang.L("Look once a day for a newer version"))}
	u.daily.SetChecked(p.value(settings.UpdatesCheck) == "on")
	u.daily.OnChanged = u.want
	u.now = control.NewButton(nil, lang.L("Look now"), u.ask)
	about := small(lang.L("One question to github.com that tells this version and nothing else. Nothing is downloaded."))
	u.content = container.NewVBox(container.NewBorder(nil, nil, nil, container.NewCenter(u.now), container.NewVBox(u.daily, about)), u.said.Content())
	return u
}

func (u *updateSection) setDaily(daily bool) {
	value := "" // off, the default
	if daily {
		value = "on"
	}
	async.Do(&u.save, func(ctx context.Context) error { return u.place.deps.Settings.Set(ctx, settings.UpdatesCheck, value) }, func(err error) {
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
			u.said.Show(lang.L("Stepdeck {{.Version}} is out.", map[string]any{"Version": newest.Newest}), display.Caution, u.page)
		default:
			u.result.Show(lang.L("Stepdeck is up to date."), display.Good)
		}
	})
}

func (u *updateSection) close() {
	u.look.Cancel()
	u.now.Enable()
}
