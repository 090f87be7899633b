package runner

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/substitute/filters"
)

// codeNoFile is the code of the error that there is no usable file.
const codeNoFile = "run.value.file"

// CheckParameter says why a value without expressions can't be a parameter's, or returns nil. It looks whether files exist.
func CheckParameter(p model.Parameter, value string) error {
	if err := p.CheckValue(value); err != nil {
		return err
	}
	for _, v := range p.Values(value) {
		if p.Control == model.ControlFile && v != "" {
			if err := findFile(v); err != nil {
				return err
			}
		}
		if p.Pattern != "" && !matches(p, v) {
			return model.NewError("script.arguments.pattern", "The parameter %s can't have that value: it does not match the script's pattern %s.",
				p.Name, strings.TrimPrefix(p.Pattern, "(?i)"))
		}
	}
	return nil
}

// matches reports whether a value matches the parameter's pattern. What can't be decided here is left to PowerShell.
func matches(p model.Parameter, value string) bool {
	if whole, ok := p.Rounded(value); ok {
		value = whole
	}
	found, err := filters.Matches(p.Pattern, value)
	return found || err != nil
}
