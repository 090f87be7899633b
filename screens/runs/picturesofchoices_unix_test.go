//go:build pictures && !windows

package runs

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// TestPicturesOfChoices shows a prompt with choices from AWS before and after they are loaded, while a person types, and why there are none.
func TestPicturesOfChoices(t *testing.T) {
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			shoot := func(f *fixture, what string) {
				uitest.Settle(f.win)
				f.app.Picture(f.win, filepath.Join(os.Getenv("STEPDECK_PICTURES"), "runs-choices-"+what+"-"+name+".png"))
			}
			f := open(t, chosen("control: select, choices: {of: instance}"))
			f.app.Settings().SetTheme(theme.New(mode))
			f.withAWS(`echo '[["i-0aaa1111bbbb2222c","web 1"],["i-0ddd3333eeee4444f","web 2"],["i-0123456789abcdef0","database"]]'`)
			_, c := f.choosing()
			f.loads(c)
			for _, r := range "web" {
				c.combo.TypedRune(r)
			}
			shoot(f, "typed")
			f = open(t, chosen("choices: {of: command, command: [s3api, list-buckets], query: 'Buckets[].Name'}"))
			f.app.Settings().SetTheme(theme.New(mode))
			f.withAWS("echo 'An error occurred (AccessDenied) when calling the ListBuckets operation: no' >&2; exit 254")
			_, c = f.choosing()
			shoot(f, "command")
			f.tap(c.load)
			f.loads(c)
			shoot(f, "refused")
		})
	}
}
