package desktop

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/octopusimport"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
)

// mostReported is how many lines a report shows; the command prints all of them.
const mostReported = 500

// reportText describes what each import would do: what is missing first, then what is another thing here.
func reportText(imports []*projects.Import, skipped []string) string {
	var lines []string
	for _, imp := range imports {
		if len(imports) > 1 {
			lines = append(lines, strings.ToUpper(imp.File.Project.Name))
		}
		lines = append(lines, strings.Split(importText(imp), "\n")...)
		if imp.Octopus != nil {
			lines = append(lines, itemLines(imp.Octopus.Items)...)
		}
		lines = append(lines, "")
	}
	for _, path := range skipped {
		lines = append(lines, lang.L("{{.File}} is nothing of Octopus and is left out.", map[string]any{"File": path}))
	}
	if more := len(lines) - mostReported; more > 0 {
		lines = append(lines[:mostReported], lang.L("And {{.Count}} more lines: stepdeck import --dry-run prints them all.",
			map[string]any{"Count": more}))
	}
	return strings.TrimSpace(model.SafeBlock(strings.Join(lines, "\n")))
}

func itemLines(items []octopusimport.Item) []string {
	var lines []string
	add := func(title string, outcome octopusimport.Outcome) {
		count := octopusimport.Count(items, outcome)
		if count == 0 {
			return
		}
		lines = append(lines, "", fmt.Sprintf("%s (%d)", title, count))
		for _, i := range items {
			if i.Outcome() == outcome {
				lines = append(lines, itemText(i)...)
			}
		}
	}
	add(lang.L("Missing"), octopusimport.Missing)
	add(lang.L("Changed"), octopusimport.Changed)
	add(lang.L("Taken as it is"), octopusimport.Taken)
	return lines
}

func itemText(i octopusimport.Item) []string {
	lines := []string{"• " + i.Title()}
	if i.Outcome() == octopusimport.Taken {
		return lines
	}
	for _, f := range i.Findings {
		if f.Outcome != octopusimport.Taken {
			lines = append(lines, "    "+strings.TrimSpace(f.Text+" "+f.Do))
		}
	}
	return lines
}
