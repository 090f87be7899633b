package desktop

import (
	"context"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/projects"
	"github.com/stepdeck/stepdeck/screens/settings"
	"github.com/stepdeck/stepdeck/screens/theme"
)

// newSettings makes the place of the settings.
func (w *window) newSettings() *settings.Place {
	v := w.services.Version
	licence, err := app.Licence()
	if err != nil {
		w.log.Error("the licence is missing", "error", err)
	}
	st := w.services.Store
	return settings.New(settings.Deps{
		Choose: w.choose,
		Window: w.win, Keeper: settingKeeper{w.services}, Tools: w.services.Tools, ToolsChanged: func() { go w.findTools() },
		Vault: w.services.Vault, Environments: st.Environments,
		EditEnvironments: func(changed func()) {
			projects.EditEnvironments(projects.Deps{Window: w.win, Environments: st}, changed)
		},
		SetTheme: func(mode string) { w.app.Settings().SetTheme(theme.New(themeMode(mode))) },
		Folder:   st.Dir(), OpenFolder: w.openFolder, System: runtime.GOOS, Licence: licence,
		Newest: w.newest, OpenPage: w.openPage,
		Facts: []settings.Fact{
			{Label: lang.L("Version"), Value: v.Number}, {Label: lang.L("Commit"), Value: v.Commit[:min(12, len(v.Commit))]},
			{Label: lang.L("Built with"), Value: v.Go + " · SQLite " + v.SQLite}, {Label: lang.L("Command"), Value: w.command.Path},
		},
	})
}

func themeMode(name string) theme.Mode {
	return map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark}[name]
}

// openFolder shows a folder in the system's own file manager.
func (w *window) openFolder(path string) error {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") { // C:/Users
		slashed = "/" + slashed
	}
	if err := w.app.OpenURL(&url.URL{Scheme: "file", Path: slashed}); err != nil {
		return model.NewError("folder.open", "The folder %s can't be opened here. Copy its path instead.", path).Because(err)
	}
	return nil
}

// settingKeeper is what the place of the settings asks of the services.
type settingKeeper struct{ services *app.Services }

// Settings implements settings.Keeper.
func (k settingKeeper) Settings() []settings.Setting {
	now := k.services.Now()
	var list []settings.Setting
	for _, s := range app.AllSettings() {
		item := settings.Setting{Key: s.Key, About: s.About, Default: s.Default}
		if now.IsSet(s.Key) {
			item.Value = now.Get(s.Key)
		}
		list = append(list, item)
	}
	return list
}

// Set implements settings.Keeper.
func (k settingKeeper) Set(ctx context.Context, key, value string) error {
	return k.services.Set(ctx, key, value)
}
