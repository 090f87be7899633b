package runs

import (
	"testing"

	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// While a run is examined, the vault's passphrase may be asked for: the waiting dialog must not cover that.
func TestTheWaitingDialogDoesNotCoverAnother(t *testing.T) {
	f := open(t, "stepdeck: 1\nproject: P\nsteps: []\n")
	question := &dialog.Dialog{Title: "Unlock the vault", Content: widget.NewLabel("…")}
	question.Show(f.win)
	s := &f.place.start
	done := s.waiting("Asking AWS who this would be…")
	f.app.PumpFor(2 * patience)
	if s.wait != nil {
		t.Error("it covers the question")
	}
	question.Close()
	f.app.Until("the waiting dialog", func() bool { return s.wait != nil && s.wait.Visible() })
	done()
	if s.wait != nil {
		t.Error("it stays open")
	}
}
