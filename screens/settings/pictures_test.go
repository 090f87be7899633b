//go:build pictures

package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// TestPictures writes pictures of the place's states for a person to look at: scripts/pictures.sh.
func TestPictures(t *testing.T) {
	dir := os.Getenv("STEPDECK_PICTURES")
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		for size, area := range map[string]fyne.Size{"small": narrow, "large": wide} {
			t.Run(name+" "+size, func(t *testing.T) {
				r := newRig(t, area, "linux")
				r.Settings().SetTheme(theme.New(mode))
				shoot := func(what string) {
					uitest.Settle(r.window)
					r.Picture(r.window, filepath.Join(dir, strings.Join([]string{"settings", what, size, name}, "-")+".png"))
				}
				r.vault.status = secrets.Status{
					Path: "/home/ana/.local/share/stepdeck/vault", Exists: true, Wrapping: secrets.ByPassphrase, Secrets: 3, Open: true,
				}
				r.place.Changed()
				r.Until("the state", func() bool { return r.place.vault.lock.Visible() })
				shoot("top")
				r.place.limits.fold.SetOpen(true)
				r.place.limits.entries[settings.FileBytes].SetText("1048576000")
				r.place.limits.entries[settings.Depth].SetText("many")
				r.place.limits.form.Left(settings.Depth)
				uitest.Settle(r.window)
				r.place.scroll.ScrollToOffset(fyne.NewPos(0, 560))
				shoot("limits")
				r.place.scroll.ScrollToBottom()
				shoot("bottom")
				d := r.place.tools.chooser().showInstall(settings.AWS)
				shoot("install")
				d.Close()
				c := r.place.tools.choose(settings.AWS)
				shoot("choose")
				c.dialog.Close()
				for what, q := range map[string]secrets.Question{"passphrase": {Wrong: true}, "passphrase-new": {New: true}} {
					s := newSheet(q, make(chan string, 1))
					s.dialog.Show(r.window)
					shoot(what)
					s.dialog.Close()
				}
			})
		}
	}
}
