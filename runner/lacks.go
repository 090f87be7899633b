package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Lack is a name of Octopus Deploy that a script uses and that it will not have when it runs.
type Lack struct {
	octopus.Use
	Kind     LackKind
	Language model.Language // of the script
}

// LackKind says what it is that a script lacks.
type LackKind string

// The kinds of lacks.
const (
	LackVariable     LackKind = "variable"         // Octopus always has it; the project or whoever starts the run can give it a value
	LackOptional     LackKind = "optional"         // likewise, but Octopus does not always have it either
	LackUnknown      LackKind = "unknown"          // no variable of Octopus that Stepdeck knows
	LackOutput       LackKind = "output"           // no step before sets it
	LackStaticKeys   LackKind = "keys"             // of an account whose keys are not known before a run
	LackHelper       LackKind = "helper"           // the step would fail where it is called
	LackServerHelper LackKind = "helper of server" // it would do nothing
)

// Grave reports whether the script may do something else than its author wants: it would, but for the rest, in Octopus too.
func (l Lack) Grave() bool { return l.Kind != LackOptional && !l.Test }

// Sentence returns what a person should know; what is the script's name, as sentences begin with it.
func (l Lack) Sentence(what string) string {
	switch l.Kind {
	case LackHelper:
		return l.says(what, "it calls %s, a helper of Octopus Deploy that Stepdeck does not have. The step would fail there.")
	case LackServerHelper:
		return l.says(what, "it calls %s, which only tells an Octopus server something. It would do nothing here.")
	case LackOutput:
		return l.says(what, "it reads %q, which no step of this run sets before, so "+l.effect())
	case LackStaticKeys:
		return l.says(what, "it reads %q, but the account has no key of its own that never changes. Call aws instead, which has the "+
			"step's keys; "+l.effect())
	case LackVariable:
		return l.says(what, "it reads %q, which only an Octopus server knows. Give the variable a value in the project, or for the run; "+
			"until then "+l.effect())
	case LackUnknown:
		return l.says(what, "it reads %q, which is no variable that Stepdeck sets. Give the variable a value in the project, or for the run; "+
			"until then "+l.effect())
	}
	return l.says(what, "it reads %q, which nothing here sets, so "+l.effect())
}

func (l Lack) says(what, text string) string {
	return fmt.Sprintf("%s, line %d: "+text, what, l.Line, l.Name)
}

// effect says what a variable without a value does to the script.
func (l Lack) effect() string {
	switch {
	case l.Raises:
		return "the script fails there with a KeyError."
	case l.Language == model.Python:
		return "it is None, or what the script gives as default."
	}
	return "it is empty."
}

// Lacking finds what the scripts of a project lack.
type Lacking struct {
	project    model.Project
	bootstraps script.Bootstraps
	accounts   []model.Account
	scripts    sources // each is read once, also if many steps come after it
}

// NewLacking returns what finds the lacks of a project's steps. accounts are those to which the project's variables can lead.
func NewLacking(p model.Project, b script.Bootstraps, accounts []model.Account) *Lacking {
	return &Lacking{project: p, bootstraps: b, accounts: accounts, scripts: sources{uses: map[scriptText]octopus.Uses{}}}
}

// Of returns the names of Octopus Deploy that a step's own script uses and that nobody defines: not the step, not the project in
// any environment, not a run by itself. The script of a step in a package or folder is not looked at.
func (l *Lacking) Of(ctx context.Context, s model.Step) []Lack {
	if s.Script.Source != model.SourceInline {
		return nil
	}
	v, err := newValues(ctx, unscoped(l.project), "", nil, hide)
	if err != nil { // can't happen: nothing hidden is read
		return nil
	}
	v.accounts = l.accounts
	own, _ := newLayer(ctx, s.Values, hide)
	v.layers[layerStep], v.layers[layerOctopusStep] = own, newOctopusStepLayer(1, s)
	v.layers[layerOctopusRun] = newOctopusLayer(someRun(l.project))
	_, index := l.project.Step(s.Name)
	r := resolver{vars: v, earlier: l.project.Steps[:max(index, 0)], usesOf: l.scripts.usesOf}
	list := r.lacks(l.scripts.usesOf(s.Script.Language, s.Script.Body), l.bootstraps, s.Script.Language)
	return slices.DeleteFunc(list, func(l Lack) bool { return l.Kind != LackHelper && model.IsPackageVariable(s.Script.Packages, l.Name) })
}

// unscoped returns the project with each value for all environments.
func unscoped(p model.Project) model.Project {
	p.Variables = slices.Clone(p.Variables)
	for i := range p.Variables {
		p.Variables[i].Scope = nil
	}
	return p
}

// someRun returns a run of the project, in one of its environments if it has any.
func someRun(p model.Project) octopus.Run {
	o := octopus.Run{Who: "user@host", Project: p}
	if len(p.Environments) > 0 {
		o.Environment.Name = p.Environments[0]
	}
	return o
}

// warnOfLacks adds a warning for each name of Octopus that the step's script uses and that it will not have, or a notice if it does
// without.
func (r resolver) warnOfLacks(p *StepPlan, uses octopus.Uses, b script.Bootstraps) {
	what := "the script"
	if p.Entry != "" {
		what = p.Entry
	}
	for _, l := range r.lacks(uses, b, p.Language) {
		if l.Grave() {
			p.Warnings = append(p.Warnings, l.Sentence(what))
		} else {
			p.Notices = append(p.Notices, l.Sentence(what))
		}
	}
}

// helpersOf returns the helpers that scripts of a language have.
func helpersOf(b script.Bootstraps, language model.Language) octopus.Functions {
	switch language {
	case model.PowerShell:
		return octopus.FunctionsOf(language, b.PowerShell)
	case model.Bash:
		return octopus.FunctionsOf(language, b.Bash, b.BashHelpers)
	case model.Python:
		return octopus.Named(script.PythonHelpers()...)
	}
	return octopus.Functions{}
}

// lacks returns what a script uses that it will not have.
func (r resolver) lacks(uses octopus.Uses, b script.Bootstraps, language model.Language) []Lack {
	var list []Lack
	helpers := sync.OnceValue(func() octopus.Functions { return helpersOf(b, language) }) // most scripts call none
	for _, u := range uses.Own() {
		if kind := r.lackOf(u); kind != "" && !u.Expression { // an expression that has no value is told of where it stands
			list = append(list, Lack{u, kind, language})
		}
	}
	for _, u := range uses.Variables {
		if r.vars.lacksKeys(u.Name) && !u.Expression {
			list = append(list, Lack{u, LackStaticKeys, language})
		}
	}
	for _, u := range uses.Helpers {
		switch {
		case octopus.NeedsServer(u.Name):
			list = append(list, Lack{u, LackServerHelper, language})
		case !helpers().Has(u.Name):
			list = append(list, Lack{u, LackHelper, language})
		}
	}
	return list
}

// lackOf returns why a variable of Octopus has no value; empty if it has one, or may get one before the script runs.
func (r resolver) lackOf(u octopus.Use) LackKind {
	if _, known := r.vars.find(u.Name); known || !r.final && r.mayComeLater(u.Name) {
		return ""
	}
	v, found := octopus.Lookup(u.Name)
	switch {
	case strings.HasPrefix(model.NameKey(u.Name), "octopus.action["):
		return LackOutput
	case !found:
		return LackUnknown
	case v.Source == octopus.Given:
		return LackVariable
	}
	return LackOptional
}
