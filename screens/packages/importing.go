package packages

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// Importer imports package files into the library, and asks for what it can't find out. The step form uses it too.
type Importer struct {
	deps Deps
	work async.Task
	form *importForm // the last one that was shown

	OnBusy  func(text string) // the importer is doing this; empty: nothing
	OnLeave func(path string) // the person has cancelled the import of a file
}

func NewImporter(deps Deps) *Importer {
	return &Importer{deps: deps, OnBusy: func(string) {}, OnLeave: func(string) {}}
}

// Outcome is the result of an import.
type Outcome struct {
	Path    string
	Package model.Package // zero if it was not imported
	Known   bool          // the library had it already
	Err     error
}

// Import imports the files one after another. It calls done for each one, except for those that the person has cancelled.
func (i *Importer) Import(paths []string, done func(Outcome)) {
	if len(paths) == 0 {
		i.OnBusy("")
		return
	}
	path := paths[0]
	next := func(o Outcome) {
		o.Path = path
		done(o)
		i.Import(paths[1:], done)
	}
	i.OnBusy(lang.L("Importing {{.File}}…", map[string]any{"File": filepath.Base(path)}))
	type look struct {
		found library.Found
		known bool
	}
	async.Load(&i.work, func(ctx context.Context) (l look, err error) {
		l.found, l.known, err = i.deps.Library.Look(ctx, path)
		return l, err
	}, func(l look, err error) {
		code := model.ErrorCode(err)
		switch {
		case err != nil && code != model.CodePackageConflict && code != model.CodePackageName:
			next(Outcome{Err: err})
		case err != nil || !l.known && (l.found.IDGuessed || l.found.VersionGuessed):
			i.ask(path, l.found, err, next, func() {
				i.OnLeave(path)
				i.Import(paths[1:], done)
			})
		default:
			i.take(path, library.ImportOptions{}, l.known, next, func(err error) { next(Outcome{Err: err}) })
		}
	})
}

func (i *Importer) take(path string, o library.ImportOptions, known bool, done func(Outcome), failed func(error)) {
	async.Load(&i.work, func(ctx context.Context) (model.Package, error) {
		p, _, err := i.deps.Library.Import(ctx, path, o)
		return p, err
	}, func(p model.Package, err error) {
		if err != nil {
			failed(err)
			return
		}
		if i.deps.Changed != nil {
			i.deps.Changed()
		}
		done(Outcome{Package: p, Known: known})
	})
}

// Cancel cancels the import that is running.
func (i *Importer) Cancel() {
	i.work.Cancel()
	i.OnBusy("")
}

// importForm asks for id and version, if they were guessed, are unknown, or belong to other contents in the library.
type importForm struct {
	form        *form.Form
	id, version *control.Entry
	replace     *control.Check
	taken       string // key of an id and version that the library has with other contents
	result      *feedback.Banner
}

func newImportForm(found library.Found, why error) *importForm {
	f := &importForm{form: form.New(), result: feedback.NewBanner()}
	k := f.form.Keys
	f.id, f.version = control.NewEntry(k), control.NewEntry(k)
	f.replace = control.NewCheck(k, lang.L("Replace the package in the library"))
	f.version.SetPlaceHolder(lang.L("none"))
	f.form.Add("id", lang.L("Package id"), "", f.id)
	f.form.Add("version", lang.L("Version"), "", f.version)
	f.form.Add("replace", "", lang.L("Steps that use this version will run the new contents."), f.replace)
	f.form.Check = f.check
	f.form.OnChanged = f.shown
	if model.ErrorCode(why) == model.CodePackageConflict {
		f.taken = packageKey(found.ID, found.Version)
	}
	f.form.Fill(func() {
		f.id.SetText(found.ID)
		f.version.SetText(found.Version)
	})
	f.shown()
	return f
}

func packageKey(id, version string) string {
	return model.PackageKey(id) + "\x00" + model.VersionKey(version)
}

func (f *importForm) check() []form.Problem {
	var list []form.Problem
	if err := model.CheckName("package", f.id.Text); err != nil {
		list = append(list, form.Problem{Field: "id", Err: err})
	}
	if f.isTaken() && !f.replace.Checked {
		list = append(list, form.Problem{Field: "version", Err: model.NewError(model.CodePackageConflict,
			"The library has this version with different contents. Enter another version, or replace the package.")})
	}
	return list
}

func (f *importForm) isTaken() bool {
	return f.taken != "" && packageKey(strings.TrimSpace(f.id.Text), strings.TrimSpace(f.version.Text)) == f.taken
}

func (f *importForm) shown() { f.form.Field("replace").SetVisible(f.isTaken()) }

func (f *importForm) options() library.ImportOptions {
	o := library.ImportOptions{
		ID: strings.TrimSpace(f.id.Text), Version: strings.TrimSpace(f.version.Text), Replace: f.isTaken() && f.replace.Checked,
	}
	if o.Version == "" {
		o.Version = model.Unversioned
	}
	return o
}

// ask shows the form. cancelled is called if the person closes it.
func (i *Importer) ask(path string, found library.Found, why error, done func(Outcome), cancelled func()) {
	f := newImportForm(found, why)
	i.form = f
	text := lang.L("The file does not name its package. This is a guess from the file's name:")
	switch model.ErrorCode(why) {
	case model.CodePackageConflict:
		text = lang.L("The library already has this package, with different contents.")
	case model.CodePackageName:
		text = lang.L("Neither the file nor its name has a package id. Enter one.")
	}
	head := widget.NewLabel(filepath.Base(path) + " · " + model.FormatBytes(found.Size) + "\n" + text)
	head.Wrapping = fyne.TextWrapWord
	rows := form.Rows(f.form.Field("id"), f.form.Field("version"), f.form.Field("replace"))
	d := &dialog.Dialog{
		Title: lang.L("Import package"), Keys: f.form.Keys, Confirm: lang.L("Import"), First: f.id, Size: fyne.NewSize(580, 360),
		Content: container.NewBorder(head, f.result.Content(), nil, nil, form.Scroll(rows)),
	}
	finished := false
	d.OnClosed = func() {
		if !finished {
			i.work.Cancel()
			cancelled()
		}
	}
	d.OnConfirm = func() {
		if f.form.ShowAll() != nil {
			return
		}
		d.SetBusy(true)
		i.take(path, f.options(), false, func(o Outcome) {
			finished = true
			d.Close()
			done(o)
		}, func(err error) {
			d.SetBusy(false)
			if model.ErrorCode(err) == model.CodePackageConflict { // the library has the new id and version too
				f.taken = packageKey(f.id.Text, f.version.Text)
				f.shown()
			}
			f.result.Show(err.Error(), display.Bad)
		})
	}
	d.Show(i.deps.Window)
}
