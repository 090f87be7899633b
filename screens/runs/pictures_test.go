//go:build pictures

package runs

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/sandbox"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// TestPicturesOfWhatWasFound shows the lists below the log of a run.
func TestPicturesOfWhatWasFound(t *testing.T) {
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			f, _ := openFound(t)
			f.app.Settings().SetTheme(theme.New(mode))
			f.win.Resize(fyne.NewSize(900, 600))
			v := f.place.view
			for _, what := range []string{foundHighlights, foundArtifacts, foundOutputs} {
				f.tap(v.found.buttons[what])
				v.found.artifacts.table.Select(func(a runs.Artifact) bool { return a.Name == "run.sh" })
				uitest.Settle(f.win)
				f.app.Picture(f.win, filepath.Join(os.Getenv("STEPDECK_PICTURES"), "runs-"+what+"-"+name+".png"))
			}
		})
	}
}

// TestPicturesOfTheAWSSignIn shows the dialog that waits for the aws command, and that it gave up.
func TestPicturesOfTheAWSSignIn(t *testing.T) {
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			aws, err := sandbox.Start(t.Context(), sandbox.Options{Console: &sandbox.Console{}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = aws.Close() })
			f := openProfile(t, aws, "login_session = "+annsSession+"\n")
			f.app.Settings().SetTheme(theme.New(mode))
			f.win.Resize(fyne.NewSize(900, 600))
			shot := func(what string) {
				uitest.Settle(f.win)
				f.app.Picture(f.win, filepath.Join(os.Getenv("STEPDECK_PICTURES"), "runs-"+what+"-"+name+".png"))
			}
			w := f.asksAWSSignIn()
			shot("aws-sign-in")
			f.ahead += runner.DefaultSignInWait
			f.until("the end of the wait", func() bool { return w.banner.Text() != "" })
			shot("aws-sign-in-ended")
			w.dialog.Close()
		})
	}
}
