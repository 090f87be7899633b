package desktop

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/runs"
	"github.com/stepdeck/stepdeck/screens/settings"
	"github.com/stepdeck/stepdeck/screens/welcome"
)

// newWelcome makes the place where a person starts.
func (w *window) newWelcome() *welcome.Place {
	return welcome.New(welcome.Deps{
		Choose: w.choose,
		Window: w.win, Store: w.services.Store, Maker: maker{keeper{w.services}, w.scripts}, Packages: w.packageDeps(), Fonts: w.fonts,
		Tools: w.toolsHere, Sample: w.trySample, Import: w.chooseImport, NewProject: func() {
			w.frame.Go(placeProjects)
			w.projects.New()
		},
		ShowTools: func() { w.frame.Go(placeSettings, "tools") }, Made: w.made,
	})
}

// saidFor is how long a word stands in the status bar.
const saidFor = 20 * time.Second

// say shows a word in the status bar for a while.
func (w *window) say(text string) {
	w.said++
	turn := w.said
	w.frame.Say(text)
	time.AfterFunc(saidFor, func() {
		fyne.Do(func() {
			if turn == w.said {
				w.frame.Say("")
			}
		})
	})
}

// begin leads to the ways to begin.
func (w *window) begin() { w.frame.Go(placeWelcome, "") }

// maker is what the page behind a script or package asks of the services.
type maker struct {
	keeper
	scripts *seenScripts
}

// Begin implements welcome.Maker.
func (m maker) Begin(ctx context.Context, b welcome.Beginning) (welcome.Begun, error) {
	made, err := m.Services.Begin(ctx, app.Beginning{
		Account: b.Account, Secrets: b.Secrets,
		Project: b.Project, Step: b.Step,
	})
	if err != nil {
		return welcome.Begun{}, err
	}
	if b.Step.Script.Source == model.SourceInline { // it stood on the page
		if err := m.scripts.MarkSeen(ctx, model.ScriptHash(b.Step.Script.Body)); err != nil {
			return welcome.Begun{}, err
		}
	}
	return welcome.Begun(made), nil
}

// TryAccount implements welcome.Maker.
func (m maker) TryAccount(ctx context.Context, a model.Account, s model.AccountSecrets) (accounts.Tested, error) {
	v, err := m.Services.TryAccount(ctx, a, s)
	if err != nil {
		return accounts.Tested{}, err
	}
	return tested(v), nil
}

// made shows what the page made, and runs it where that is wanted.
func (w *window) made(b welcome.Begun, run bool) {
	w.frame.Go(placeProjects, b.Project)
	w.say(madeText(b))
	if run {
		w.runs.Start(runs.Wanted{Project: b.Project, Steps: []string{b.Step}, Shown: true})
	}
}

func madeText(b welcome.Begun) string {
	var parts []string
	add := func(is bool, text, name string) {
		if is {
			parts = append(parts, text+" “"+name+"”")
		}
	}
	add(b.NewAccount, lang.L("account"), b.Account)
	add(b.NewVariable, lang.L("variable"), b.Variable)
	add(b.NewProject, lang.L("project"), b.Project)
	add(true, lang.L("step"), b.Step)
	return lang.L("Made:") + " " + strings.Join(parts, ", ")
}

// trySample leads to a finished run of the sample. It reaches nothing but the sandbox, so nothing is asked.
func (w *window) trySample(done func(error)) {
	go func() {
		sample, err := w.services.TrySample(w.ctx)
		fyne.Do(func() {
			done(err)
			if err != nil {
				return
			}
			if len(sample.Missing) > 0 {
				w.say(lang.L("Steps for {{.Tools}} are left out: this computer has none.", map[string]any{"Tools": strings.Join(sample.Missing, ", ")}))
			}
			w.runs.Start(runs.Wanted{Project: sample.Project, Steps: sample.Steps, Shown: true})
		})
	}()
}

// toolsHere finds the programs that scripts need. Each may take a while to answer.
func (w *window) toolsHere(ctx context.Context) []welcome.Tool {
	kinds := settings.Kinds(runtime.GOOS)
	found := make([]welcome.Tool, len(kinds))
	var all sync.WaitGroup
	for i, kind := range kinds {
		all.Go(func() {
			tool, err := w.services.Tools.Find(ctx, kind)
			version, _, _ := strings.Cut(tool.Version, "(") // Bash says 5.2.15(1)-release
			found[i] = welcome.Tool{Name: toolName(kind), Version: version, Err: err, Needed: kind == script.AWS}
		})
	}
	all.Wait()
	return found
}
