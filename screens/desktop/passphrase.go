package desktop

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/settings"
)

// passphrasePrompt asks for the vault's passphrase in the window.
type passphrasePrompt struct {
	mu  sync.Mutex
	win fyne.Window // nil until show
}

func (p *passphrasePrompt) ask(ctx context.Context, q secrets.Question) (string, error) {
	p.mu.Lock()
	win := p.win
	p.mu.Unlock()
	if win == nil {
		return "", model.NewError("vault.early", "The vault is locked with a passphrase, and the window that asks for it is not open yet.")
	}
	return settings.AskPassphrase(ctx, win, q)
}

func (p *passphrasePrompt) show(win fyne.Window) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.win = win
}
