//go:build pictures

package packages

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

const pictureScript = `param(
  [Parameter(Mandatory)] [string] $Group,
  [int] $Count = 3
)
# Roll the tier
foreach ($i in 1..$Count) {
  aws autoscaling start-instance-refresh --auto-scaling-group-name "$Group-$i"
}
`

// TestPictures writes pictures of the place's states for a person to look at: scripts/pictures.sh.
func TestPictures(t *testing.T) {
	dir := os.Getenv("STEPDECK_PICTURES")
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.Settings().SetTheme(theme.New(mode))
			shoot := func(what string) {
				uitest.Settle(r.window)
				r.Picture(r.window, filepath.Join(dir, "packages-"+what+"-"+name+".png"))
			}
			shoot("empty")
			r.imported(r.pack("Acme.Scripts.1.2.0.zip", "tools/rotate.ps1", pictureScript, "tools/lib/helpers.sh", "echo",
				"README.md", "# Acme", "data/list.json", "{}"))
			r.imported(r.pack("Website.Deploy.2026.11.3-beta.1.zip", "deploy.sh", "echo"))
			r.place.table.Select(func(x row) bool { return x.Name == "Acme.Scripts" })
			r.Until("the files", func() bool { return len(r.place.files.Rows()) == 4 })
			r.place.files.Select(func(e library.Entry) bool { return e.Name == "tools/rotate.ps1" })
			r.Until("the text", func() bool { return r.place.preview.stage.State() == feedback.StateReady })
			shoot("list")
			r.place.Dropped([]string{r.pack("deploy (1).zip", "a.sh", "echo")})
			r.Until("the question", func() bool { return r.place.importer.form != nil })
			shoot("import")
		})
	}
}
