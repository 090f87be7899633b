// Package settings is the place of what belongs to this computer: tools, environments, limits, the vault, how the window
// looks, and where the data lies. It also holds the sheet that asks for the vault's passphrase.
package settings

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/vault"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Setting is one thing that can be set.
type Setting struct {
	Key     string
	About   string
	Default string
	Value   string // empty: the default counts
}

// Keeper keeps the settings.
type Keeper interface {
	Settings() []Setting
	// Set checks and keeps a value, which counts from then on; an empty one is the default again.
	Set(ctx context.Context, key, value string) error
}

// Tools finds the programs that scripts need.
type Tools interface {
	Find(ctx context.Context, kind script.Kind) (script.Tool, error)
	// Forget makes the next look ask each program again.
	Forget(ctx context.Context) error
}

// Vault keeps the secrets.
type Vault interface {
	Status(ctx context.Context) (vault.Status, error)
	Ready(ctx context.Context) error // asks for what opens it
	Lock(ctx context.Context) error
}

// Fact is a line of About.
type Fact struct{ Label, Value string }

// Deps is what the place works with.
type Deps struct {
	Window           fyne.Window
	Keeper           Keeper
	Tools            Tools
	ToolsChanged     func() // others show tools too
	Vault            Vault
	Environments     func(ctx context.Context) ([]model.Environment, error)
	EditEnvironments func(changed func())
	SetTheme         func(mode string) // light, dark or "", which follows the system
	Folder           string            // of the data
	OpenFolder       func(path string) error
	Facts            []Fact
	Licence          string
	Newest           func(ctx context.Context) (Release, error)     // asks for the newest version
	OpenPage         func(address string) error                     // in the browser
	System           string                                         // as in runtime.GOOS
	Choose           func(endings []string, done func(path string)) // asks for a file; nil: the toolkit's own window
}

// Keys of the settings that have a control of their own.
const (
	keyTheme      = "window.theme"
	packagePrefix = "package."
)

// toolKeys are the settings that name programs.
func toolKeys() map[script.Kind]string {
	return map[script.Kind]string{script.AWS: "tool.aws", script.Bash: "tool.bash", script.PowerShell: "tool.pwsh", script.WindowsPowerShell: "tool.powershell"}
}

// Kinds are the programs that a system can have, in the order in which they are shown.
func Kinds(system string) []script.Kind {
	if system == "windows" {
		return []script.Kind{script.AWS, script.WindowsPowerShell, script.PowerShell, script.Bash}
	}
	return []script.Kind{script.AWS, script.Bash, script.PowerShell}
}
