package desktop

import (
	"net/url"
	"path/filepath"
	"runtime"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/looks"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/projects"
	"github.com/stepdeck/stepdeck/screens/settings"
	"github.com/stepdeck/stepdeck/screens/theme"
)

func (w *window) newSettings() *settings.Place {
	v := w.services.Version()
	licence, err := looks.Licence()
	if err != nil {
		w.log.Error("the licence is missing", "error", err)
	}
	environments := w.services.Projects()
	return settings.New(settings.Deps{
		Choose: w.choose, Window: w.win, Settings: w.services.Settings(),
		Tools: w.services.Settings().Tools(), ToolsChanged: func() { go w.findTools() },
		Vault: w.services.Secrets(), Environments: environments.Environments,
		EditEnvironments: func(changed func()) {
			projects.EditEnvironments(projects.Deps{Window: w.win, Environments: environments}, changed)
		},
		SetTheme: func(mode string) { w.app.Settings().SetTheme(theme.New(themeMode(mode))) },
		Folder:   w.services.Data().Dir(), OpenFolder: w.openFolder, System: runtime.GOOS, Licence: licence,
		Newest: w.services.Settings().Newest, OpenPage: w.openPage,
		Facts: []settings.Fact{
			{Label: lang.L("Version"), Value: v.Number}, {Label: lang.L("Commit"), Value: v.Commit},
			{Label: lang.L("Built with"), Value: v.Go + " · SQLite " + v.SQLite}, {Label: lang.L("Command"), Value: w.command.Path},
		},
	})
}

func themeMode(name string) theme.Mode {
	return map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark}[name]
}

// openFolder shows a folder in the system's file manager.
func (w *window) openFolder(path string) error {
	if err := w.openPath(path); err != nil {
		return model.NewError("folder.open", "The folder %s can't be opened. Copy its path instead.", path).Because(err)
	}
	return nil
}

// openPath opens a folder or a document with the system's program for it.
func (w *window) openPath(path string) error {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") { // C:/Users
		slashed = "/" + slashed
	}
	if err := w.app.OpenURL(&url.URL{Scheme: "file", Path: slashed}); err != nil {
		return model.NewError("path.open", "The system has no program to open %s.", path).Because(err)
	}
	return nil
}
