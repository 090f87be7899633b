package projects

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// packageSource chooses a package of the library and its version.
type packageSource struct {
	scriptDeps
	id, version *control.Combo
	importFile  func()
	content     *fyne.Container
}

// newPackageSource returns the fields. importFile asks for a package to import.
func newPackageSource(deps scriptDeps, importFile func()) *packageSource {
	k := deps.form.Keys
	s := &packageSource{scriptDeps: deps, importFile: importFile}
	s.id, s.version = control.NewCombo(k, s.idItems), control.NewCombo(k, s.versionItems)
	s.id.SetPlaceHolder(lang.L("package id"))
	s.version.SetPlaceHolder(model.LatestVersion)
	importing := control.NewButton(k, lang.L("Import…"), importFile)
	s.content = s.passWheel(container.NewVBox(
		container.New(buttonBeside{}, s.form.Add("script.package", lang.L("Package"), "", s.id).Row(), importing),
		s.form.Add("script.version", lang.L("Version"), "", s.version).Row(),
	))
	return s
}

func (s *packageSource) fill(m model.Script) {
	s.id.SetText(m.Package)
	s.version.SetText(m.Version)
}

func (s *packageSource) read(m *model.Script) {
	m.Package, m.Version = strings.TrimSpace(s.id.Text), strings.TrimSpace(s.version.Text)
}

// location returns the chosen package, with notes at the fields. It is empty if the package is not known.
func (s *packageSource) location() location {
	p, ok := s.chosen()
	if !ok {
		if s.id.Text != "" && !model.HasExpression(s.id.Text) && !model.HasExpression(s.version.Text) {
			s.form.Field("script.package").SetNote(lang.L("Not in the library of this computer. Import it."), true)
		}
		return location{}
	}
	switch model.NameKey(strings.TrimSpace(s.version.Text)) {
	case "", model.LatestVersion, model.LatestPrereleaseVersion:
		s.form.Field("script.version").SetNote("= "+p.Version, false)
	}
	return location{pkg: p}
}

// chosen returns the package that the fields name, if the library has it.
func (s *packageSource) chosen() (model.Package, bool) {
	wanted := strings.TrimSpace(s.version.Text)
	for _, p := range s.versions() {
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

// versions returns the versions of the package in the library's order, the newest first.
func (s *packageSource) versions() (list []model.Package) {
	id := model.PackageKey(strings.TrimSpace(s.id.Text))
	for _, p := range s.lib.packages {
		if model.PackageKey(p.Name) == id {
			list = append(list, p)
		}
	}
	return list
}

func (s *packageSource) idItems() []control.Item {
	var items []control.Item
	seen := map[string]bool{}
	for _, p := range s.lib.packages {
		if !seen[model.PackageKey(p.Name)] {
			seen[model.PackageKey(p.Name)] = true
			items = append(items, control.Item{Value: p.Name, Title: p.Name, Detail: p.Version})
		}
	}
	return append(items, control.Item{Title: lang.L("Import…"), Action: s.importFile})
}

func (s *packageSource) versionItems() []control.Item {
	items := []control.Item{
		{Value: model.LatestVersion, Title: model.LatestVersion, Detail: lang.L("the newest that is not a pre-release")},
		{Value: model.LatestPrereleaseVersion, Title: model.LatestPrereleaseVersion, Detail: lang.L("the newest, pre-releases included")},
	}
	for _, p := range s.versions() {
		version := p.Version
		if version == "" {
			version = model.Unversioned
		}
		items = append(items, control.Item{Value: version, Title: version, Detail: p.Imported.Local().Format("2006-01-02 15:04")})
	}
	return items
}
