package command

import (
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/app/octopusimport"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
)

// importRecord is a line of `import --json`.
type importRecord struct {
	Project  string             `json:"project"`
	Source   string             `json:"source" about:"the file, or all that the project was made of"`
	Imported bool               `json:"imported" about:"false: --dry-run, or the person said no"`
	New      bool               `json:"new" about:"the project does not exist here yet"`
	Changes  []string           `json:"changes" about:"sentences"`
	Removed  []string           `json:"removed" about:"sentences"`
	Notes    []string           `json:"notes" about:"sentences"`
	Items    []importItemRecord `json:"items" about:"of an export of Octopus: what became of each thing in it"`
	Asked    []importAsked      `json:"asked" about:"variables of which the export has no value"`
	Accounts []importAccount    `json:"accounts" about:"accounts of Octopus that variables name"`
}

// importItemRecord is one thing of an export.
type importItemRecord struct {
	Kind     octopusimport.Kind    `json:"kind"`
	Name     string                `json:"name"`
	Step     string                `json:"step" about:"to which a parameter belongs"`
	Outcome  octopusimport.Outcome `json:"outcome" about:"the worst of its findings: taken, changed or missing"`
	Findings []importFinding       `json:"findings"`
}

// importFinding is one sentence about an item.
type importFinding struct {
	Outcome octopusimport.Outcome `json:"outcome"`
	Text    string                `json:"text"`
	Do      string                `json:"do" about:"what a person can do; empty: nothing"`
}

type importAsked struct {
	Name     string `json:"name"`
	Help     string `json:"help"`
	OfServer bool   `json:"ofServer" about:"only an Octopus server knows it; false: nothing in the export defines it"`
}

type importAccount struct {
	ID   string `json:"id"`
	Name string `json:"name" about:"empty if the export has only the id"`
	Here string `json:"here" about:"the account that takes its place; empty: none yet"`
}

func newImportRecord(imp *projects.Import, imported bool) importRecord {
	r := importRecord{
		Project: imp.File.Project.Name, Source: imp.Path, Imported: imported, New: imp.New,
		Changes: append([]string{}, imp.Changes...), Removed: append([]string{}, imp.Removed...), Notes: append([]string{}, imp.Notes...),
		Items: []importItemRecord{}, Asked: []importAsked{}, Accounts: []importAccount{},
	}
	if imp.Octopus == nil {
		return r
	}
	for _, i := range imp.Octopus.Items {
		item := importItemRecord{Kind: i.Kind, Name: i.Name, Step: i.Step, Outcome: i.Outcome(), Findings: []importFinding{}}
		for _, f := range i.Findings {
			item.Findings = append(item.Findings, importFinding{f.Outcome, f.Text, f.Do})
		}
		r.Items = append(r.Items, item)
	}
	for _, a := range imp.Octopus.Asked {
		r.Asked = append(r.Asked, importAsked{a.Name, a.Help, a.OfServer})
	}
	for _, a := range imp.Octopus.Accounts {
		r.Accounts = append(r.Accounts, importAccount(a))
	}
	return r
}

// showOctopus shows what became of each thing of an export: what needs a look with its sentences, the rest by its name.
func (c *cli) showOctopus(imp *projects.Import) {
	if imp.Octopus == nil {
		return
	}
	items := imp.Octopus.Items
	c.say("  From Octopus: %d taken as they are, %d changed, %d missing something.", octopusimport.Count(items, octopusimport.Taken),
		octopusimport.Count(items, octopusimport.Changed), octopusimport.Count(items, octopusimport.Missing))
	c.showTaken(items)
	for _, outcome := range []octopusimport.Outcome{octopusimport.Changed, octopusimport.Missing} {
		for _, i := range items {
			if i.Outcome() == outcome {
				c.showItem(i)
			}
		}
	}
	if flags := openChoices(imp); len(flags) > 0 {
		c.say("  What is open can be given with: %s", strings.Join(flags, " "))
	}
}

// openChoices returns the flags that give an import from Octopus the accounts and values that it lacks, each kind once.
func openChoices(imp *projects.Import) (flags []string) {
	for _, a := range imp.Octopus.Accounts {
		if a.Here == "" {
			flags = append(flags, "--account "+orPlaceholder(a.ID, "ID")+"=NAME")
			break
		}
	}
	isOpen := func(v model.Variable) bool { return v.Type == model.TypeAWSAccount && v.Value == "" }
	if imp.Octopus.Nameless && slices.ContainsFunc(imp.File.Project.Variables, isOpen) {
		flags = append(flags, "--account NAME")
	}
	if len(imp.Octopus.Asked) > 0 {
		flags = append(flags, "--set "+orPlaceholder(imp.Octopus.Asked[0].Name, "NAME")+"=VALUE")
	}
	return flags
}

// orPlaceholder returns a text of an export if it stands for itself in any shell, so that nobody runs what another has written.
func orPlaceholder(text, placeholder string) string {
	const harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
	if text == "" || len(text) > 80 || strings.Trim(text, harmless) != "" {
		return placeholder
	}
	return text
}

func (c *cli) showTaken(items []octopusimport.Item) {
	var titles []string
	for _, i := range items {
		if i.Outcome() == octopusimport.Taken {
			titles = append(titles, i.Title())
		}
	}
	if len(titles) > 0 {
		c.say("  taken: %s", strings.Join(titles, ", "))
	}
}

func (c *cli) showItem(i octopusimport.Item) {
	colours := map[octopusimport.Outcome]colour{octopusimport.Changed: yellow, octopusimport.Missing: red}
	c.say("  %s: %s", c.paint(colours[i.Outcome()], string(i.Outcome())), i.Title())
	for _, f := range i.Findings {
		if f.Outcome == octopusimport.Taken {
			continue
		}
		c.say("    %s", f.Text)
		if f.Do != "" {
			c.say("      %s", f.Do)
		}
	}
}
