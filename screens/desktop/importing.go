package desktop

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// importFile shows what a project file would change, and imports it after the user has confirmed.
func (w *window) importFile(path string) {
	go func() {
		// Without a source of secrets: the window reads none from where a file points, and a run asks for missing ones.
		read, err := w.services.Projects().ReadProject(w.ctx, path, nil)
		fyne.Do(func() {
			if err != nil {
				dialog.ShowError(w.win, lang.L("The file can't be imported"), err)
				return
			}
			w.askImport(read)
		})
	}()
}

func (w *window) askImport(read *projects.Import) {
	dialog.Ask(w.win, dialog.Question{
		Title: lang.L("Import {{.Project}}", map[string]any{"Project": read.File.Project.Name}),
		Text:  importText(read), Yes: lang.L("Import"), Danger: len(read.Removed) > 0, OnYes: func() { w.apply(read) },
	})
}

// importText describes what an import would do. Removals come first, so that a long list of changes does not hide them.
func importText(read *projects.Import) string {
	var parts []string
	part := func(head string, lines []string) {
		if len(lines) > 0 {
			parts = append(parts, head+"\n"+strings.Join(lines, "\n"))
		}
	}
	part(lang.L("Will be removed:"), read.Removed)
	part(lang.L("Note:"), read.Notes)
	part(lang.L("Changes:"), read.Changes)
	if len(read.Removed)+len(read.Changes) == 0 {
		parts = append([]string{lang.L("No changes.")}, parts...)
	}
	return strings.Join(parts, "\n\n")
}

func (w *window) apply(read *projects.Import) {
	go func() {
		err := w.services.Projects().Apply(context.WithoutCancel(w.ctx), []*projects.Import{read})
		fyne.Do(func() {
			if err != nil {
				dialog.ShowError(w.win, lang.L("The file can't be imported"), err)
				return
			}
			w.frame.Go(placeProjects)
			w.openProject(read.File.Project.Name)
		})
	}()
}
