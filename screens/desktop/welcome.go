package desktop

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/screens/runs"
	"github.com/stepdeck/stepdeck/screens/welcome"
)

// newWelcome makes the place where a person starts.
func (w *window) newWelcome() *welcome.Place {
	return welcome.New(welcome.Deps{
		Choose: w.choose,
		Window: w.win, Accounts: w.services.Accounts(), Projects: w.services.Projects(), Packages: w.packageDeps(), Fonts: w.fonts,
		Tools: w.services.Settings().Tools().Here, Sample: w.trySample, Import: w.chooseImport, NewProject: func() {
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

// made shows what the page made, and runs it where that is wanted.
func (w *window) made(b projects.Begun, run bool) {
	w.frame.Go(placeProjects, b.Project)
	w.say(madeText(b))
	if run {
		w.runs.Start(runs.Wanted{Project: b.Project, Steps: []string{b.Step}, Shown: true})
	}
}

func madeText(b projects.Begun) string {
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
		sample, err := w.services.Projects().TrySample(w.ctx)
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
