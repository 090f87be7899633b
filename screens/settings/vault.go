package settings

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// vaultSection shows the state of the vault, and locks and unlocks it.
type vaultSection struct {
	place        *Place
	load, work   async.Task
	state, where *widget.Label
	lock, unlock *control.Button
	failed       *feedback.Banner
	content      fyne.CanvasObject
}

func newVaultSection(p *Place) *vaultSection {
	s := &vaultSection{place: p, state: widget.NewLabel(lang.L("Loading…")), where: small(""), failed: feedback.NewBanner()}
	s.state.Wrapping = fyne.TextWrapWord
	s.lock = control.NewButton(nil, lang.L("Lock now"), func() { s.do(p.deps.Vault.Lock) })
	s.unlock = control.NewButton(nil, lang.L("Unlock…"), func() { s.do(p.deps.Vault.Ready) })
	s.lock.Hide()
	s.unlock.Hide()
	buttons := container.NewCenter(container.NewHBox(s.lock, s.unlock))
	state := container.NewBorder(nil, nil, nil, buttons, container.NewVBox(s.state, s.where))
	s.content = container.NewVBox(state, s.failed.Content())
	return s
}

func (s *vaultSection) do(work func(context.Context) error) {
	s.failed.Hide()
	async.Do(&s.work, work, func(err error) {
		if err != nil {
			s.failed.Show(err.Error(), display.Bad)
		}
		s.look()
	})
}

func (s *vaultSection) look() {
	async.Load(&s.load, s.place.deps.Vault.Status, func(v secrets.Status, err error) {
		if err != nil {
			s.state.SetText(err.Error())
			return
		}
		s.where.SetText(v.Path)
		byPassphrase := v.Exists && v.Wrapping == secrets.ByPassphrase
		show(s.lock, byPassphrase && v.Open)
		show(s.unlock, byPassphrase && !v.Open)
		s.state.SetText(vaultText(v))
	})
}

func vaultText(v secrets.Status) string {
	count := plural.N("{{.Count}} secret.", "{{.Count}} secrets.", v.Secrets) + " "
	switch {
	case !v.Exists:
		return lang.L("No secrets yet. The first one creates the vault. This system's keychain protects it, " +
			"or a passphrase if there is no keychain.")
	case v.Wrapping == secrets.ByKeychain:
		return count + lang.L("This system's keychain protects the vault.")
	case v.Open:
		return count + lang.L("Unlocked with your passphrase.")
	}
	return count + lang.L("Locked. The passphrase is asked for when a secret is needed.")
}

func (s *vaultSection) close() { s.load.Cancel() }
