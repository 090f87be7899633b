package desktop

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/runs"
	"github.com/stepdeck/stepdeck/screens/welcome"
)

func (w *window) newWelcome() *welcome.Place {
	return welcome.New(welcome.Deps{
		Choose: w.choose, Window: w.win, Fonts: w.fonts,
		Accounts: w.services.Accounts(), Projects: w.services.Projects(), Packages: w.packageDeps(),
		AddAccount: func(kind model.AccountKind, done func(model.Account)) {
			accounts.Edit(w.accountDeps(), model.Account{Kind: kind}, done)
		},
		Tools: w.services.Settings().Tools().Here, Sample: w.trySample, Import: w.chooseImport,
		NewProject: func() {
			w.frame.Go(placeProjects)
			w.projects.New()
		},
		ShowTools: func() { w.frame.Go(placeSettings, "tools") }, Made: w.created,
	})
}

// messageTime is how long a message is shown in the status bar.
const messageTime = 20 * time.Second

// say shows a message in the status bar for a while.
func (w *window) say(text string) {
	w.messages++
	message := w.messages
	w.frame.Say(text)
	time.AfterFunc(messageTime, func() {
		fyne.Do(func() {
			if message == w.messages {
				w.frame.Say("")
			}
		})
	})
}

func (w *window) openWelcome() { w.frame.Go(placeWelcome, "") }

// created shows what the welcome page created, and runs it if requested.
func (w *window) created(b projects.CreatedStep, run bool) {
	w.frame.Go(placeProjects, b.Project)
	w.say(createdText(b))
	if run {
		w.runs.Start(runs.Wanted{Project: b.Project, RunOptions: model.RunOptions{Steps: []string{b.Step}}, Shown: true})
	}
}

func createdText(b projects.CreatedStep) string {
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
	return lang.L("Created:") + " " + strings.Join(parts, ", ")
}

// trySample creates the sample and runs it. The sample reaches only the sandbox, so nothing is asked first.
func (w *window) trySample(done func(error)) {
	go func() {
		sample, err := w.services.Projects().TrySample(w.ctx)
		fyne.Do(func() {
			done(err)
			if err != nil {
				return
			}
			if len(sample.Missing) > 0 {
				w.say(lang.L("Steps for {{.Tools}} were left out: not installed on this computer.",
					map[string]any{"Tools": strings.Join(sample.Missing, ", ")}))
			}
			w.runs.Start(runs.Wanted{Project: sample.Project, RunOptions: model.RunOptions{Steps: sample.Steps}, Shown: true})
		})
	}()
}
