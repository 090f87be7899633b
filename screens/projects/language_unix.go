//go:build !windows

package projects

import (
	"github.com/stepdeck/stepdeck/model"
)

// defaultLanguage returns the language that this system can run without further installation.
func defaultLanguage() model.Language { return model.Bash }
