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

// Place shows the ways to start, or the page for a script or package.
type Place struct {
	deps  Deps
	own   *startPage // shown in this place
	other *startPage // shown in the projects' place
	page  *page      // nil: own is shown
	box   *fyne.Container
	drawn theme.Drawn // own
}

func New(deps Deps) *Place {
	deps.Packages.Window, deps.Packages.Fonts = deps.Window, deps.Fonts
	p := &Place{deps: deps, box: container.NewStack()}
	p.drawn = theme.DrawnNow()
	p.own = newStartPage(p)
	p.box.Objects = []fyne.CanvasObject{p.own.content}
	return p
}

func (p *Place) Content() fyne.CanvasObject { return p.box }

// StartPage returns the ways to start for the projects' place, which shows them as long as there are no projects.
func (p *Place) StartPage() fyne.CanvasObject {
	if p.other == nil {
		p.other = newStartPage(p)
	}
	p.other.look()
	return p.other.content
}

func (p *Place) Shown() {
	if p.page != nil {
		p.page.reload()
		return
	}
	p.own.look()
}

func (p *Place) Hidden() {
	p.own.close()
	p.close()
}

func (p *Place) Home() { p.close() }

func (p *Place) Back() {
	if p.page != nil {
		p.Leave(p.close)
	}
}

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

// Focus gives the focus to the page's account, since the script is there already. The ways to start have no main control.
func (p *Place) Focus() {
	if p.page != nil {
		p.page.stage.Focus(p.page.focus)
	}
}

func (p *Place) Save() {
	if p.page != nil {
		p.page.save(false)
	}
}

// Endings returns the extensions of the files that can be dropped, for a file dialog.
func Endings() []string {
	return append([]string{".ps1", ".sh", ".bash", ".py"}, packages.Endings()...)
}

func shownEndings() []string {
	return []string{".ps1", ".sh", ".py", ".zip", ".nupkg", ".tar", ".tar.gz", ".tar.bz2"}
}

// ChooseFile asks for a script or a package and opens its page.
func (p *Place) ChooseFile() {
	take := func(path string) { p.Dropped([]string{path}) }
	if p.deps.Choose != nil {
		p.deps.Choose(Endings(), take)
		return
	}
	dialog.ChooseFile(p.deps.Window, Endings(), take)
}

// Takes reports whether a file is a script or a package.
func Takes(path string) bool {
	return isScript(path) || packages.IsPackage(path)
}

func isScript(path string) bool {
	return model.LanguageOf(path) != ""
}

// Dropped opens the page for a script or a package, and fills in a key file if the page is open. It reports whether it used a file.
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

// Open opens the page for the file with that path, or shows the ways to start if the path is empty.
func (p *Place) Open(args ...any) {
	path, _ := args[0].(string)
	if path == "" {
		p.Leave(p.close)
		return
	}
	if !p.Dropped([]string{path}) {
		err := model.NewError("welcome.kind", "%s is not a script or a package. Choose one of: %s.",
			filepath.Base(path), strings.Join(shownEndings(), ", "))
		dialog.ShowError(p.deps.Window, lang.L("This file can't be opened"), err)
	}
}
