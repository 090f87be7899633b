package runs

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/command"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// asCommand makes this test program act as the command.
const asCommand = "STEPDECK_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if exit, asked := command.Supervise(os.Args, "1.2.3", "abcdef"); asked {
		os.Exit(exit)
	}
	if os.Getenv(asCommand) != "" {
		os.Exit(command.Main(context.Background(), command.Process(), os.Args[1:], "1.2.3", "abcdef"))
	}
	os.Exit(m.Run())
}

// fixture is the place on a new data folder, with the real engine and the sandbox.
type fixture struct {
	t        *testing.T
	app      *uitest.App
	win      fyne.Window
	place    *Place
	services *app.Services
	store    *store.Store // a second connection, as of another process
	environ  []string
	home     string // of the person, with ~/.aws
	changes  *store.Changes
	scripts  *memory
	ahead    time.Duration // of the real clock
	signIn   func(a model.Account, done func(bool))
}

// memory implements Scripts.
type memory struct {
	mu   sync.Mutex
	seen map[string]bool
	all  bool // every script was seen
}

func (m *memory) Seen(hash string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all || m.seen[hash]
}

func (m *memory) MarkSeen(_ context.Context, hashes ...string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range hashes {
		m.seen[h] = true
	}
	return nil
}

func open(t *testing.T, project string) *fixture {
	t.Helper()
	f := &fixture{t: t, app: uitest.New(t), scripts: &memory{seen: map[string]bool{}, all: true}, home: t.TempDir()}
	f.app.Settings().SetTheme(theme.New(theme.Light))
	home := filepath.Join(t.TempDir(), "data")
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "AWS_") && !strings.HasPrefix(e, "STEPDECK_") && !strings.HasPrefix(e, "HOME=") {
			f.environ = append(f.environ, e)
		}
	}
	f.environ = append(f.environ, "STEPDECK_HOME="+home, "STEPDECK_PASSPHRASE=correct horse battery staple",
		"HOME="+f.home, asCommand+"=1")
	file := filepath.Join(t.TempDir(), "p.stepdeck")
	if err := os.WriteFile(file, []byte(project), 0o600); err != nil {
		t.Fatal(err)
	}
	f.command("import", "--yes", file)
	var err error
	if f.services, err = app.Open(t.Context(), app.Options{Environ: f.environ, Version: app.NewVersion("1.2.3", "abcdef")}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.services.Close() })
	if f.store, err = store.Open(t.Context(), store.Options{Dir: home}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.store.Close() })
	if f.changes, err = f.store.Changes(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.changes.Close() })
	fonts, err := monogrid.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	fonts.FindSystem = nil
	f.win = f.app.Show(container.NewStack(), fyne.NewSize(1000, 640))
	f.place = New(Deps{
		Window: f.win, Store: f.services.Runs(), Planner: f.services.Runs(), Scripts: f.scripts, Fonts: fonts,
		Engine: engine.New(engine.Options{Path: os.Args[0], Build: f.services.Version().Build(), Environ: f.environ}),
		Again: func(ctx context.Context, id int64, exactly bool) (runner.Request, error) {
			return f.services.Runs().Again(ctx, id, exactly)
		},
		SaveSecret: func(ctx context.Context, a model.Account, key string) error {
			return f.services.Accounts().Save(ctx, &a, model.AccountSecrets{SecretKey: key})
		},
		EnterCode:  f.services.Accounts().EnterCode,
		SignIn:     func(a model.Account, done func(bool)) { f.signIn(a, done) },
		LastSignIn: f.services.SignIns().LastSignIn,
		Account:    f.services.Accounts().Account,
		Navigate:   func(_ string, args ...any) { f.place.Open(args...) },
		EditStep:   func(string, string) {}, Now: func() time.Time { return time.Now().Add(f.ahead) },
	})
	f.win.SetContent(f.place.Content())
	f.place.Shown()
	return f
}

func (f *fixture) command(args ...string) {
	f.t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = f.environ
	if out, err := cmd.CombinedOutput(); err != nil {
		f.t.Fatalf("stepdeck %v: %v\n%s", args, err, out)
	}
}

// until waits for is. Meanwhile it pumps events and reports changes to the place, as the window does.
func (f *fixture) until(what string, is func() bool) {
	f.t.Helper()
	f.app.Until(what, func() bool {
		if changed, err := f.changes.Changed(f.t.Context()); err == nil && changed {
			f.place.Changed()
		}
		return is()
	})
}

// tap presses a button once it is enabled.
func (f *fixture) tap(b *control.Button) {
	f.t.Helper()
	f.until(b.Text+" to be enabled", func() bool { return b.Visible() && !b.Disabled() })
	test.Tap(b)
}

// later skips the time in which clicks are ignored after a stop.
func (f *fixture) later() {
	f.ahead += afterStop
	f.place.updateButtons()
}

func (f *fixture) sheet() *sheet {
	f.t.Helper()
	f.until("the sheet", func() bool { return f.place.start.sheet != nil && f.place.start.sheet.dialog.Visible() })
	return f.place.start.sheet
}

func (f *fixture) over() {
	f.t.Helper()
	v := f.place.view
	f.until("the end of the run", func() bool {
		return v.id != 0 && v.run.ID == v.id && v.run.Status.Over() && !f.place.start.latest.Busy()
	})
}

// texts returns the visible texts of the topmost dialog, or of the window.
func (f *fixture) texts() string {
	var all strings.Builder
	root := f.win.Canvas().Overlays().Top()
	if root == nil {
		root = f.win.Canvas().Content()
	}
	for _, o := range test.LaidOutObjects(root) {
		if text, ok := o.(*canvas.Text); ok {
			all.WriteString(text.Text + " ")
		}
	}
	return strings.Join(strings.Fields(all.String()), " ")
}

func (f *fixture) says(parts ...string) {
	f.t.Helper()
	all := f.texts()
	for _, p := range parts {
		if !strings.Contains(all, p) {
			f.t.Errorf("%q is missing in: %s", p, all)
		}
	}
}
