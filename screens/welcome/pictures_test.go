//go:build pictures

package welcome

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// TestPictures writes pictures of the place's states for a person to look at: scripts/pictures.sh.
func TestPictures(t *testing.T) {
	dir := os.Getenv("STEPDECK_PICTURES")
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		for size, area := range map[string]fyne.Size{"small": small, "large": large} {
			t.Run(name+" "+size, func(t *testing.T) {
				r := newRig(t, area)
				r.Settings().SetTheme(theme.New(mode))
				shoot := func(what string) {
					r.picture(filepath.Join(dir, strings.Join([]string{"welcome", what, size, name}, "-")+".png"))
				}
				shoot("loading")
				r.tools[0].Err = model.NewError("tool.missing", "The AWS command line (aws) was not found on the PATH nor in /usr/local/bin, "+
					"/usr/bin, /bin. To get it, see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html; "+
					"or name it in the settings.")
				r.place.own.look()
				r.Until("the tools", func() bool { return r.place.own.missing.Text() != "" })
				shoot("missing")
				r.tools[0].Err = nil
				r.place.own.look()
				r.Until("the tools", func() bool { return r.place.own.missing.Text() == "" })
				shoot("doors")
				r.drop(nupkg(t))
				shoot("package")
				r.pick("tools/list.ps1")
				r.Until("the preview", func() bool { r.PumpFor(50e6); return true })
				r.save(true)
				shoot("errors")
				r.place.page.scroll.ScrollToTop()
				shoot("chosen")
				r.pasteInto(r.place.page.account.accessKey, profile("AKIAIOSFODNN7EXAMPLE", "hunter2hunter2"))
				r.place.page.account.sandbox.SetChecked(true)
				r.place.page.account.more.SetOpen(true)
				r.tap(r.place.page.account.test)
				r.Until("the answer", func() bool { return strings.Contains(r.place.page.account.result.Text(), "SANDBOX") })
				r.place.page.scroll.ScrollToBottom()
				shoot("account")
				r.place.page.account.way.Choose(waySignIn)
				shoot("signin")
				r.place.page.account.way.Choose(wayRole)
				shoot("role")
				r.place.close()
				r.drop(file(t, "rotate.ps1", "param([int] $Days = 30)\n# Rotate what is older than that\n"+
					"aws iam list-access-keys --output text\nWrite-Host \"rotated $Days\"\n"))
				shoot("script")
			})
		}
	}
}

func (r *rig) picture(path string) {
	uitest.Settle(r.window)
	r.Picture(r.window, path)
}

var small = fyne.NewSize(756, 520)
