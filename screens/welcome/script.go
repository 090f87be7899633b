package welcome

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/codeedit"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// scriptPart chooses what runs: the text of a script, or a file inside a package.
type scriptPart struct {
	page     *page
	work     async.Task // reads a script or lists a package
	importer *packages.Importer
	failed   error // why the file can't be used

	// A script.
	language model.Language
	editor   *codeedit.Editor
	inline   *fyne.Container

	// A package.
	pkg      model.Package
	listing  library.Listing
	about    *widget.Label
	files    *control.PickList
	preview  *packages.Preview
	packaged *fyne.Container

	progress   *widget.Label
	parameters *control.Entry
	content    *fyne.Container
}

func newScriptPart(g *page) *scriptPart {
	f, deps := g.form, g.place.deps
	s := &scriptPart{page: g, editor: codeedit.New(deps.Fonts), about: widget.NewLabel(""), progress: widget.NewLabel("")}
	s.about.Importance, s.about.Wrapping = widget.LowImportance, fyne.TextWrapWord
	s.progress.Importance = widget.LowImportance
	s.editor.OnChanged = func() {
		f.Changed()
		f.Left("script.body")
	}
	s.importer = packages.NewImporter(deps.Packages)
	s.importer.OnBusy = func(text string) { s.say(text) }
	s.importer.OnLeave = func(path string) {
		s.fail(model.NewError("welcome.left", "%s was not imported. Drop it again, or another file.", filepath.Base(path)))
	}
	s.files = control.NewPickList(f.Keys, 5)
	s.files.OnPicked = func(i control.Item) { s.look(i.Value) }
	s.preview = packages.NewPreview(deps.Packages.Library, deps.Fonts)
	s.parameters = control.NewEntry(f.Keys)
	s.parameters.SetPlaceHolder("-Days 7")

	scroller := func() *container.Scroll { return g.scroll }
	editor := container.New(display.MinHeight(190), form.GuideWheel(s.editor, s.editor, scroller))
	body := f.AddWide("script.body", lang.L("Script Content"), "", editor)
	s.inline = container.NewVBox(body.Row())
	both := container.New(split{}, s.files.Content(), form.GuideWheel(s.preview.Content(), s.preview, scroller))
	file := f.AddWide("script.file", lang.L("Script file"), "", both)
	s.packaged = container.NewVBox(s.about, file.Row())
	s.files.OnPicked = chainItem(s.files.OnPicked, func() {
		f.Changed()
		f.Left("script.file")
	})
	s.inline.Hide()
	s.packaged.Hide()
	help := lang.L("Passed to the script unchanged, such as -Days 7 or --days 7.")
	parameters := f.Add("script.parameters", lang.L("Parameters"), help, s.parameters)
	s.content = container.NewVBox(s.progress, s.inline, s.packaged, g.rolls(parameters.Row()))
	s.say("")
	return s
}

func chainItem(first func(control.Item), then func()) func(control.Item) {
	return func(i control.Item) {
		first(i)
		then()
	}
}

func (s *scriptPart) say(text string) {
	s.progress.SetText(text)
	if text == "" {
		s.progress.Hide()
	} else {
		s.progress.Show()
	}
}

func (s *scriptPart) busy() bool { return s.work.Busy() }

func (s *scriptPart) load(path string) {
	s.importer.Cancel()
	s.say(lang.L("Reading {{.File}}…", map[string]any{"File": filepath.Base(path)}))
	async.Load(&s.work, func(context.Context) (string, error) { return library.ReadScript(path) }, func(text string, err error) {
		s.say("")
		if err != nil {
			s.fail(err)
			return
		}
		s.failed, s.pkg = nil, model.Package{}
		s.language = model.LanguageOf(path)
		s.editor.SetLexer(packages.Lexer(s.language))
		s.page.form.Quietly(func() { s.editor.SetText(text) })
		s.packaged.Hide()
		s.inline.Show()
		s.page.suggest(path)
		s.page.form.Validate()
		s.page.shown()
	})
}

// imported imports a package into the library and lists its files.
func (s *scriptPart) imported(path string) {
	s.work.Cancel()
	s.importer.Import([]string{path}, func(o packages.Outcome) {
		s.say("")
		if o.Err != nil {
			s.fail(o.Err)
			return
		}
		s.list(o.Package)
	})
}

func (s *scriptPart) list(p model.Package) {
	async.Load(&s.work, func(ctx context.Context) (library.Listing, error) {
		return s.page.place.deps.Packages.Library.List(ctx, p)
	}, func(l library.Listing, err error) {
		if err != nil {
			s.fail(err)
			return
		}
		s.failed, s.pkg, s.listing = nil, p, l
		items := scripts(l)
		s.files.SetItems(items)
		s.files.SetValue("")
		s.preview.Clear()
		s.about.SetText(lang.L("{{.Package}} is in the library now. Files that can be run: {{.Scripts}} of {{.Files}}.", map[string]any{
			"Package": strings.TrimSpace(p.Name + " " + p.Version), "Scripts": len(items), "Files": len(l.Entries),
		}))
		s.inline.Hide()
		s.packaged.Show()
		if len(items) == 0 {
			s.fail(model.NewError("welcome.noscript",
				"There is no script in %s: none of its files ends in .ps1, .sh or .py. Choose another package.", p.Name))
			return
		}
		if len(items) == 1 {
			s.files.SetValue(items[0].Value)
			s.look(items[0].Value)
		}
		s.page.form.Validate()
		s.page.shown()
	})
}

// scripts returns the files that can be run.
func scripts(l library.Listing) []control.Item {
	var items []control.Item
	for _, e := range l.Entries {
		if isScript(e.Name) {
			items = append(items, control.Item{Value: e.Name, Title: e.Name, Detail: model.FormatBytes(e.Size)})
		}
	}
	return items
}

func (s *scriptPart) look(name string) {
	i := slices.IndexFunc(s.listing.Entries, func(e library.Entry) bool { return e.Name == name })
	if i < 0 {
		return
	}
	s.preview.Show(s.pkg, s.listing.Entries[i])
	s.page.suggest(name)
}

func (s *scriptPart) fail(err error) {
	s.failed = err
	s.page.result.Show(err.Error(), display.Bad)
	s.page.form.Validate()
}

func (s *scriptPart) read(m *model.Script) {
	m.Parameters = s.parameters.Text
	if s.pkg.Name == "" {
		m.Source, m.Language, m.Body = model.SourceInline, s.language, s.editor.Text()
		return
	}
	// The version that was dropped, not the latest: this is the one that the person has seen.
	m.Source, m.Package, m.Version, m.File = model.SourcePackage, s.pkg.Name, s.pkg.Version, s.files.Value()
	if m.Version == "" {
		m.Version = model.Unversioned
	}
}

func (s *scriptPart) problems() []form.Problem {
	if s.failed == nil {
		return nil
	}
	field := "script.body"
	if s.packaged.Visible() {
		field = "script.file"
	}
	return []form.Problem{{Field: field, Err: s.failed}}
}

func (s *scriptPart) close() {
	s.work.Cancel()
	s.importer.Cancel()
	s.preview.Clear()
}

// split is a layout that puts a list beside the preview of the chosen item.
type split struct{}

func (split) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := min(320, size.Width*0.4)
	objects[0].Resize(fyne.NewSize(left, size.Height))
	objects[1].Move(fyne.NewPos(left+10, 0))
	objects[1].Resize(fyne.NewSize(size.Width-left-10, size.Height))
}

func (split) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(420, max(objects[0].MinSize().Height, objects[1].MinSize().Height, 190))
}
