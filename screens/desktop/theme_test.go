package desktop

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// visitor goes through all places of a window in memory.
type visitor struct {
	t   *testing.T
	app *uitest.App
	w   *window
}

// furnished opens a data folder with data for every place.
func furnished(t *testing.T) *app.Services {
	t.Helper()
	ctx := t.Context()
	s, err := app.Open(ctx, app.Options{
		DataDir: t.TempDir(), Environ: []string{"PATH=/nowhere", "STEPDECK_PASSPHRASE=x"}, Version: app.NewVersion("1.2.3", "abcdef"),
	})
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
	st := openStore(t, s)
	must(knowPrograms(ctx, s, st))
	must(st.SaveAccount(ctx, &model.Account{Name: "Box", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLEEXAMPLE12", Region: "eu-west-1"}))
	must(st.SaveAWSAccount(ctx, model.AWSAccount{ID: "123456789012", Label: "Website-prod", Colour: "red", Protected: true}))
	p := model.Project{Name: "Website", Variables: []model.Variable{
		{Name: "aws.account", Type: model.TypeAWSAccount, Value: "Box"}, {Name: "Key", Type: model.TypeSensitive},
		// The scripts use only this variable: an unknown one would be marked after a delay.
		{Name: "Name", Type: model.TypeText, Value: "x"},
	}}
	for _, name := range []string{"Check", "Roll"} {
		step := model.NewStep(name)
		step.Pinned = true
		step.Script.Source, step.Script.Language = model.SourceInline, model.Bash
		step.Script.Body = "# say it\nif true; then echo \"#{Name}\" 12; fi\n"
		p.Steps = append(p.Steps, step)
	}
	_, err = st.SaveProject(ctx, &p)
	must(err)
	at := time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, status := range []model.Status{model.Failed, model.Succeeded, model.Warning, model.Stopped} {
		run := model.Run{Project: "Website", Status: model.Running, Started: at}
		for i, name := range []string{"Check", "Roll"} {
			id := model.Identity{AWSID: "123456789012", ARN: "arn:aws:iam::123456789012:user/ana", Account: "Box"}
			run.Steps = append(run.Steps, model.StepRun{
				Number: i + 1, Attempt: 1, Step: name, Status: model.Running, Started: at, Identity: id, Region: "eu-west-1",
			})
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
	if err := s.Settings().Set(t.Context(), settings.Theme, name); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	v := &visitor{t: t, app: a, w: &window{app: a, fonts: fonts, ctx: ctx, services: s, log: discardLog(), prompt: &passphrasePrompt{}}}
	if err := v.w.build(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.w.win.Close)
	v.w.win.Resize(fyne.NewSize(1120, 760))
	v.w.start()
	return v
}

// railEnd is right of the rail, whose entries have the same texts as some tabs.
const railEnd = 140

// foot is above the status bar.
const foot = 580

// press clicks on the text words.
func (v *visitor) press(words string) {
	v.t.Helper()
	var at fyne.Position
	v.app.Until(words+" to be there", func() (ok bool) {
		at, ok = uitest.Find(v.w.win, words, func(p fyne.Position) bool { return p.X > railEnd })
		if ok && at.Y > foot { // scrolled out of view: the page follows the focus
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
			b, ok := o.(*control.Button)
			return ok && b.Text == words && !b.Disabled()
		})
	})
}

// searched waits until a place shows the programs that scripts need, in place of words. Finding them can take longer than the window needs
// to come to rest.
func (v *visitor) searched(words string) {
	v.t.Helper()
	v.app.Until(words+" to be replaced", func() bool {
		_, there := uitest.Find(v.w.win, words, nil)
		return !there
	})
}

// stops lists the places and pages to visit, in an order in which each stays open while another is shown.
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
		{"welcome", func() { v.w.frame.Go(placeWelcome, ""); v.searched("looking for aws, PowerShell and Bash…") }},
		{"settings", func() { v.w.frame.Go(placeSettings); v.searched("Searching…") }},
	}
}

// drawn lists the visible primitives with their colours, without their positions: the page may be scrolled.
func (v *visitor) drawn() []string {
	uitest.Settle(v.w.win)
	var list []string
	add := func(what string, colours ...any) { list = append(list, fmt.Sprintln(what, colours)) }
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *canvas.Text:
			if o.Text != "" {
				add("“"+o.Text+"”", o.Color)
			}
		case *canvas.Rectangle:
			add("rectangle", o.Size(), o.FillColor, o.StrokeColor)
		case *canvas.Line:
			add("line", o.StrokeColor)
		case *canvas.Circle:
			add("circle", o.FillColor, o.StrokeColor)
		case *canvas.Image:
			if o.Resource != nil {
				add("image " + o.Resource.Name())
			}
		case *canvas.Raster: // a log or a script
			picture, ok := o.Generator(int(o.Size().Width), int(o.Size().Height)).(*image.RGBA)
			if !ok {
				v.t.Fatal("a raster of another kind")
			}
			add("raster", sha256.Sum256(picture.Pix))
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	walk(v.w.win.Content())
	slices.Sort(list) // the rows of a list are in no fixed order
	return list
}

// rest waits until the window has loaded everything and no longer changes, and returns what it shows.
func (v *visitor) rest() (last []string) {
	v.t.Helper()
	v.app.Until("the window to stop changing", func() bool {
		uitest.Drain(v.t, v.app.Pump)
		v.app.PumpFor(60 * time.Millisecond)
		was := last
		last = v.drawn()
		return slices.Equal(was, last)
	})
	return last
}

// tour returns what is drawn at each stop.
func (v *visitor) tour() map[string][]string {
	seen := map[string][]string{}
	for _, s := range v.stops() {
		s.show()
		seen[s.name] = v.rest()
	}
	return seen
}

// After a change of theme each place looks as in a window that was opened with that theme.
func TestEveryPlaceFollowsTheTheme(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to theme.Mode
	}{{"to light", theme.Dark, theme.Light}, {"to dark", theme.Light, theme.Dark}} {
		t.Run(c.name, func(t *testing.T) {
			s := furnished(t)
			fresh := visit(t, s, c.to)
			label := map[theme.Mode]string{theme.Light: "Light", theme.Dark: "Dark"}[c.to]
			fresh.tour()       // both windows have then been everywhere
			fresh.press(label) // only scrolls the page
			want := fresh.tour()
			v := visit(t, s, c.from)
			v.tour()
			v.press(label) // in the settings, where the tour ends
			for name, got := range v.tour() {
				same := 0
				for same < min(len(got), len(want[name])) && got[same] == want[name][same] {
					same++
				}
				if same < max(len(got), len(want[name])) {
					t.Errorf("%s shows\n%s\nwant\n%s", name, strings.Join(got[same:min(len(got), same+3)], "\n"),
						strings.Join(want[name][same:min(len(want[name]), same+3)], "\n"))
				}
			}
		})
	}
}
