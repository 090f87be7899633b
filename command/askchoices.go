package command

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// menuRows is how many of a prompt's choices are listed at once.
const menuRows = 20

// choiceMenu lists the choices that AWS has for a prompt, when a person asks for them.
type choiceMenu struct {
	cli    *cli
	prompt model.Prompt
	read   func() (runner.Choices, error)

	loaded *runner.Choices // nil: nobody has asked yet
	shown  []menuItem      // that have a number
}

// introduce says how to get the choices, and which command is run for them.
func (m *choiceMenu) introduce() {
	m.cli.say("Answer ? for the values that AWS has, or ?TEXT for those with TEXT in them. It asks with: %s", m.prompt.Choices.CommandLine())
}

// list lists the choices that answer asks for. It reports false if answer is no question.
func (m *choiceMenu) list(answer string) bool {
	filter, asked := strings.CutPrefix(strings.TrimSpace(answer), "?")
	if !asked {
		return false
	}
	if m.loaded == nil {
		list, err := m.read()
		if err != nil {
			m.cli.say("%s", block(sentence(err)))
			return true
		}
		m.loaded = &list
		m.cli.sayWho(list)
	}
	m.shown = nil
	more := 0
	for _, o := range m.loaded.List {
		switch {
		case !o.Matches(filter):
		case len(m.shown) == menuRows:
			more++
		default:
			m.shown = append(m.shown, menuItem{o.Value, labelOf(o)})
		}
	}
	m.cli.show(m.shown)
	switch {
	case more > 0:
		m.cli.say("There are %d more. Narrow them down with ?TEXT.", more)
	case len(m.shown) == 0 && len(m.loaded.List) > 0:
		m.cli.say("None has %q in it.", strings.TrimSpace(filter))
	}
	return true
}

// menu returns what a person can choose from once the choices are loaded.
func (m *choiceMenu) menu() menu {
	if m.loaded == nil {
		return menu{}
	}
	all := make([]menuItem, len(m.loaded.List))
	for i, o := range m.loaded.List {
		all[i] = menuItem{o.Value, labelOf(o)}
	}
	return menu{m.shown, all}
}

func labelOf(o model.Choice) string {
	if o.Label == "" {
		return o.Value
	}
	return o.Label
}

// accept returns an error if an answer is none of the values that AWS has, as far as they are known. What expressions come to is not.
func (m *choiceMenu) accept(answer string) error {
	if m.loaded == nil || model.HasExpression(answer) {
		return nil
	}
	return m.loaded.Check(m.prompt, answer)
}
