package desktop

import (
	"context"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
)

// lookForUpdate shows a newer version in the status bar, if the user wants that. Nothing is downloaded.
func (w *window) lookForUpdate() {
	update, due := w.services.Settings().DailyUpdate(w.ctx)
	if !due {
		return
	}
	fyne.Do(func() {
		w.frame.Say(lang.L("Stepdeck {{.Version}} is available: see Settings, Updates.", map[string]any{"Version": update.Newest}))
	})
}

// openPage opens an address in the browser. It doesn't wait for the browser.
func (w *window) openPage(address string) error {
	if _, err := url.Parse(address); err != nil {
		return model.NewError("page.open", "The page %s can't be opened. Copy its address instead.", address).Because(err)
	}
	go func() { w.sayNoBrowser(w.openAddress(context.Background(), address)) }()
	return nil
}
