package desktop

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/settings"
)

// asker asks for the vault's passphrase once there is a window for it.
type asker struct {
	mu  sync.Mutex
	win fyne.Window // nil before there is one
}

func (a *asker) ask(ctx context.Context, q secrets.Question) (string, error) {
	a.mu.Lock()
	win := a.win
	a.mu.Unlock()
	if win == nil {
		return "", model.NewError("vault.early", "The vault is locked with a passphrase, and there is no window yet to ask for it.")
	}
	return settings.AskPassphrase(ctx, win, q)
}

func (a *asker) show(win fyne.Window) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.win = win
}
