package projects

import (
	"context"
	"os"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// scriptDeps is what the script section and its sources need.
type scriptDeps struct {
	form         *form.Form
	window       fyne.Window
	fonts        *monogrid.Fonts
	lib          *choices
	packages     packages.Deps // Changed is called after an import
	choose       func(endings []string, done func(path string))
	chooseFolder func(done func(path string))
	scope        func() scope
	scroll       scroller
	fail         func(error)
	asText       func(language model.Language, list []model.Argument) (text string, ok bool)
	fromText     func(language model.Language, declared []model.Parameter, text string) (list []model.Argument, rest []string)
	declares     func(ctx context.Context, language model.Language, edition model.Edition, text string) ([]model.Parameter, error)
	findFaults   func(language model.Language, text string) []string
	edition      func() model.Edition
}

// scriptDeps returns the needs of the script section of f.
func (f *StepForm) scriptDeps() scriptDeps {
	d := scriptDeps{
		form: f.form, window: f.Window, fonts: f.Fonts, lib: f.lib, packages: f.Packages, choose: f.Choose, chooseFolder: f.ChooseFolder,
		scope: f.scope, scroll: f.scroller, fail: f.showError, declares: f.Parameters, findFaults: f.ParameterFaults, asText: f.ArgumentsText,
		fromText: f.TextArguments, edition: f.edition,
	}
	d.packages.Changed = func() {
		f.reload()
		if f.Packages.Changed != nil {
			f.Packages.Changed()
		}
	}
	if d.choose == nil {
		d.choose = func(endings []string, done func(path string)) { dialog.ChooseFile(d.window, endings, done) }
	}
	if d.chooseFolder == nil {
		d.chooseFolder = func(done func(path string)) { dialog.ChooseFolder(d.window, done) }
	}
	return d
}

// passWheel makes the mouse wheel scroll the form while it is over part.
func (d scriptDeps) passWheel(part fyne.CanvasObject) *fyne.Container {
	return form.PassWheel(part, d.scroll)
}

// scriptSection is the part of a step's form with the script.
type scriptSection struct {
	scriptDeps
	source    *control.Choice
	inline    *inlineSource
	packaged  *packageSource
	folder    *folderSource
	file      *scriptFile // inside the package or folder
	arguments *arguments
	further   *furtherPackages
	importer  *packages.Importer
	load      async.Task // of a script's text
	content   fyne.CanvasObject
}

func newScriptSection(deps scriptDeps) *scriptSection {
	k := deps.form.Keys
	s := &scriptSection{scriptDeps: deps, importer: packages.NewImporter(deps.packages)}
	s.source = control.NewChoice(k, control.Option{Value: string(model.SourceInline), Label: lang.L("Source code")},
		control.Option{Value: string(model.SourcePackage), Label: lang.L("Script file inside a package")},
		control.Option{Value: string(model.SourceFolder), Label: lang.L("Script file inside a folder")})
	source := s.form.Add("script.source", lang.L("Script"), "", s.source)
	s.inline = newInlineSource(deps, s.chooseScript)
	s.packaged = newPackageSource(deps, s.choosePackage)
	s.folder = newFolderSource(deps, func() { s.chooseFolder(s.setFolder) })
	s.file = newScriptFile(deps)
	s.arguments = newArguments(deps)
	s.further = newFurtherPackages(deps, s.importFurther)
	s.content = container.NewVBox(s.passWheel(source.Row()),
		s.inline.content, s.packaged.content, s.folder.content, s.file.content, s.passWheel(s.arguments.content), s.further.content)
	return s
}

func (s *scriptSection) fill(m model.Script) {
	s.source.SetValue(string(m.Source))
	s.inline.fill(m)
	s.packaged.fill(m)
	s.folder.fill(m)
	s.file.name.SetText(m.File)
	s.arguments.fill(m)
	s.further.fill(m.Packages)
}

func (s *scriptSection) read(m *model.Script) {
	m.Source = model.Source(s.source.Value())
	s.inline.read(m)
	s.packaged.read(m)
	s.folder.read(m)
	m.File = strings.TrimSpace(s.file.name.Text)
	s.arguments.read(m)
	m.Packages = slices.Clone(s.further.list)
}

func (s *scriptSection) isInline() bool { return s.source.Value() == string(model.SourceInline) }

// update shows the fields of the chosen source, and notes at them.
func (s *scriptSection) update() {
	source := model.Source(s.source.Value())
	setVisible(s.inline.content, source == model.SourceInline)
	setVisible(s.packaged.content, source == model.SourcePackage)
	setVisible(s.folder.content, source == model.SourceFolder)
	setVisible(s.file.content, source != model.SourceInline)
	sc := s.scope()
	s.arguments.update(s.wanted())
	if !s.arguments.byFields() && s.arguments.text.Text != "" {
		s.form.Field("script.parameters").SetNote(sc.note(s.arguments.text.Text))
	}
	if source == model.SourceInline {
		return
	}
	for path, text := range map[string]string{
		"script.package": s.packaged.id.Text, "script.version": s.packaged.version.Text,
		"script.folder": s.folder.path.Text, "script.file": s.file.name.Text,
	} {
		s.form.Field(path).SetNote(sc.note(text))
	}
	if source == model.SourceFolder {
		s.file.show(s.folder.location())
		return
	}
	s.file.show(s.packaged.location())
}

// wanted returns the script whose parameters the fields are for. It has no language while the script is not known.
func (s *scriptSection) wanted() wantedScript {
	if s.isInline() {
		var m model.Script
		s.inline.read(&m)
		return wantedScript{language: m.Language, edition: s.edition(), text: m.Body}
	}
	name := strings.TrimSpace(s.file.name.Text)
	if e, err := s.file.listing.Find(name); err == nil && !s.file.listTask.Busy() {
		return wantedScript{language: model.LanguageOf(e.Name), edition: s.edition(), file: e.Name, location: s.file.listed}
	}
	return wantedScript{}
}

// openFind opens the search in the script, if its text is part of the step.
func (s *scriptSection) openFind() {
	if s.isInline() {
		s.inline.openFind()
	}
}

// libraryChanged makes the next update show the script file again, as the package may have changed.
func (s *scriptSection) libraryChanged() { s.file.shown = "" }

func (s *scriptSection) close() {
	s.load.Cancel()
	s.file.close()
	s.arguments.close()
	s.importer.Cancel()
}

func (s *scriptSection) summary() string {
	var m model.Script
	s.read(&m)
	return scriptText(m)
}

func (s *scriptSection) chooseScript() {
	s.choose([]string{".ps1", ".sh", ".bash", ".py", ".txt"}, func(path string) { s.dropped([]string{path}) })
}

// importFurther imports a package without choosing it as the one of the script.
func (s *scriptSection) importFurther() {
	s.choose(packages.Endings(), func(path string) {
		s.importer.Import([]string{path}, func(o packages.Outcome) {
			if o.Err != nil {
				s.fail(o.Err)
				return
			}
			s.addToLibrary(o.Package)
			if f := s.further.edited; f != nil {
				f.source.id.SetText(o.Package.Name)
				f.form.Changed()
			}
		})
	})
}

func (s *scriptSection) choosePackage() {
	s.choose(packages.Endings(), func(path string) { s.dropped([]string{path}) })
}

// dropped imports a package and chooses it, chooses a folder, or loads a script into the editor. It reports whether it accepts paths.
func (s *scriptSection) dropped(paths []string) bool {
	if len(paths) != 1 {
		return false
	}
	path := paths[0]
	if packages.IsPackage(path) {
		s.importer.Import(paths, func(o packages.Outcome) {
			if o.Err != nil {
				s.fail(o.Err)
				return
			}
			s.setPackage(o.Package)
		})
		return true
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		s.setFolder(path)
		return true
	}
	language := model.LanguageOf(path)
	if language == "" && !strings.HasSuffix(strings.ToLower(path), ".txt") {
		return false
	}
	s.loadScript(path, language)
	return true
}

func (s *scriptSection) loadScript(path string, language model.Language) {
	read := func(context.Context) (string, error) { return library.ReadScript(path) }
	async.Load(&s.load, read, func(text string, err error) {
		if err != nil {
			s.fail(err)
			return
		}
		s.source.Choose(string(model.SourceInline))
		if language != "" {
			s.inline.language.Choose(string(language))
		}
		s.inline.editor.SetText(text)
		s.form.Changed()
	})
}

// setPackage chooses an imported package, and its script if there is only one.
func (s *scriptSection) setPackage(p model.Package) {
	s.addToLibrary(p)
	s.file.justAdded = true
	s.source.Choose(string(model.SourcePackage))
	s.packaged.id.SetText(p.Name)
}

func (s *scriptSection) addToLibrary(p model.Package) {
	if !slices.ContainsFunc(s.lib.packages, func(known model.Package) bool { return known.ID == p.ID && known.SHA256 == p.SHA256 }) {
		s.lib.packages = append([]model.Package{p}, s.lib.packages...)
	}
}

// setFolder chooses a folder, and its script if there is only one.
func (s *scriptSection) setFolder(path string) {
	s.file.justAdded = true
	s.source.Choose(string(model.SourceFolder))
	s.folder.set(path)
	s.form.Changed()
}
