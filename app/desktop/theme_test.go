package desktop

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/forms"
	"github.com/stepdeck/stepdeck/screens/widgets/forms/formstest"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// visitor goes through all places of a window that is drawn into memory.
type visitor struct {
	t   *testing.T
	app *uitest.App
	w   *window
}

// furnished opens a data folder with something in every place.
func furnished(t *testing.T) *app.Services {
	t.Helper()
	ctx := t.Context()
	s, err := app.Open(ctx, app.Options{DataDir: t.TempDir(), Environ: []string{"PATH=/nowhere", "STEPDECK_PASSPHRASE=x"}, Version: app.NewVersion("1.2.3", "abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	st := s.Store
	must(st.SaveAccount(ctx, &model.Account{Name: "Box", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLEEXAMPLE12", Region: "eu-west-1"}))
	must(st.SaveAWSAccount(ctx, model.AWSAccount{ID: "123456789012", Label: "Website-prod", Colour: "red", Protected: true}))
	p := model.Project{Name: "Website", Variables: []model.Variable{{Name: "aws.account", Type: model.TypeAWSAccount, Value: "Box"}, {Name: "Key", Type: model.TypeSensitive}}}
	for _, name := range []string{"Check", "Roll"} {
		step := model.NewStep(name)
		step.Pinned = true
		step.Script.Source, step.Script.Language, step.Script.Body = model.SourceInline, model.Bash, "# say it\nif true; then echo \"#{Name}\" 12; fi\n"
		p.Steps = append(p.Steps, step)
	}
	_, err = st.SaveProject(ctx, &p)
	must(err)
	at := time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, status := range []model.Status{model.Failed, model.Succeeded, model.Warning, model.Stopped} {
		run := model.Run{Project: "Website", Status: model.Running, Started: at}
		for i, name := range []string{"Check", "Roll"} {
			id := model.Identity{AWSID: "123456789012", ARN: "arn:aws:iam::123456789012:user/ana", Account: "Box"}
			run.Steps = append(run.Steps, model.StepRun{Number: i + 1, Attempt: 1, Step: name, Status: model.Running, Started: at, Identity: id, Region: "eu-west-1"})
		}
		must(st.CreateRun(ctx, &run))
		for i := range run.Steps {
			text := "An error occurred (AccessDenied)\n"
			must(st.AppendLog(ctx, run.Steps[i].ID, []model.LogBatch{{Bytes: []byte(text), Lines: []model.LineMeta{
				{Time: at.UnixMicro(), Len: uint32(len(text)), Stream: model.StreamStderr, Level: model.LevelError}}}}))
			run.Steps[i].Status, run.Steps[i].Finished, run.Steps[i].Message = status, at.Add(time.Minute), "It did not do what was asked."
		}
		run.Status, run.Finished = status, at.Add(time.Minute)
		must(st.FinishRun(ctx, run))
	}
	return s
}

// visit opens the window in a theme.
func visit(t *testing.T, s *app.Services, mode theme.Mode) *visitor {
	t.Helper()
	a := uitest.New(t)
	fonts, err := monogrid.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	fonts.FindSystem = nil
	name := map[theme.Mode]string{theme.Light: "light", theme.Dark: "dark"}[mode]
	if err := s.Set(t.Context(), app.SettingTheme, name); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	v := &visitor{t: t, app: a, w: &window{app: a, fonts: fonts, ctx: ctx, services: s, log: quiet(), asker: &asker{}}}
	if err := v.w.build(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.w.win.Close)
	v.w.win.Resize(fyne.NewSize(960, 640))
	v.w.start()
	return v
}

// railEnd is right of the rail, whose lines bear the same words as some tabs.
const railEnd = 140

// foot is where the status bar begins, at the latest.
const foot = 580

// press clicks on what bears these words.
func (v *visitor) press(words string) {
	v.t.Helper()
	var at fyne.Position
	v.app.Until(words+" to be there", func() (ok bool) {
		at, ok = formstest.Find(v.w.win, words, func(p fyne.Position) bool { return p.X > railEnd })
		if ok && at.Y > foot { // below the fold: the page follows the keyboard there
			v.w.win.Canvas().FocusNext()
			return false
		}
		return ok
	})
	test.TapCanvas(v.w.win.Canvas(), at)
}

// enabled waits until a button can be pressed.
func (v *visitor) enabled(words string) {
	v.t.Helper()
	v.app.Until(words+" to be enabled", func() bool {
		return slices.ContainsFunc(test.LaidOutObjects(v.w.win.Content()), func(o fyne.CanvasObject) bool {
			b, ok := o.(*forms.Button)
			return ok && b.Text == words && !b.Disabled()
		})
	})
}

// stops are the places and pages to go through, in an order in which each is kept while another is in sight.
func (v *visitor) stops() []struct {
	name string
	show func()
} {
	to := func(key string, args ...any) func() { return func() { v.w.frame.Go(key, args...) } }
	return []struct {
		name string
		show func()
	}{
		{"runs", func() { v.w.frame.Go(placeRuns); v.w.runs.Home() }},
		{"run", func() { v.w.frame.Go(placeRuns, int64(1)); v.enabled("Run again") }},
		{"accounts", func() { v.w.frame.Go(placeAccounts); v.press("Accounts") }},
		{"AWS accounts", func() { v.press("AWS accounts") }},
		{"process", to(placeProjects, "Website")},
		{"variables", func() { v.press("Variables") }},
		{"project's runs", func() { v.press("Runs"); v.w.frame.Go(placeProjects) }},
		{"step", func() { v.press("Process"); v.w.frame.Go(placeProjects, "Website", "Check") }},
		{"projects", func() { v.w.projects.Home() }},
		{"packages", to(placePackages)},
		{"welcome", to(placeWelcome, "")},
		{"settings", to(placeSettings)},
	}
}

// picture waits until the window comes to rest and gives what it shows.
func (v *visitor) picture() image.Image {
	v.t.Helper()
	var last image.Image
	v.app.Until("the window to come to rest", func() bool {
		v.app.PumpFor(60 * time.Millisecond)
		was := last
		formstest.Settle(v.w.win)
		last = v.w.win.Canvas().Capture()
		return was != nil && differing(was, last).Empty()
	})
	return last
}

// walk goes to each stop, so that everything has been drawn once.
func (v *visitor) walk() {
	for _, s := range v.stops() {
		s.show()
		v.app.PumpFor(150 * time.Millisecond) // what is not loaded by then has no colours of before: the comparison is the same
		v.w.win.Canvas().Capture()
	}
}

// tour goes to each stop and gives its picture.
func (v *visitor) tour() map[string]image.Image {
	pictures := map[string]image.Image{}
	for _, s := range v.stops() {
		s.show()
		pictures[s.name] = v.picture()
	}
	return pictures
}

// differing is the part in which two pictures differ.
func differing(a, b image.Image) (area image.Rectangle) {
	if a.Bounds() != b.Bounds() {
		return a.Bounds()
	}
	if p, ok := a.(*image.NRGBA); ok {
		if q, ok := b.(*image.NRGBA); ok && bytes.Equal(p.Pix, q.Pix) {
			return area
		}
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if color.RGBAModel.Convert(a.At(x, y)) != color.RGBAModel.Convert(b.At(x, y)) {
				area = area.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return area
}

// TestEveryPlaceFollowsTheTheme: after a change of theme each place looks as in a window that was opened in that theme.
func TestEveryPlaceFollowsTheTheme(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to theme.Mode
	}{{"to light", theme.Dark, theme.Light}, {"to dark", theme.Light, theme.Dark}} {
		t.Run(c.name, func(t *testing.T) {
			s := furnished(t)
			fresh := visit(t, s, c.to)
			label := map[theme.Mode]string{theme.Light: "Light", theme.Dark: "Dark"}[c.to]
			fresh.walk()
			fresh.press(label) // which changes nothing but where the page stands
			want := fresh.tour()
			v := visit(t, s, c.from)
			v.walk()
			v.press(label) // in the settings, where the walk ends
			got := v.tour()
			for name, picture := range want {
				if area := differing(picture, got[name]); !area.Empty() {
					t.Errorf("%s is different in %v", name, area)
					if dir := os.Getenv("STEPDECK_PICTURES"); dir != "" {
						write(t, filepath.Join(dir, c.name+" "+name+" want.png"), picture)
						write(t, filepath.Join(dir, c.name+" "+name+" got.png"), got[name])
					}
				}
			}
		})
	}
}

func write(t *testing.T, path string, picture image.Image) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
}
