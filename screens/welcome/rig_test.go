package welcome

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/command"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// asCommand is the variable that makes this test program act as the command.
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

type rig struct {
	*uitest.App
	t       *testing.T
	window  fyne.Window
	all     *app.Services
	place   *Place
	environ []string
	tools   []settings.Program
	file    string // the file that the person chooses
	inputs  int    // number of the person's inputs

	made    projects.CreatedStep
	run     bool
	asked   model.AccountKind   // whose form was opened
	added   func(model.Account) // of that form
	samples []func(error)
}

func newRig(t *testing.T, size fyne.Size) *rig {
	t.Helper()
	environ := []string{"STEPDECK_PASSPHRASE=correct horse battery", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	environ = append(environ, "STEPDECK_HOME="+filepath.Join(t.TempDir(), "data"))
	all, err := app.Open(t.Context(), app.Options{Environ: environ})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = all.Close() })
	fonts, err := monogrid.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	fonts.FindSystem = nil
	r := &rig{App: uitest.New(t), t: t, all: all, environ: environ, tools: []settings.Program{
		{Tool: settings.Tool{Kind: settings.AWS, Version: "2.31.4"}}, {Tool: settings.Tool{Kind: settings.Bash, Version: "5.2.15"}},
		{Tool: settings.Tool{Kind: settings.PowerShell}, Err: model.NewError("tool.missing", "PowerShell 7 (pwsh) was not found.")},
	}}
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
		Window: r.window, Accounts: all.Accounts(), Projects: all.Projects(), Fonts: fonts,
		Packages:   packages.Deps{Store: all.Library(), Library: all.Library()},
		AddAccount: func(kind model.AccountKind, done func(model.Account)) { r.asked, r.added = kind, done },
		Tools:      func(context.Context) []settings.Program { return r.tools },
		Sample:     func(done func(error)) { r.samples = append(r.samples, done) },
		Import:     func() {}, NewProject: func() {}, ShowTools: func() {},
		Made:   func(b projects.CreatedStep, run bool) { r.made, r.run = b, run },
		Choose: func(_ []string, done func(string)) { done(r.file) },
	})
	r.window.SetContent(r.place.Content())
	r.place.Shown()
	return r
}

// The methods below are a person's actions. Each counts as one input.

func (r *rig) tap(o fyne.Tappable) {
	r.inputs++
	test.Tap(o)
}

func (r *rig) write(e *control.Entry, text string) {
	r.inputs++
	r.window.Canvas().Focus(e)
	test.Type(e, text)
	r.window.Canvas().Unfocus()
}

func (r *rig) pasteInto(e *control.Entry, text string) {
	r.inputs++
	r.window.Canvas().Focus(e)
	r.Clipboard().SetContent(text)
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: r.Clipboard()})
	r.window.Canvas().Unfocus()
}

func (r *rig) drop(path string) {
	r.inputs++
	if !r.place.Dropped([]string{path}) {
		r.t.Fatalf("%s was not accepted", path)
	}
	r.ready()
}

// pick chooses a file of the package, as a click on its row does.
func (r *rig) pick(name string) {
	r.inputs++
	r.place.page.script.files.Pick(name)
}

// ready waits until the page has finished its background work.
func (r *rig) ready() {
	r.t.Helper()
	r.Until("the page", func() bool {
		g := r.place.page
		if g == nil || !g.built || g.load.Busy() || g.look.Busy() || g.script.work.Busy() {
			return false
		}
		return g.script.pkg.Name != "" || g.script.language != "" || g.script.failed != nil
	})
}

func (r *rig) save(run bool) {
	r.t.Helper()
	button := r.place.page.buttons[0]
	if run {
		button = r.place.page.buttons[1]
	}
	r.tap(button)
	page := r.place.page
	r.Until("the end of saving", func() bool { return page == nil || !page.work.Busy() })
}

// command runs the command and returns its output.
func (r *rig) command(args ...string) (string, error) {
	cmd := exec.CommandContext(r.t.Context(), os.Args[0], args...)
	cmd.Env = append(r.environ, asCommand+"=1")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// file writes a file and returns its path.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// nupkg writes a package with a manifest and returns its path.
func nupkg(t *testing.T) string {
	t.Helper()
	return pack(t, "Acme.Scripts.1.2.0.nupkg",
		[2]string{"Acme.Scripts.nuspec", `<?xml version="1.0"?><package><metadata><id>Acme.Scripts</id><version>1.2.0</version>` +
			`<authors>a</authors><description>d</description></metadata></package>`},
		[2]string{"README.md", "# Scripts\n"},
		[2]string{"tools/rotate.sh", "#!/bin/bash\n# Rotates what is older than the given days\n" +
			"echo \"rotating after $1 days in $AWS_DEFAULT_REGION\"\n"},
		[2]string{"tools/list.ps1", "param([int] $Days = 7)\naws iam list-access-keys --output text\nWrite-Host \"listed $Days\"\n"},
	)
}

// pack writes a zip file of names and texts, and returns its path.
func pack(t *testing.T, name string, files ...[2]string) string {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, f := range files {
		entry, err := w.Create(f[0])
		if err == nil {
			_, err = entry.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file(t, name, buf.String())
}

var large = fyne.NewSize(1136, 720)

func profile(endpointKey, secret string) string {
	lines := []string{"[ops]", "aws_access_key_id = " + endpointKey, "aws_secret_access_key = " + secret, "region = eu-west-1"}
	return strings.Join(lines, "\n")
}
