package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// running shows the running runs in the status bar and returns their number.
func (w *window) running() int {
	list, err := w.services.Runs().Runs(w.ctx, model.RunFilter{Status: model.Running})
	if err != nil {
		w.log.Warn("look for running runs", "error", err)
		return 0
	}
	running := make([]screens.RunningRun, len(list))
	for i, r := range list {
		running[i] = screens.RunningRun{ID: r.ID, Project: r.Project, Environment: r.Environment}
	}
	fyne.Do(func() { w.frame.SetRunning(running) })
	return len(running)
}

// sweep marks runs whose engine was killed as interrupted, and returns how many are still running.
func (w *window) sweep(running int) int {
	marked, err := w.services.Runs().Sweep(w.ctx)
	if err != nil {
		w.log.Warn("look for runs that have died", "error", err)
	}
	if len(marked) == 0 {
		return running
	}
	fyne.Do(w.changed)
	return w.running()
}

// findTools shows the tools that scripts can use. Each may take a while to answer.
func (w *window) findTools() {
	found := w.services.Settings().Tools().Here(w.ctx)
	fyne.Do(func() { w.frame.SetTools(found) })
}

// checkEngine reports at the start if the command beside the window is missing or is of another build.
func (w *window) checkEngine() {
	err := w.commandErr.err()
	if err == nil {
		err = engine.New(w.command).Check(w.ctx)
	}
	if err == nil || w.ctx.Err() != nil {
		return
	}
	w.commandErr.set(err)
	w.log.Error("the command can't be used", "error", err)
	fyne.Do(func() { dialog.ShowError(w.win, lang.L("Nothing can run"), err) })
}
