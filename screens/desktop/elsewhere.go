package desktop

import (
	"context"
	"os"
	"time"

	"github.com/stepdeck/stepdeck/app/browser"
	"github.com/stepdeck/stepdeck/app/terminal"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// elsewhere implements accounts.Elsewhere.
type elsewhere struct{ *window }

// OpenTerminal opens a terminal in which the command starts a shell. That asks for the vault's passphrase, a sign-in or a code itself.
func (w elsewhere) OpenTerminal(_ context.Context, u runner.Use) error {
	if err := w.commandErr.err(); err != nil {
		return err
	}
	as := terminal.As{Account: u.Account.Name, Roles: u.Roles, Confirm: u.Confirm, Region: u.Region}
	words := terminal.Command(w.command.Path, w.command.Dir, as)
	return terminal.Open(u.Account.Name, words, w.command.Environ, os.Getenv)
}

// OpenConsole opens the AWS console in the browser of the settings.
func (w elsewhere) OpenConsole(ctx context.Context, u runner.Use, service string,
	opening func(as model.Identity, limit time.Duration),
) (model.Identity, error) {
	page, err := w.services.Accounts().ConsolePage(ctx, u, service)
	if err != nil {
		return model.Identity{}, err
	}
	opening(page.Identity, browser.Patience)
	return page.Identity, browser.OpenOnce(ctx, page.URL, w.openAddress)
}
