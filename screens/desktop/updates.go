package desktop

import (
	"context"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/settings"
)

// lookForUpdate tells of a newer version in the window's foot, if the person wants that. Nothing is downloaded.
func (w *window) lookForUpdate() {
	update, tell := w.services.DailyUpdate(w.ctx, app.Updates{})
	if !tell {
		return
	}
	fyne.Do(func() {
		w.frame.Say(lang.L("Stepdeck {{.Version}} is out: see Settings, Newer versions.", map[string]any{"Version": update.Newest}))
	})
}

// newest asks for the newest version because somebody told the window to.
func (w *window) newest(ctx context.Context) (settings.Release, error) {
	update, err := app.Updates{}.Ask(ctx, w.services.Version.Number)
	return settings.Release{Version: update.Newest, Newer: update.Newer, Page: update.Page}, err
}

// openPage shows a page in the browser.
func (w *window) openPage(address string) error {
	page, err := url.Parse(address)
	if err == nil {
		err = w.app.OpenURL(page)
	}
	if err != nil {
		return model.NewError("page.open", "The page %s can't be opened here. Copy its address instead.", address).Because(err)
	}
	return nil
}
