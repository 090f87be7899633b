package accounts

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// delete removes an account from the list. The account itself is deleted once the undo is over, as its secrets can't be restored.
func (p *Place) delete(a model.Account) {
	if a.Kind == model.KindInstanceRole {
		return
	}
	p.undo.Flush()
	findUsers := func(ctx context.Context) ([]string, error) { return p.deps.Service.Users(ctx, a.Name) }
	async.Load(&p.ask, findUsers, func(users []string, err error) {
		if err == nil && len(users) > 0 {
			err = model.NewError("account.used", "It is used by:\n· %s\n\nChoose another account there first.",
				strings.Join(users, "\n· "))
		}
		if err != nil {
			p.showUndeletable(a, err)
			return
		}
		p.hidden[a.ID] = true
		p.undo.Show(lang.L("The account “{{.Account}}” was deleted.", map[string]any{"Account": a.Name}), func() {
			delete(p.hidden, a.ID)
			p.show()
		}, func() { p.deleteForGood(a) })
		p.show()
	})
}

func (p *Place) showUndeletable(a model.Account, err error) {
	dialog.ShowError(p.deps.Window, lang.L("The account “{{.Account}}” can't be deleted", map[string]any{"Account": a.Name}), err)
}

func (p *Place) deleteForGood(a model.Account) {
	// The window may close before the deletion is done, so it has its own context and a time limit.
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		err := p.deps.Service.Remove(ctx, a.Name)
		fyne.Do(func() {
			delete(p.hidden, a.ID)
			if err != nil {
				p.showUndeletable(a, err)
			}
			p.deps.changed()
		})
	}()
}
