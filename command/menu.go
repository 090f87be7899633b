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

// pick returns the value that an answer means: it may be a value, a label or a number, in this order, so that a value which is a
// number means itself. Any other answer is returned as it is.
func pick(items []menuItem, answer string) string {
	answer = strings.TrimSpace(answer)
	for _, item := range items {
		if item.value == answer {
			return item.value
		}
	}
	for _, item := range items {
		if strings.EqualFold(item.label, answer) || strings.EqualFold(item.value, answer) {
			return item.value
		}
	}
	if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(items) {
		return items[n-1].value
	}
	return answer
}

// pickSeveral is pick for answers with commas between them.
func pickSeveral(items []menuItem, answer string) string {
	parts := model.SplitOptions(answer)
	for i, part := range parts {
		parts[i] = pick(items, part)
	}
	return strings.Join(parts, ",")
}
