package runs

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

func (v *view) moreMenu() []*fyne.MenuItem { return v.menu(v.run) }

// runMenu returns the menu of a run: everything but showing and repeating it.
func (p *Place) runMenu(r model.Run) []*fyne.MenuItem {
	if !r.Status.Over() {
		return []*fyne.MenuItem{p.keepItem(r)}
	}
	return []*fyne.MenuItem{
		fyne.NewMenuItem(lang.L("Run exactly again"), func() { p.again(r.ID, true) }),
		p.keepItem(r), fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("Delete"), func() { p.remove(r) }),
	}
}

// keepItem excludes a run from the deletion of old runs, or includes it again.
func (p *Place) keepItem(r model.Run) *fyne.MenuItem {
	item := fyne.NewMenuItem(lang.L("Keep forever"), func() { p.keep(r) })
	item.Checked = r.Kept
	return item
}

func (p *Place) keep(r model.Run) {
	async.Do(&p.acting, func(ctx context.Context) error { return p.deps.Store.KeepRun(ctx, r.ID, !r.Kept) }, func(err error) {
		if err != nil {
			dialog.ShowError(p.deps.Window, lang.L("The run can't be kept"), err)
		}
		p.Changed()
	})
}

// remove removes a run from the list, and deletes it once the undo is over.
func (p *Place) remove(r model.Run) {
	switch {
	case !r.Status.Over():
		return
	case r.Kept:
		dialog.Ask(p.deps.Window, dialog.Question{
			Title: lang.L("Run #{{.Run}} is kept", map[string]any{"Run": r.ID}),
			Text:  lang.L("It is marked to be kept forever. Delete it anyway?"),
			Yes:   lang.L("Delete"), Danger: true, OnYes: func() {
				r.Kept = false
				p.remove(r)
			},
		})
		return
	}
	p.flush()
	p.hidden[r.ID] = true
	if p.viewing() && p.view.id == r.ID {
		p.Home()
	}
	p.undoBar().Show(lang.L("Run #{{.Run}} was deleted.", map[string]any{"Run": r.ID}), func() {
		delete(p.hidden, r.ID)
		p.relist()
	}, func() { p.deleteForGood(r.ID) })
	p.relist()
}

func (p *Place) deleteForGood(id int64) {
	go func() {
		err := p.deps.Store.DeleteRun(context.Background(), id) // the window may close before it is done
		fyne.Do(func() {
			delete(p.hidden, id)
			if err != nil && model.ErrorCode(err) != model.CodeRunUnknown {
				dialog.ShowError(p.deps.Window, lang.L("The run can't be deleted"), err)
			}
			p.eachList((*list).load)
		})
	}()
}

// undoBar returns the visible undo bar: a project's page has its own.
func (p *Place) undoBar() *feedback.UndoBar {
	if !p.shown && p.tab != nil {
		return p.tab.undo
	}
	return p.undo
}

func (p *Place) flush() {
	p.undo.Flush()
	if p.tab != nil {
		p.tab.undo.Flush()
	}
}

// relist updates the lists at once after a deletion, then reloads them.
func (p *Place) relist() {
	p.eachList(func(l *list) {
		if len(l.rows) > 0 {
			l.arrange()
		}
		l.load()
	})
}

// eachList calls do with the list of all runs and with that of a project, if there is one.
func (p *Place) eachList(do func(*list)) {
	do(p.list)
	if p.tab != nil {
		do(p.tab)
	}
}
