package projects

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/codeedit"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/findbar"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// scriptSection is the part of a step's form that says what the step runs.
type scriptSection struct {
	f          *StepForm
	source     *control.Choice
	language   *control.Choice
	editor     *codeedit.Editor
	find       *findbar.Bar
	findBox    *fyne.Container
	pkg        *control.Combo
	version    *control.Combo
	folder     *control.Entry
	file       *control.Combo
	parameters *control.Entry

	inline, packaged, foldered, inside *fyne.Container

	preview   *packages.Preview
	importer  *packages.Importer
	load      async.Task // a script's text
	look      async.Task // what is in a package or folder
	listing   library.Listing
	listed    holder // whose listing this is
	failed    error  // why there is none
	brought   bool   // it was just dropped or picked
	shownFile string
	content   fyne.CanvasObject
}

func newScriptSection(f *StepForm) *scriptSection {
	k := f.form.Keys
	deps := f.of.place.deps
	s := &scriptSection{f: f}
	s.source = control.NewChoice(k, control.Option{Value: string(model.SourceInline), Label: lang.L("Source code")},
		control.Option{Value: string(model.SourcePackage), Label: lang.L("Script file inside a package")},
		control.Option{Value: string(model.SourceFolder), Label: lang.L("Script file inside a folder")})
	s.language = control.NewChoice(k, control.Option{Value: string(model.PowerShell), Label: "PowerShell"}, control.Option{Value: string(model.Bash), Label: "Bash"})
	s.editor = codeedit.New(deps.Fonts)
	s.editor.OnChanged = func() {
		f.form.Changed()
		f.form.Left("script.body")
	}
	s.pkg, s.version, s.file = control.NewCombo(k, s.packageItems), control.NewCombo(k, s.versionItems), control.NewCombo(k, s.fileItems)
	s.pkg.SetPlaceHolder(lang.L("package id"))
	s.version.SetPlaceHolder(model.LatestVersion)
	s.folder = control.NewEntry(k)
	s.folder.SetPlaceHolder(lang.L("full path of a folder"))
	s.file.SetPlaceHolder("tools/rotate.ps1")
	s.parameters = control.NewMultiline(k, 2)
	s.language.OnChosen = func(string) { s.editor.SetLexer(packages.Lexer(model.Language(s.language.Value()))) }

	pkgDeps := deps.Packages
	changed := pkgDeps.Changed
	pkgDeps.Changed = func() {
		f.of.reload()
		if changed != nil {
			changed()
		}
	}
	s.importer = packages.NewImporter(pkgDeps)
	s.preview = packages.NewPreview(deps.Packages.Library, deps.Fonts)
	s.makeFind()

	source := f.form.Add("script.source", lang.L("Script"), "", s.source)
	search := control.NewButton(k, lang.L("Find"), s.openFind).Quiet()
	search.SetIcon(fynetheme.SearchIcon())
	load := control.NewButton(k, lang.L("Load a file…"), s.choose).Quiet()
	load.SetIcon(fynetheme.FolderOpenIcon())
	bar := container.NewHBox(layout.NewSpacer(), search, load)
	body := f.form.AddWide("script.body", lang.L("Script Content"), "", container.NewBorder(s.findBox, nil, nil, nil,
		container.New(display.MinHeight(280), form.GuideWheel(s.editor, s.editor, f.scroller))))
	s.inline = container.NewVBox(f.form.Add("script.language", lang.L("Language"), "", s.language).Row(), container.NewStack(body.Row(), container.NewVBox(bar)))
	importing := control.NewButton(k, lang.L("Import…"), s.importFile)
	s.packaged = f.rolls(container.NewVBox(
		container.New(buttonBeside{}, f.form.Add("script.package", lang.L("Package"), "", s.pkg).Row(), importing),
		f.form.Add("script.version", lang.L("Version"), "", s.version).Row(),
	))
	s.foldered = f.rolls(container.NewVBox(container.New(buttonBeside{},
		f.form.Add("script.folder", lang.L("Folder"), lang.L("Each run copies it and runs the copy."), s.folder).Row(), control.NewButton(k, lang.L("Choose…"), s.chooseFolder))))
	s.inside = container.NewVBox(
		f.rolls(f.form.Add("script.file", lang.L("Script file"), "", s.file).Row()),
		container.New(form.Beside{}, container.New(display.MinHeight(180), form.GuideWheel(s.preview.Content(), s.preview, f.scroller))),
	)
	s.content = container.NewVBox(f.rolls(source.Row()), s.inline, s.packaged, s.foldered, s.inside,
		f.rolls(f.form.Add("script.parameters", lang.L("Parameters"), lang.L("Given to the script as they stand, such as -Days 7 or --days 7."), s.parameters).Row()))
	return s
}

func (s *scriptSection) makeFind() {
	s.find = findbar.New(findbar.Words{
		Placeholder: lang.L("Find"), None: lang.L("no matches"), Case: "Aa", Regexp: ".*", Invalid: lang.L("not a valid expression"),
		Of: func(current, total string) string {
			return lang.L("{{.Current}} of {{.Total}}", map[string]any{"Current": current, "Total": total})
		},
	})
	s.find.OnQuery = s.editor.Find
	s.find.OnNext, s.find.OnPrevious = s.editor.FindNext, s.editor.FindPrevious
	s.editor.OnFind = func(st codeedit.FindState) {
		s.find.Show(findbar.State{Query: st.Query, Current: st.Current, Total: st.Total, Err: st.Err})
	}
	s.findBox = container.NewVBox(s.find.Content())
	s.findBox.Hide()
	s.find.OnClose = func() {
		s.findBox.Hide()
		s.f.of.place.deps.Window.Canvas().Focus(s.editor)
	}
}

// openFind shows the bar and puts the keyboard into it.
func (s *scriptSection) openFind() {
	if s.source.Value() != string(model.SourceInline) {
		return
	}
	s.findBox.Show()
	s.find.Focus(s.f.of.place.deps.Window.Canvas())
}

// mark marks lines that hold keys, and names that nothing has here.
func (s *scriptSection) mark(found []leak) {
	var markers []codeedit.Marker
	for _, l := range found {
		markers = append(markers, codeedit.Marker{Line: l.Line, Severity: codeedit.Error, Message: lang.L("looks like a key")})
	}
	text := s.editor.Text()
	if strings.Contains(text, "#{") {
		sc := s.f.scope()
		res, err := sc.Expand(text)
		for _, u := range res.Undefined {
			switch {
			case err != nil:
			case u.Missing:
				markers = append(markers, codeedit.Marker{Line: u.Line, Severity: codeedit.Warning, Message: missing(u.Name)})
			case !sc.earlier:
				markers = append(markers, codeedit.Marker{Line: u.Line, Severity: codeedit.Warning, Message: fmt.Sprintf(lang.L("Nothing has the name %q%s."), u.Name, sc.in())})
			}
		}
	}
	s.editor.SetMarkers(markers)
}

func (s *scriptSection) fill(m model.Script) {
	s.source.SetValue(string(m.Source))
	s.language.SetValue(string(m.Language))
	s.editor.SetLexer(packages.Lexer(m.Language))
	s.editor.SetText(m.Body)
	s.pkg.SetText(m.Package)
	s.version.SetText(m.Version)
	s.folder.SetText(m.Folder)
	s.file.SetText(m.File)
	s.parameters.SetText(m.Parameters)
}

func (s *scriptSection) read(m *model.Script) {
	m.Source, m.Language = model.Source(s.source.Value()), model.Language(s.language.Value())
	m.Body = s.editor.Text()
	m.Package, m.Version, m.File = strings.TrimSpace(s.pkg.Text), strings.TrimSpace(s.version.Text), strings.TrimSpace(s.file.Text)
	m.Folder, m.Parameters = strings.TrimSpace(s.folder.Text), s.parameters.Text
}

func (s *scriptSection) shown() {
	source := model.Source(s.source.Value())
	setVisible(s.inline, source == model.SourceInline)
	setVisible(s.packaged, source == model.SourcePackage)
	setVisible(s.foldered, source == model.SourceFolder)
	setVisible(s.inside, source != model.SourceInline)
	sc := s.f.scope()
	s.f.form.Field("script.parameters").SetNote(sc.note(s.parameters.Text))
	if source == model.SourceInline {
		return
	}
	for path, text := range map[string]string{"script.package": s.pkg.Text, "script.version": s.version.Text, "script.folder": s.folder.Text, "script.file": s.file.Text} {
		s.f.form.Field(path).SetNote(sc.note(text))
	}
	s.lookAt(s.meant(source))
}

// chosen is the package that the fields mean, as far as that is known now.
func (s *scriptSection) chosen() (model.Package, bool) {
	var versions []model.Package // newest first, as the library lists them
	for _, p := range s.f.of.place.lib.packages {
		if model.PackageKey(p.Name) == model.PackageKey(strings.TrimSpace(s.pkg.Text)) {
			versions = append(versions, p)
		}
	}
	wanted := strings.TrimSpace(s.version.Text)
	for _, p := range versions {
		v, err := model.ParseVersion(p.Version)
		switch model.NameKey(wanted) {
		case "", model.LatestVersion:
			if err != nil || !v.IsPrerelease() {
				return p, true
			}
		case model.LatestPrereleaseVersion:
			return p, true
		case model.Unversioned:
			if p.Version == "" {
				return p, true
			}
		default:
			if model.VersionKey(p.Version) == model.VersionKey(wanted) {
				return p, true
			}
		}
	}
	return model.Package{}, false
}

func (s *scriptSection) packageItems() []control.Item {
	var items []control.Item
	seen := map[string]bool{}
	for _, p := range s.f.of.place.lib.packages {
		if !seen[model.PackageKey(p.Name)] {
			seen[model.PackageKey(p.Name)] = true
			items = append(items, control.Item{Value: p.Name, Title: p.Name, Detail: p.Version})
		}
	}
	return append(items, control.Item{Title: lang.L("Import…"), Action: s.importFile})
}

func (s *scriptSection) versionItems() []control.Item {
	items := []control.Item{
		{Value: model.LatestVersion, Title: model.LatestVersion, Detail: lang.L("the newest that is no pre-release")},
		{Value: model.LatestPrereleaseVersion, Title: model.LatestPrereleaseVersion, Detail: lang.L("the newest of all")},
	}
	for _, p := range s.f.of.place.lib.packages {
		if model.PackageKey(p.Name) != model.PackageKey(strings.TrimSpace(s.pkg.Text)) {
			continue
		}
		version := p.Version
		if version == "" {
			version = model.Unversioned
		}
		items = append(items, control.Item{Value: version, Title: version, Detail: p.Imported.Local().Format("2006-01-02 15:04")})
	}
	return items
}

// fileItems lists the package's files, scripts first.
func (s *scriptSection) fileItems() []control.Item {
	var scripts, others []control.Item
	for _, e := range s.listing.Entries {
		item := control.Item{Value: e.Name, Title: e.Name, Detail: display.Bytes(e.Size)}
		switch model.LanguageOf(e.Name) {
		case model.PowerShell, model.Bash:
			item.Group = lang.L("scripts")
			scripts = append(scripts, item)
		default:
			item.Group = lang.L("other files")
			others = append(others, item)
		}
	}
	return append(scripts, others...)
}

func (s *scriptSection) libraryChanged() { s.shownFile = "" }

func (s *scriptSection) close() {
	s.load.Cancel()
	s.look.Cancel()
	s.preview.Clear()
	s.importer.Cancel()
}

func (s *scriptSection) summary() string {
	var m model.Script
	s.read(&m)
	return scriptText(m)
}

func (s *scriptSection) ask(endings []string, done func(string)) {
	if choose := s.f.of.place.deps.Choose; choose != nil {
		choose(endings, done)
		return
	}
	dialog.ChooseFile(s.f.of.place.deps.Window, endings, done)
}

func (s *scriptSection) choose() {
	s.ask([]string{".ps1", ".sh", ".bash", ".txt"}, func(path string) { s.dropped([]string{path}) })
}

func (s *scriptSection) importFile() {
	s.ask(packages.Endings(), func(path string) { s.dropped([]string{path}) })
}

// dropped takes a package into the library and the step, a folder into the step, or a script's text into the editor.
func (s *scriptSection) dropped(paths []string) bool {
	if len(paths) != 1 {
		return false
	}
	path := paths[0]
	if packages.IsPackage(path) {
		s.importer.Import(paths, func(o packages.Outcome) {
			if o.Err != nil {
				s.f.result.Show(o.Err.Error(), display.Bad)
				return
			}
			s.take(o.Package)
		})
		return true
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		s.takeFolder(path)
		return true
	}
	language := model.LanguageOf(path)
	if language != model.PowerShell && language != model.Bash && !strings.HasSuffix(strings.ToLower(path), ".txt") {
		return false
	}
	async.Load(&s.load, func(context.Context) (string, error) { return library.ReadScript(path) }, func(text string, err error) {
		if err != nil {
			s.f.result.Show(err.Error(), display.Bad)
			return
		}
		s.source.Choose(string(model.SourceInline))
		if language != "" {
			s.language.Choose(string(language))
		}
		s.editor.SetText(text)
		s.f.form.Changed()
	})
	return true
}

// take chooses an imported package, and its only script where there is just one.
func (s *scriptSection) take(p model.Package) {
	if !slices.ContainsFunc(s.f.of.place.lib.packages, func(known model.Package) bool { return known.ID == p.ID && known.SHA256 == p.SHA256 }) {
		s.f.of.place.lib.packages = append([]model.Package{p}, s.f.of.place.lib.packages...)
	}
	s.brought = true
	s.source.Choose(string(model.SourcePackage))
	s.pkg.SetText(p.Name)
}
