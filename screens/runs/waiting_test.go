package runs

import (
	"testing"

	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// Whoever is asked for the vault's passphrase while a run is looked at can answer: the word that tells of the waiting does
// not come over the question.
func TestTheWaitingCoversNoQuestion(t *testing.T) {
	f := open(t, "stepdeck: 1\nproject: P\nsteps: []\n")
	question := &dialog.Dialog{Title: "Unlock the vault", Content: widget.NewLabel("…")}
	question.Show(f.win)
	s := &f.place.start
	done := s.waiting("Asking AWS who this would be…")
	f.app.PumpFor(2 * patience)
	if s.wait != nil {
		t.Error("it stands before the question")
	}
	question.Close()
	f.app.Until("the word", func() bool { return s.wait != nil && s.wait.Visible() })
	done()
	if s.wait != nil {
		t.Error("it stays")
	}
}
