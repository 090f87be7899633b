package runner

import (
	"context"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
)

// need is how sure it is that a step uses a variable.
type need int

const (
	needNone    need = iota
	needPerhaps      // its script makes up names, or may be any; or the project gives it an environment variable that its script may read
	needSure         // its script or one of its fields names the variable, or a value that leads to the variable
)

// needOf returns how sure it is that a step uses a variable.
func (p *planner) needOf(ctx context.Context, s StepPlan, q Prompt) need {
	name := q.Variable.Name
	switch {
	case model.NameKey(q.Step) != model.NameKey(whose(s.Step, name)):
		return needNone
	case q.Step != "":
		return needSure
	}
	vars := *p.values
	vars.layers[layerStep] = s.own
	scripts := p.uses(ctx, &s)
	n := usedNames{vars: &vars, seen: map[string]bool{}}
	n.script(scripts)
	for _, texts := range fieldTexts(s.Step) {
		for _, text := range texts {
			n.text(text)
		}
	}
	n.add(strings.TrimSpace(s.Step.AWS.Account)) // the name of a variable
	var others []string                          // in environment variables that the script may not read
	for _, e := range s.env {
		if hasEnvVar(s.Step, e.name) || scripts.Mentions(e.name) {
			n.text(e.text)
		} else {
			others = append(others, e.text)
		}
	}
	n.follow()
	switch key := model.NameKey(name); {
	case n.seen[key]:
		return needSure
	case scripts.Reads(name):
		return needPerhaps
	default:
		for _, text := range others {
			n.text(text)
		}
		n.follow()
		if n.seen[key] {
			return needPerhaps
		}
	}
	return needNone
}

func hasEnvVar(s model.Step, name string) bool {
	return slices.ContainsFunc(s.EnvVars, func(e model.EnvVar) bool { return e.Key() == model.EnvVar{Name: name}.Key() })
}

// usedNames collects the variables that texts name, and those that the values of these name.
type usedNames struct {
	vars  *values
	seen  map[string]bool // by name key
	queue []string        // values whose expressions are still to be looked at
}

// text adds the names in the expressions of a text.
func (n *usedNames) text(text string) {
	if !model.HasExpression(text) {
		return
	}
	for _, u := range octopus.Find("", text).Variables {
		n.add(u.Name)
	}
}

// script adds the names that a script reads.
func (n *usedNames) script(u octopus.Uses) {
	for _, v := range u.Variables {
		n.add(v.Name)
	}
	for _, e := range n.vars.effective() {
		if u.HasLocal(e.name) {
			n.add(e.name)
		}
	}
}

// add adds the variable that a name leads to: the one of that very name, or one whose value or properties the name leads into.
func (n *usedNames) add(name string) {
	for name != "" {
		key := model.NameKey(name)
		if n.seen[key] {
			return
		}
		if e, known := n.vars.defined(name); known {
			n.seen[key] = true
			n.queue = append(n.queue, e.text)
			return
		}
		name = name[:max(0, strings.LastIndexAny(name, ".["))]
	}
}

// follow adds what the values of the names lead to.
func (n *usedNames) follow() {
	for len(n.queue) > 0 {
		text := n.queue[0]
		n.queue = n.queue[1:]
		n.text(text)
	}
}
