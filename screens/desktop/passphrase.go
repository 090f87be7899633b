package desktop

import (
	"context"
	"slices"
	"sync"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/vault"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens/settings"
)

// asker asks for the vault's passphrase, and remembers the answer for the runs that this window starts: each is a process
// of its own that opens the vault for itself.
type asker struct {
	mu    sync.Mutex
	win   fyne.Window // nil before there is one
	given string
}

func (a *asker) ask(ctx context.Context, q vault.Question) (string, error) {
	a.mu.Lock()
	win := a.win
	a.mu.Unlock()
	if win == nil {
		return "", model.NewError("vault.early", "The vault is locked with a passphrase, and there is no window yet to ask for it.")
	}
	answer, err := settings.AskPassphrase(ctx, win, q)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.given = answer // a wrong one is asked for again
	return answer, err
}

func (a *asker) show(win fyne.Window) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.win = win
}

// lockable is the vault, with the answer forgotten when it is locked.
type lockable struct {
	*vault.Vault
	asker *asker
}

// Lock implements settings.Vault.
func (l lockable) Lock(ctx context.Context) error {
	l.asker.mu.Lock()
	l.asker.given = ""
	l.asker.mu.Unlock()
	return l.Vault.Lock(ctx)
}

// engineNow gives the command as a run is to be started with it. No script sees a variable that begins with STEPDECK_.
func (w *window) engineNow() *engine.Engine {
	o := w.command
	w.asker.mu.Lock()
	defer w.asker.mu.Unlock()
	if w.asker.given != "" {
		o.Environ = append(slices.Clone(o.Environ), "STEPDECK_PASSPHRASE="+w.asker.given)
	}
	return engine.New(o)
}
