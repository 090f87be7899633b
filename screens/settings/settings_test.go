package settings

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// tools finds the programs that the test says.
type tools struct {
	mu     sync.Mutex
	found  map[settings.Kind]settings.Tool
	forgot int
}

func (l *tools) Find(_ context.Context, kind settings.Kind) (settings.Tool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t, ok := l.found[kind]; ok {
		return t, nil
	}
	return settings.Tool{}, model.NewError("tool.missing", "%s was not found on the PATH nor in /usr/local/bin, /usr/bin, /bin, "+
		"/snap/bin, /opt/microsoft/powershell/7. To get it, see https://learn.microsoft.com/powershell; or name it in the settings.", kind)
}

func (l *tools) Forget(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgot++
	return nil
}

// safe is a vault in the state that the test says.
type safe struct {
	mu     sync.Mutex
	status secrets.Status
	refuse error
}

func (s *safe) Status(context.Context) (secrets.Status, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status, nil
}

func (s *safe) Ready(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Open = s.refuse == nil
	return s.refuse
}

func (s *safe) Lock(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Open = false
	return nil
}

type rig struct {
	*uitest.App
	t       *testing.T
	window  fyne.Window
	all     *app.Services
	tools   *tools
	vault   *safe
	place   *Place
	themes  []string
	changed int
}

func newRig(t *testing.T, size fyne.Size, system string) *rig {
	t.Helper()
	all, err := app.Open(t.Context(), app.Options{
		DataDir: t.TempDir(), Environ: []string{"STEPDECK_PASSPHRASE=correct horse battery", "PATH=" + os.Getenv("PATH")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = all.Close() })
	found := map[settings.Kind]settings.Tool{
		settings.AWS:  {Kind: settings.AWS, Path: "/usr/local/bin/aws", Version: "2.31.4"},
		settings.Bash: {Kind: settings.Bash, Path: "/usr/bin/bash", Version: "5.2.15(1)-release"},
	}
	r := &rig{
		App: uitest.New(t), t: t, all: all, tools: &tools{found: found},
		vault: &safe{status: secrets.Status{Path: "/home/ana/.local/share/stepdeck/vault"}},
	}
	r.Settings().SetTheme(theme.New(theme.Light))
	r.window = r.NewWindow("test")
	r.window.SetPadded(false)
	r.window.Resize(size)
	t.Cleanup(r.window.Close)
	t.Cleanup(func() {
		r.place.Hidden()
		uitest.Drain(t, r.Pump)
	})
	r.place = New(Deps{
		Window: r.window, Settings: all.Settings(), Tools: r.tools, ToolsChanged: func() { r.changed++ }, Vault: r.vault,
		Environments: all.Projects().Environments, EditEnvironments: func(changed func()) { changed() },
		SetTheme: func(mode string) { r.themes = append(r.themes, mode) }, Folder: "/home/ana/.local/share/stepdeck",
		OpenFolder: func(string) error { return errors.New("no file manager") }, Licence: "MIT License\n\nCopyright", System: system,
		Facts: []Fact{
			{"Version", "0.1.0"}, {"Commit", "2f1e5534a1b0"}, {"Built with", "go1.26.0 · SQLite 3.50"},
			{"Command", "/opt/stepdeck/stepdeck"},
		},
	})
	r.window.SetContent(r.place.Content())
	r.place.Shown()
	r.Until("the answers", func() bool {
		return !r.place.tools.load.Busy() && !r.place.vault.load.Busy() && !r.place.load.Busy()
	})
	return r
}

func (r *rig) row(kind settings.Kind) *toolRow {
	for _, row := range r.place.tools.rows {
		if row.kind == kind {
			return row
		}
	}
	r.t.Fatalf("there is no row for %s", kind)
	return nil
}

// TestEverySettingIsHere: the window can set everything that the command can.
func TestEverySettingIsHere(t *testing.T) {
	r := newRig(t, wide, "windows") // the only system with all tools
	have := map[string]bool{}
	for _, key := range r.place.Keys() {
		have[key] = true
	}
	for _, s := range settings.All() {
		if !have[s.Key] {
			t.Errorf("%s can't be set in the window", s.Key)
		}
		delete(have, s.Key)
	}
	for key := range have {
		t.Errorf("%s is shown though there is no such setting", key)
	}
	words := limitWords()
	for _, key := range r.place.limits.keys {
		if words[key] == "" {
			t.Errorf("%s has no label", key)
		}
	}
}

func TestTools(t *testing.T) {
	r := newRig(t, wide, "linux")
	aws, pwsh := r.row(settings.AWS), r.row(settings.PowerShell)
	if aws.badge.Text() != "2.31.4" || aws.detail.Text != "/usr/local/bin/aws · found automatically" {
		t.Errorf("aws is %q, %q", aws.badge.Text(), aws.detail.Text)
	}
	if aws.install.Visible() || aws.search.Visible() {
		t.Error("aws was found automatically, and yet there is a button for it")
	}
	if pwsh.badge.Text() != "not found" || !pwsh.install.Visible() || !strings.Contains(pwsh.detail.Text, "https://") {
		t.Errorf("pwsh is %q, %q", pwsh.badge.Text(), pwsh.detail.Text)
	}
	r.tools.mu.Lock()
	r.tools.found[settings.PowerShell] = settings.Tool{Path: "/opt/pwsh", Version: "7.6.0"}
	r.tools.mu.Unlock()
	test.Tap(r.place.tools.again)
	r.Until("another look", func() bool { return pwsh.badge.Text() == "7.6.0" && !pwsh.install.Visible() })
	if r.tools.forgot != 1 || r.changed != 1 {
		t.Errorf("Forget was called %d times, ToolsChanged %d times", r.tools.forgot, r.changed)
	}
	how := r.place.tools.chooser().showInstall(settings.AWS)
	if !how.Visible() {
		t.Error("nothing says how to install")
	}
	how.Keys.Escape()
	if how.Visible() {
		t.Error("Escape does not close the dialog")
	}
}

func TestAChosenToolMustReportItsVersion(t *testing.T) {
	r := newRig(t, wide, "linux")
	bash, err := r.all.Settings().Tools().Find(t.Context(), settings.Bash)
	if err != nil {
		t.Fatal(err)
	}
	c := r.place.tools.choose(settings.Bash)
	c.path.SetText("/nonexistent/bash")
	c.form.Keys.Enter()
	r.Until("the refusal", func() bool { return !c.work.Busy() })
	if !strings.Contains(c.result.Text(), "/nonexistent/bash") || !c.dialog.Visible() {
		t.Errorf("the dialog shows %q", c.result.Text())
	}
	if path := r.all.Settings().Now().Kept()[settings.ToolKey(settings.Bash)]; path != "" {
		t.Errorf("%s was saved", path)
	}
	c.path.SetText(bash.Path)
	c.form.Keys.Enter()
	row := r.row(settings.Bash)
	r.Until("the choice", func() bool { return row.search.Visible() && !c.dialog.Visible() })
	if r.all.Settings().Now().Get(settings.ToolKey(settings.Bash)) != bash.Path || !strings.HasSuffix(row.detail.Text, "chosen") {
		t.Errorf("chosen is %q, shown %q", r.all.Settings().Now().Get(settings.ToolKey(settings.Bash)), row.detail.Text)
	}
	test.Tap(row.search)
	r.Until("the search", func() bool { return !row.search.Visible() })
	if r.all.Settings().Now().Kept()[settings.ToolKey(settings.Bash)] != "" {
		t.Error("the path is still set")
	}
}

func TestLimits(t *testing.T) {
	r := newRig(t, wide, "linux")
	s := r.place.limits
	s.fold.SetOpen(true)
	e := s.entries[settings.FileBytes]
	r.window.Canvas().Focus(e)
	test.Type(e, "1048576")
	if note := s.form.Field(settings.FileBytes).Note(); note != "= 1.0 MiB" {
		t.Errorf("the note is %q", note)
	}
	r.window.Canvas().Unfocus()
	r.Until("the saving", func() bool { return r.all.Settings().Now().Get(settings.FileBytes) == "1048576" && !s.work.Busy() })
	if s.summary() != "1 limit changed" {
		t.Errorf("the summary is %q", s.summary())
	}
	deep := s.entries[settings.Depth]
	r.window.Canvas().Focus(deep)
	test.Type(deep, "many")
	r.window.Canvas().Unfocus()
	if s.form.Field(settings.Depth).Err() == nil || r.all.Settings().Now().Kept()[settings.Depth] != "" {
		t.Error("a text that is not a number is saved")
	}
	e.SetText("")
	deep.SetText("12")
	s.form.Keys.Enter()
	r.Until("both", func() bool {
		return r.all.Settings().Now().Get(settings.Depth) == "12" && r.all.Settings().Now().Kept()[settings.FileBytes] == ""
	})
}

func TestTheme(t *testing.T) {
	r := newRig(t, wide, "linux")
	r.place.theme.Choose("dark")
	r.Until("the saving", func() bool { return r.all.Settings().Now().Get(settings.Theme) == "dark" })
	r.place.theme.Choose("")
	r.Until("the saving", func() bool { return r.all.Settings().Now().Kept()[settings.Theme] == "" })
	if strings.Join(r.themes, ",") != "dark," {
		t.Errorf("the window was %q", r.themes)
	}
}

func TestVault(t *testing.T) {
	r := newRig(t, wide, "linux")
	s := r.place.vault
	if s.lock.Visible() || s.unlock.Visible() || !strings.Contains(s.state.Text, "No secret") {
		t.Errorf("without a vault: %q", s.state.Text)
	}
	set := func(v secrets.Status) {
		r.vault.mu.Lock()
		r.vault.status = v
		r.vault.mu.Unlock()
		r.place.Changed()
		r.Until("the state", func() bool { return !s.load.Busy() })
	}
	set(secrets.Status{Path: "/vault", Exists: true, Wrapping: secrets.ByKeychain, Secrets: 1})
	if s.lock.Visible() || !strings.Contains(s.state.Text, "1 secret.") {
		t.Errorf("with the keychain: %q", s.state.Text)
	}
	set(secrets.Status{Path: "/vault", Exists: true, Wrapping: secrets.ByPassphrase, Secrets: 3, Open: true})
	test.Tap(s.lock)
	r.Until("the lock", func() bool { return s.unlock.Visible() && !s.lock.Visible() })
	r.vault.mu.Lock()
	r.vault.refuse = model.NewError("vault.declined", "No passphrase was given.")
	r.vault.mu.Unlock()
	test.Tap(s.unlock)
	r.Until("the refusal", func() bool { return s.failed.Text() != "" })
	r.vault.mu.Lock()
	r.vault.refuse = nil
	r.vault.mu.Unlock()
	test.Tap(s.unlock)
	r.Until("the opening", func() bool { return s.lock.Visible() && s.failed.Text() == "" })
}

func TestEnvironments(t *testing.T) {
	r := newRig(t, wide, "linux")
	if !strings.HasPrefix(r.place.names.Text, "None.") {
		t.Errorf("without environments: %q", r.place.names.Text)
	}
	for _, name := range []string{"Staging", "Production"} {
		if err := r.all.Projects().SaveEnvironment(t.Context(), &model.Environment{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	r.place.Changed()
	r.Until("the names", func() bool { return r.place.names.Text == "Staging · Production" })
}

// ask calls AskPassphrase as the vault does, and waits for its sheet.
func (r *rig) ask(ctx context.Context, q secrets.Question) (answer chan string, failed chan error) {
	r.t.Helper()
	answer, failed = make(chan string, 1), make(chan error, 1)
	go func() {
		text, err := AskPassphrase(ctx, r.window, q)
		answer <- text
		failed <- err
	}()
	r.Until("the sheet", func() bool { return r.window.Canvas().Overlays().Top() != nil })
	return answer, failed
}

func TestPassphrase(t *testing.T) {
	focused := func(r *rig) fyne.Focusable { return r.window.Canvas().Focused() }
	t.Run("of a vault", func(t *testing.T) {
		r := newRig(t, narrow, "linux")
		answer, failed := r.ask(t.Context(), secrets.Question{})
		test.Type(focused(r), "open sesame")
		focused(r).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if text, err := <-answer, <-failed; text != "open sesame" || err != nil {
			t.Errorf("got %q, %v", text, err)
		}
		if r.window.Canvas().Overlays().Top() != nil {
			t.Error("the sheet is still open")
		}
	})
	t.Run("new", func(t *testing.T) {
		r := newRig(t, narrow, "linux")
		answer, _ := r.ask(t.Context(), secrets.Question{New: true})
		enter := func() { focused(r).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) }
		test.Type(focused(r), "short")
		enter()
		test.Type(focused(r), " no more")
		enter()
		if len(answer) != 0 {
			t.Fatal("it is accepted without being repeated")
		}
		r.window.Canvas().FocusNext()
		test.Type(focused(r), "short no more")
		enter()
		if text := <-answer; text != "short no more" {
			t.Errorf("got %q", text)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		r := newRig(t, narrow, "linux")
		answer, failed := r.ask(t.Context(), secrets.Question{Wrong: true})
		focused(r).TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if text, err := <-answer, <-failed; text != "" || model.ErrorCode(err) != "vault.declined" {
			t.Errorf("got %q, %v", text, err)
		}
	})
	t.Run("no longer needed", func(t *testing.T) {
		r := newRig(t, narrow, "linux")
		ctx, cancel := context.WithCancel(t.Context())
		_, failed := r.ask(ctx, secrets.Question{})
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		r.Until("the sheet to go", func() bool { return r.window.Canvas().Overlays().Top() == nil })
	})
}

var narrow, wide = fyne.NewSize(756, 520), fyne.NewSize(1136, 720)

func TestTheBrowserIsKeptWhenItsFieldIsLeft(t *testing.T) {
	r := newRig(t, wide, "linux")
	line := r.place.browser.line
	line.SetText(" firefox -P Work ")
	line.OnLeave()
	r.Until("the saving", func() bool { return r.place.browser.saved == "firefox -P Work" })
	if got := r.all.Settings().Now().Browser(); got != "firefox -P Work" {
		t.Errorf("%q is kept", got)
	}
	line.SetText("")
	line.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.Until("the saving", func() bool { return r.place.browser.saved == "" })
	if got := r.all.Settings().Now().Browser(); got != "" {
		t.Errorf("%q is kept", got)
	}
}
