// Package settings is the place of the settings of this computer: tools, environments, vault, theme, limits, data folder, updates. It also
// has the sheet that asks for the vault's passphrase.
package settings

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
)

// Settings keeps the settings.
type Settings interface {
	List() []settings.Setting
	// Set validates and saves a value; an empty one resets to the default. It takes effect at once.
	Set(ctx context.Context, key, value string) error
}

// Tools finds the programs that scripts need.
type Tools interface {
	Find(ctx context.Context, kind settings.Kind) (settings.Tool, error)
	// Forget drops the cached versions, so that Find asks the programs again.
	Forget(ctx context.Context) error
}

// Vault keeps the secrets.
type Vault interface {
	Status(ctx context.Context) (secrets.Status, error)
	Ready(ctx context.Context) error // opens the vault, asking for the passphrase if it needs one
	Lock(ctx context.Context) error
}

// Fact is a line of About Stepdeck.
type Fact struct{ Label, Value string }

// Deps is what the place needs.
type Deps struct {
	Window           fyne.Window
	Settings         Settings
	Tools            Tools
	ToolsChanged     func() // tells other places that the tools have changed
	Vault            Vault
	Environments     func(ctx context.Context) ([]model.Environment, error)
	EditEnvironments func(changed func())
	SetTheme         func(mode string) // light, dark or "", which follows the system
	Folder           string            // of the data
	OpenFolder       func(path string) error
	Facts            []Fact
	Licence          string
	Newest           func(ctx context.Context) (settings.Update, error) // asks for the newest version
	OpenPage         func(address string) error                         // in the browser
	System           string                                             // as in runtime.GOOS
	Choose           func(endings []string, done func(path string))     // asks for a file; nil: the toolkit's own window
}
