//go:build !windows

package projects

import "github.com/stepdeck/stepdeck/model"

// defaultLanguage is what this system can run without anything being installed.
func defaultLanguage() model.Language { return model.Bash }
