package packages

import (
	"archive/zip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// fake is a library over a real store that leaves the files where they are.
type fake struct {
	store *store.Store
	paths map[string]string // by hash
}

func (l *fake) Look(ctx context.Context, path string) (archive.Package, bool, error) {
	found, err := archive.Identify(ctx, path, archive.DefaultLimits())
	if err != nil {
		return found, false, err
	}
	old, err := l.store.Package(ctx, found.ID, found.Version)
	switch {
	case strings.HasPrefix(model.ErrorCode(err), "package."): // the library does not have it
		return found, false, nil
	case err != nil:
		return found, false, err
	case old.SHA256 != found.SHA256:
		return found, true, model.NewError("package.other", "Package %s is there with other bytes.", found.ID)
	}
	return found, true, nil
}

func (l *fake) Import(ctx context.Context, path string, o library.ImportOptions) (model.Package, archive.Package, error) {
	found, err := archive.Identify(ctx, path, archive.DefaultLimits())
	if err != nil && o.ID == "" {
		return model.Package{}, found, err
	}
	p := model.Package{
		Name: found.ID, Version: found.Version, Format: string(found.Format), FileName: filepath.Base(path),
		Size: found.Size, SHA256: found.SHA256, Files: found.Files, Imported: time.Now(),
	}
	if o.ID != "" {
		p.Name = o.ID
	}
	if o.Version == model.Unversioned {
		p.Version = ""
	} else if o.Version != "" {
		p.Version = o.Version
	}
	l.paths[p.SHA256] = path
	return p, found, l.store.SavePackage(ctx, &p, o.Replace)
}

func (l *fake) Remove(ctx context.Context, id, version string) error {
	return l.store.DeletePackage(ctx, id, version)
}

func (l *fake) List(ctx context.Context, p model.Package) (archive.Listing, error) {
	return archive.List(ctx, l.paths[p.SHA256], archive.DefaultLimits())
}

func (l *fake) ListFolder(context.Context, string) (archive.Listing, error) {
	return archive.Listing{}, nil
}

func (l *fake) ReadFolderFile(context.Context, string, string, int64) ([]byte, error) {
	return nil, nil
}

func (l *fake) ReadFile(ctx context.Context, p model.Package, name string, most int64) ([]byte, error) {
	return archive.ReadFile(ctx, l.paths[p.SHA256], name, most, archive.DefaultLimits())
}

type rig struct {
	*uitest.App
	t      *testing.T
	window fyne.Window
	store  *store.Store
	place  *Place
	dir    string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	r := &rig{App: uitest.New(t), t: t, store: st, dir: t.TempDir()}
	fonts, err := monogrid.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	r.window = r.NewWindow("test")
	r.window.SetPadded(false)
	r.window.Resize(fyne.NewSize(900, 600))
	t.Cleanup(r.window.Close)
	t.Cleanup(func() {
		uitest.Drain(t, r.Pump)
	})
	r.place = New(Deps{Window: r.window, Store: st, Library: &fake{st, map[string]string{}}, Fonts: fonts})
	r.window.SetContent(r.place.Content())
	r.place.Shown()
	r.Until("the first look", func() bool { return r.place.stage.State() != feedback.StateLoading })
	return r
}

// pack writes a zip file. files are names and texts in turn.
func (r *rig) pack(name string, files ...string) string {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	f, err := os.Create(path)
	if err != nil {
		r.t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			r.t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			r.t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		r.t.Fatal(err)
	}
	return path
}

func (r *rig) imported(path string) {
	r.t.Helper()
	r.place.Dropped([]string{path})
	r.Until("the import", func() bool {
		return r.place.status.Text() != "" && len(r.place.table.Rows()) > 0 && r.place.wanted == ""
	})
}

func TestEmptyThenDroppedThenPreviewed(t *testing.T) {
	r := newRig(t)
	if r.place.stage.State() != feedback.StateEmpty {
		t.Fatal("an empty library does not say so")
	}
	path := r.pack("Acme.Scripts.1.2.0.zip", "tools/rotate.ps1", "param($Days)\nWrite-Host $Days", "data.bin", "a\x00b")
	if r.place.Dropped([]string{"notes.txt"}) {
		t.Error("a text file is accepted")
	}
	r.imported(path)
	rows := r.place.table.Rows()
	if len(rows) != 1 || rows[0].Name != "Acme.Scripts" || rows[0].Version != "1.2.0" {
		t.Fatalf("rows %+v", rows)
	}
	r.Until("the files", func() bool { return len(r.place.files.Rows()) == 2 })
	r.place.files.Select(func(e archive.Entry) bool { return e.Name == "tools/rotate.ps1" })
	r.Until("the text", func() bool { return strings.Contains(r.place.preview.text.Text(), "Write-Host $Days") })
	r.place.files.Select(func(e archive.Entry) bool { return e.Name == "data.bin" })
	r.Until("the refusal", func() bool { return r.place.preview.stage.State() == feedback.StateEmpty })
	if r.place.Dropped([]string{path}); true {
		r.Until("the answer", func() bool { return strings.Contains(r.place.status.Text(), "already") })
	}
}

func TestAGuessedNameIsAskedFor(t *testing.T) {
	r := newRig(t)
	r.place.Dropped([]string{r.pack("deploy.zip", "a.sh", "echo")})
	r.Until("the question", func() bool { return r.place.importer.form != nil })
	f := r.place.importer.form
	if f.id.Text != "deploy" {
		t.Errorf("guessed %q", f.id.Text)
	}
	f.id.SetText("")
	f.form.Keys.Enter()
	if f.form.Field("id").Err() == nil {
		t.Error("an empty id is accepted")
	}
	f.id.SetText("Deploy.Tools")
	f.form.Keys.Enter()
	r.Until("the import", func() bool { return len(r.place.table.Rows()) == 1 })
	if p := r.place.table.Rows()[0]; p.Name != "Deploy.Tools" || p.Version != "" {
		t.Errorf("imported %s %q", p.Name, p.Version)
	}
	if r.window.Canvas().Overlays().Top() != nil {
		t.Error("the question is still open")
	}
}

func TestReplacingAVersionIsAskedAbout(t *testing.T) {
	r := newRig(t)
	r.imported(r.pack("Acme.1.0.0.zip", "a.sh", "echo one"))
	other := r.pack("Acme.1.0.0.zip", "a.sh", "echo two")
	r.place.Dropped([]string{other})
	r.Until("the question", func() bool { return r.place.importer.form != nil })
	f := r.place.importer.form
	f.form.Keys.Enter()
	if f.form.Field("version").Err() == nil || !f.form.Field("replace").Visible() {
		t.Fatal("it is replaced without asking")
	}
	f.version.SetText("1.0.1")
	if f.form.Field("replace").Visible() {
		t.Error("Replace is offered for a new version")
	}
	f.version.SetText("1.0.0")
	f.replace.SetChecked(true)
	f.form.Keys.Enter()
	r.Until("the import", func() bool {
		return strings.Contains(r.place.status.Text(), "imported") && r.window.Canvas().Overlays().Top() == nil
	})
	p, err := r.store.Package(t.Context(), "Acme", "1.0.0")
	if err != nil || p.SHA256 == "" || len(r.place.outcomes) != 1 || p.SHA256 != r.place.outcomes[0].Package.SHA256 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestCancellingOneImportContinuesWithTheNext(t *testing.T) {
	r := newRig(t)
	r.place.Dropped([]string{r.pack("deploy.zip", "a.sh", "echo"), r.pack("Acme.1.0.0.zip", "b.sh", "echo")})
	r.Until("the question", func() bool { return r.place.importer.form != nil })
	r.place.importer.form.form.Keys.Escape()
	r.Until("the second", func() bool { return len(r.place.table.Rows()) == 1 })
	if r.place.table.Rows()[0].Name != "Acme" {
		t.Error("the cancelled file was imported")
	}
}

func TestADamagedFileIsRefused(t *testing.T) {
	r := newRig(t)
	path := filepath.Join(r.dir, "Damaged.1.0.0.zip")
	if err := os.WriteFile(path, []byte("not a zip file"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.place.Dropped([]string{path})
	r.Until("the refusal", func() bool { return r.place.status.Text() != "" })
	if r.place.stage.State() != feedback.StateReady {
		t.Error("the message is not on the screen")
	}
}

func TestRemove(t *testing.T) {
	r := newRig(t)
	r.imported(r.pack("Acme.1.0.0.zip", "a.sh", "echo"))
	p := model.Project{Name: "Web", Steps: []model.Step{model.NewStep("Roll")}}
	p.Steps[0].Script = model.Script{Source: model.SourcePackage, Package: "Acme", File: "a.sh"}
	if _, err := r.store.SaveProject(t.Context(), &p); err != nil {
		t.Fatal(err)
	}
	r.place.Shown()
	r.Until("the user", func() bool { rows := r.place.table.Rows(); return len(rows) == 1 && len(rows[0].users) == 1 })
	r.place.askRemove(r.place.table.Rows()[0])
	r.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(r.place.table.Rows()) != 1 {
		t.Fatal("a package in use was removed")
	}
	if _, err := r.store.DeleteProject(t.Context(), "Web"); err != nil {
		t.Fatal(err)
	}
	r.place.Shown()
	r.Until("no user", func() bool { return len(r.place.table.Rows()[0].users) == 0 })
	r.place.askRemove(r.place.table.Rows()[0])
	r.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.Until("the empty state", func() bool { return r.place.stage.State() == feedback.StateEmpty })
}

type broken struct{ Store }

func (broken) Packages(context.Context) ([]model.Package, error) {
	return nil, errors.New("the disk is gone")
}

func TestErrorState(t *testing.T) {
	r := newRig(t)
	r.place.deps.Store = broken{r.store}
	r.place.Shown()
	r.Until("the error", func() bool { return r.place.stage.State() == feedback.StateError })
}
