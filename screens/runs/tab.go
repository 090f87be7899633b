package runs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// OfProject gives the list of one project's runs, for the project's own page. TabChanged renews it.
func (p *Place) OfProject(name string) fyne.CanvasObject {
	l := newList(p)
	l.of = name
	l.projectPick.Hide()
	l.ofProject(name)
	l.load()
	p.tab = l
	return container.NewStack(l.content)
}

// TabChanged hears that something has changed in the database while a project's page is in sight.
func (p *Place) TabChanged() {
	if p.tab != nil {
		p.tab.changed()
	}
}
