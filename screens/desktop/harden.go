package desktop

import "github.com/stepdeck/stepdeck/app"

// harden protects the vault's key and everything typed here from other programs of the same user. It is called after the first
// frame, before which nothing secret is read. Earlier, the desktop portal of Linux would not tell Fyne whether the desktop is dark:
// it refuses processes that it can't look into, but knows those that it has seen. It tells of later changes by itself.
func (w *window) harden() {
	if err := app.Harden(); err != nil { // not fatal: only programs of the same user could
		w.log.Warn("other programs of this user can read the window's memory", "error", err)
	}
}
