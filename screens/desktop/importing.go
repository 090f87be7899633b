package desktop

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// importFiles shows what project files and exports of Octopus, or folders of them, would change, and imports them after the user has
// confirmed.
func (w *window) importFiles(paths []string) {
	go func() {
		read, err := w.readImports(w.ctx, paths, projects.OctopusOptions{})
		var deps importDeps
		if err == nil {
			deps, err = w.importDeps(paths)
		}
		fyne.Do(func() {
			switch {
			case err != nil:
				w.importFailed(err)
			case len(read.imports) == 1 && read.imports[0].Octopus == nil:
				w.askImport(read.imports[0])
			default:
				newImportSheet(deps, read).show()
			}
		})
	}()
}

func (w *window) importFailed(err error) {
	dialog.ShowError(w.win, lang.L("The file can't be imported"), err)
}

func (w *window) importDeps(paths []string) (importDeps, error) {
	deps := importDeps{window: w.win, apply: w.apply, read: func(ctx context.Context, o projects.OctopusOptions) (importRead, error) {
		return w.readImports(ctx, paths, o)
	}}
	known, err := w.services.Projects().Projects(w.ctx)
	if err != nil {
		return deps, err
	}
	for _, p := range known {
		deps.projects = append(deps.projects, p.Name)
	}
	deps.accounts, err = w.services.Accounts().Accounts(w.ctx)
	return deps, err
}

func (w *window) readImports(ctx context.Context, paths []string, o projects.OctopusOptions) (read importRead, err error) {
	files, err := projects.FindImportFiles(paths)
	if err != nil {
		return importRead{}, err
	}
	for _, path := range files.Projects {
		// Without a source of secrets: the window reads none from where a file points, and a run asks for missing ones.
		imp, err := w.services.Projects().ReadProject(ctx, path, nil)
		if err != nil {
			return importRead{}, err
		}
		read.imports = append(read.imports, imp)
	}
	if len(files.Octopus) > 0 {
		octopus, err := w.services.Projects().ReadOctopus(ctx, files.Octopus, o)
		if err != nil {
			return importRead{}, err
		}
		read.imports, read.skipped = append(read.imports, octopus.Imports...), octopus.Skipped
	}
	return read, projects.CheckNames(read.imports)
}

func (w *window) askImport(read *projects.Import) {
	dialog.Ask(w.win, dialog.Question{
		Title: lang.L("Import {{.Project}}", map[string]any{"Project": read.File.Project.Name}),
		Text:  importText(read), Yes: lang.L("Import"), Danger: len(read.Removed) > 0, OnYes: func() { w.apply([]*projects.Import{read}) },
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

func (w *window) apply(imports []*projects.Import) {
	go func() {
		err := w.services.Projects().Apply(context.WithoutCancel(w.ctx), imports)
		fyne.Do(func() {
			if err != nil {
				w.importFailed(err)
				return
			}
			w.frame.Go(placeProjects)
			w.openProject(imports[0].File.Project.Name)
		})
	}()
}
