package command

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// menuItem is a value that a person can choose by its number in a list.
type menuItem struct{ value, label string }

// menuOf returns the options of a prompt.
func menuOf(p model.Prompt) []menuItem {
	items := make([]menuItem, len(p.Options))
	for i, o := range p.Options {
		items[i] = menuItem{o, p.OptionLabel(i)}
	}
	return items
}

// show prints the items with their numbers.
func (c *cli) show(items []menuItem) {
	width := len(strconv.Itoa(len(items)))
	for i, item := range items {
		line := fmt.Sprintf("  %*d) %s", width, i+1, item.value)
		if item.label != item.value {
			line += "  " + item.label
		}
		c.say("%s", line)
	}
}

// menu is what a person can choose from.
type menu struct {
	shown []menuItem // with their numbers
	all   []menuItem // these and those that are not shown
}

// pick returns the value that an answer means: a value, or else the number of one that is shown, or else a label that only one value
// has. Any other answer is returned as it is; ambiguous says why one means nothing.
func (m menu) pick(answer string) (value string, ambiguous error) {
	answer = strings.TrimSpace(answer)
	for _, item := range m.all {
		if item.value == answer {
			return answer, nil
		}
	}
	if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(m.shown) {
		return m.shown[n-1].value, nil
	}
	var found []string
	for _, item := range m.all {
		if strings.EqualFold(item.label, answer) || strings.EqualFold(item.value, answer) {
			found = append(found, item.value)
		}
	}
	switch len(found) {
	case 0:
		return answer, nil
	case 1:
		return found[0], nil
	}
	return "", model.NewError("ask.ambiguous", "%s can mean several values: %s. Enter one of them, or its number in the list.",
		model.SafeQuote(answer, 200), model.SafeLine(strings.Join(found, ", ")))
}

// pickSeveral is pick for answers with commas between them.
func (m menu) pickSeveral(answer string) (string, error) {
	parts := model.SplitOptions(answer)
	for i, part := range parts {
		var err error
		if parts[i], err = m.pick(part); err != nil {
			return "", err
		}
	}
	return strings.Join(parts, ","), nil
}
