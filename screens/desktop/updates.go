package desktop

import (
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
)

// lookForUpdate tells of a newer version in the window's foot, if the person wants that. Nothing is downloaded.
func (w *window) lookForUpdate() {
	update, tell := w.services.Settings().DailyUpdate(w.ctx)
	if !tell {
		return
	}
	fyne.Do(func() {
		w.frame.Say(lang.L("Stepdeck {{.Version}} is out: see Settings, Updates.", map[string]any{"Version": update.Newest}))
	})
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
