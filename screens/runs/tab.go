package runs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// OfProject gives the list of one project's runs, for the project's own page. TabChanged renews it.
// What it gives beside takes the keyboard to the list.
func (p *Place) OfProject(name string) (content fyne.CanvasObject, focus func()) {
	l := newList(p)
	l.of = name
	l.projectPick.Hide()
	l.undo = feedback.NewUndoBar()
	l.ofProject(name)
	l.load()
	p.tab = l
	return container.NewBorder(nil, l.undo.Content(), nil, nil, l.content), l.focus
}

// TabChanged hears that something has changed in the database while a project's page is in sight.
func (p *Place) TabChanged() {
	if p.tab != nil {
		p.tab.changed()
	}
}
