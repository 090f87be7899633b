package desktop

import (
	"context"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/app/browser"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/screens"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// Keys of the places.
const (
	placeProjects = "projects"
	placeAccounts = "accounts"
	placePackages = "packages"
	placeRuns     = "runs"
	placeWelcome  = "welcome"
	placeSettings = "settings"
)

func (w *window) accountDeps() accounts.Deps {
	return accounts.Deps{Window: w.win, Store: w.services.Accounts(), Service: w.services.Accounts(), SignIns: w.services.SignIns(),
		OpenURL: w.openSignIn, Watch: w.watch, Elsewhere: elsewhere{w}}
}

func (w *window) packageDeps() packages.Deps {
	return packages.Deps{Choose: w.choose, Window: w.win, Store: w.services.Library(), Library: w.services.Library(), Fonts: w.fonts}
}

// entries creates the places and their entries in the rail.
func (w *window) entries() []screens.Entry {
	w.welcome = w.newWelcome()
	w.projects = w.newProjects()
	w.settings = w.newSettings()
	list := []screens.Entry{
		{Key: placeProjects, Label: lang.L("Projects"), Icon: fynetheme.FolderOpenIcon(), Place: w.projects, Project: true},
		{Key: placeAccounts, Label: lang.L("Accounts"), Icon: fynetheme.AccountIcon(), Place: accounts.New(w.accountDeps())},
		{Key: placePackages, Label: lang.L("Packages"), Icon: fynetheme.StorageIcon(), Place: packages.New(w.packageDeps())},
		{Key: placeWelcome, Label: lang.L("Begin"), Place: w.welcome, Of: placeProjects},
		{Key: placeRuns, Label: lang.L("Runs"), Icon: fynetheme.HistoryIcon(), Place: w.runs},
		{Key: placeSettings, Label: lang.L("Settings"), Icon: fynetheme.SettingsIcon(), Place: w.settings, Bottom: true},
	}
	w.places = map[string]screens.Place{}
	for _, e := range list {
		w.places[e.Key] = e.Place
	}
	return list
}

// saveSecret stores an account's secret key that a run asked for.
func (w *window) saveSecret(ctx context.Context, a model.Account, secretKey string) error {
	return w.services.Accounts().Save(ctx, &a, model.AccountSecrets{SecretKey: secretKey})
}

// Start implements runs.Engine. If the vault is open in this window, the run gets its master key and does not ask again; it gets
// it from the engine's client, once the started command has said that it is of this window's build.
func (w *window) Start(ctx context.Context, req engine.Request, onEvent func(engine.Event)) (*engine.Run, error) {
	if err := w.commandErr.err(); err != nil {
		return nil, err
	}
	key, err := w.services.Secrets().MasterKey(ctx)
	if err != nil {
		w.log.Warn("the run gets no master key", "error", err) // a run that needs it opens the vault itself, or reports why it can't
	}
	req.MasterKey = model.NewSecret(string(key))
	return engine.New(w.command).Start(ctx, req, onEvent)
}

// signIn leads a person through the sign-in of an account.
func (w *window) signIn(a model.Account, done func(ok bool)) {
	accounts.ShowSignIn(w.accountDeps(), a, model.SignInHere, func(_ model.SignIn, ok bool) { done(ok) })
}

// openSignIn opens the page of a sign-in, whose address holds secrets: it is no argument of the browser, which
// gets none of this program's variables. It doesn't wait for the browser.
func (w *window) openSignIn(u *url.URL) error {
	go func() { w.sayNoBrowser(browser.StartOnce(w.ctx, u.String(), w.openAddress)) }()
	return nil
}

func (w *window) openAddress(ctx context.Context, address string) error {
	return browser.Open(ctx, w.services.Settings().Now().Browser(), address)
}

func (w *window) sayNoBrowser(err error) {
	if err != nil {
		fyne.Do(func() { dialog.ShowError(w.win, lang.L("The browser can't be opened"), err) })
	}
}
