package welcome

import (
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/focus"
)

// Place shows the doors, or the page behind a script or package.
type Place struct {
	deps  Deps
	own   *doors // in this place
	other *doors // among the projects
	page  *page  // nil: the doors are shown
	box   *fyne.Container
	drawn theme.Drawn // the doors
}

// New makes the place.
func New(deps Deps) *Place {
	deps.Packages.Window, deps.Packages.Fonts = deps.Window, deps.Fonts
	p := &Place{deps: deps, box: container.NewStack()}
	p.drawn = theme.DrawnNow()
	p.own = newDoors(p)
	p.box.Objects = []fyne.CanvasObject{p.own.content}
	return p
}

// Content gives what to show.
func (p *Place) Content() fyne.CanvasObject { return p.box }

// Doors gives the ways in once more, for where the projects are as long as there are none.
func (p *Place) Doors() fyne.CanvasObject {
	if p.other == nil {
		p.other = newDoors(p)
	}
	p.other.look()
	return p.other.content
}

// Shown reads what is shown anew.
func (p *Place) Shown() {
	if p.page != nil {
		p.page.reload()
		return
	}
	p.own.look()
}

// Hidden ends what goes on for the eye's sake.
func (p *Place) Hidden() {
	p.own.close()
	p.close()
}

// Home leads back to the doors.
func (p *Place) Home() { p.close() }

// Back leaves the page behind a script or package.
func (p *Place) Back() {
	if p.page != nil {
		p.Leave(p.close)
	}
}

// Leave calls then once nothing unsaved is in the way.
func (p *Place) Leave(then func()) {
	if p.page == nil || !p.page.dirty() {
		then()
		return
	}
	dialog.AskDiscard(p.deps.Window, func() {
		p.close()
		then()
	})
}

func (p *Place) close() {
	if p.page == nil {
		return
	}
	p.page.close()
	p.page = nil
	focus.Swap(p.box, p.own.content)
	p.drawn.Shown()
	p.own.look()
	p.Focus()
}

// Focus gives the keyboard to what the page begins with: the account's first field, since the script has come. The doors have
// no part that anybody means by a key alone.
func (p *Place) Focus() {
	if p.page != nil {
		p.page.stage.Focus(p.page.focus)
	}
}

// Save saves what is on the page.
func (p *Place) Save() {
	if p.page != nil {
		p.page.save(false)
	}
}

// Endings are those of the files that lead to the page.
func Endings() []string { return append([]string{".ps1", ".sh", ".bash"}, packages.Endings()...) }

func shownEndings() []string {
	return []string{".ps1", ".sh", ".zip", ".nupkg", ".tar", ".tar.gz", ".tar.bz2"}
}

// ChooseFile asks for a script or a package.
func (p *Place) ChooseFile() {
	take := func(path string) { p.Dropped([]string{path}) }
	if p.deps.Choose != nil {
		p.deps.Choose(Endings(), take)
		return
	}
	dialog.ChooseFile(p.deps.Window, Endings(), take)
}

// Takes reports whether a file leads to the page.
func Takes(path string) bool {
	return isScript(path) || packages.IsPackage(path)
}

func isScript(path string) bool {
	l := model.LanguageOf(path)
	return l == model.PowerShell || l == model.Bash
}

// Dropped takes a script or a package to the page, and a key file into it.
func (p *Place) Dropped(paths []string) bool {
	if i := slices.IndexFunc(paths, func(f string) bool { return strings.EqualFold(filepath.Ext(f), ".csv") }); i >= 0 && p.page != nil {
		p.page.account.readKeys(paths[i])
		return true
	}
	i := slices.IndexFunc(paths, Takes)
	if i < 0 {
		return false
	}
	if p.page == nil {
		p.page = newPage(p)
		focus.Swap(p.box, p.page.content)
		p.Focus()
		p.page.reload()
	}
	p.page.take(paths[i])
	return true
}

// Open takes the file of that path to the page; without one, the doors are shown.
func (p *Place) Open(args ...any) {
	path, _ := args[0].(string)
	if path == "" {
		p.Leave(p.close)
		return
	}
	if !p.Dropped([]string{path}) {
		dialog.ShowError(p.deps.Window, lang.L("This file can't be opened"), model.NewError("welcome.kind", "%s is no script and no package. Choose one of: %s.", filepath.Base(path), strings.Join(shownEndings(), ", ")))
	}
}
