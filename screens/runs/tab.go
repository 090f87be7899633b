package runs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// OfProject returns the list of a project's runs for the project's page, and a function that moves the focus to it. TabChanged
// updates the list.
func (p *Place) OfProject(name string) (content fyne.CanvasObject, focus func()) {
	l := newList(p.listDeps())
	l.of = name
	l.projectPick.Hide()
	l.undo = feedback.NewUndoBar()
	l.ofProject(name)
	l.load()
	p.tab = l
	return container.NewBorder(nil, l.undo.Content(), nil, nil, l.content), l.focus
}

// TabChanged updates the list on a project's page after a change in the database.
func (p *Place) TabChanged() {
	if p.tab != nil {
		p.tab.changed()
	}
}
