package octopusimport

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/octopusjson"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Keys of a script's properties.
const (
	propertyBody       = "Octopus.Action.Script.ScriptBody"
	propertySource     = "Octopus.Action.Script.ScriptSource"
	propertySyntax     = "Octopus.Action.Script.Syntax"
	propertyFile       = "Octopus.Action.Script.ScriptFileName"
	propertyParameters = "Octopus.Action.Script.ScriptParameters"
	propertyEdition    = "Octopus.Action.PowerShell.Edition"
)

// script fills in where the script comes from, and its text.
func (c *converter) script(step *model.Step, item *Item, a octopusjson.Action) {
	p, s := a.Properties, &step.Script
	s.Parameters = p[propertyParameters].Value
	switch source := p.Text(propertySource); source {
	case "", "Inline":
		c.inline(s, item, p)
	case "Package":
		s.Source, s.Language = model.SourcePackage, ""
		s.Package, s.File = mainPackage(a), slashed(p.Text(propertyFile))
		item.changed("Import the package into the library.",
			"Its script is in the package %s. Octopus fixes the version when a release is made; here the latest one in the library runs.",
			shown(s.Package))
	case "GitRepository":
		s.Source, s.Language, s.File = model.SourceFolder, "", slashed(p.Text(propertyFile))
		item.missing("Clone the repository and choose its folder in the step.",
			"Its script is in a Git repository, which Stepdeck does not fetch.")
		c.properties(item, p, "Octopus.Action.GitRepository.", propertyFile)
	default:
		item.missing("Write the script, or take it from a package or a folder.", "The source of its script, %s, is not known here.",
			shown(source))
		c.properties(item, p, "Octopus.Action.Script.")
	}
	c.edition(step, item, p.Text(propertyEdition))
	if p.Is("Octopus.Action.FailScriptOnErrorOutput") {
		step.Options.Stderr = model.ErrorOutputFail
	}
}

func slashed(path string) string { return strings.ReplaceAll(path, `\`, "/") }

// inline takes over a script's text, in the first of the languages that Stepdeck runs.
func (c *converter) inline(s *model.Script, item *Item, p octopusjson.Texts) {
	syntax := p.Text(propertySyntax)
	written := p[propertyBody]
	if strings.TrimSpace(written.Value) == "" {
		syntax, written = bodyByLanguage(p, syntax)
	}
	body := written.Value
	language, known := languageOf(syntax)
	s.Language = language
	switch {
	case written.Other:
		item.missing("Export it again, or copy the script from Octopus. Until then the step can't be run.",
			"The export has no text where its script should be, but %s, so it is left out.", told(body))
	case strings.TrimSpace(body) == "":
		item.missing("Write the script. Until then the step can't be run.", "It has no script.")
	case !known:
		item.missing("Rewrite it in PowerShell, Bash or Python. Until then the step can't be run.",
			"Its script is written in %s, which Stepdeck does not run, so it is left out: %s.", languageTitle(syntax), told(body))
	default:
		s.Body = body
		item.taken("%s script, %s", languageTitle(syntax), model.Count(lines(body), "line", "lines"))
	}
}

// bodyByLanguage returns the text of a script that has one for each language.
func bodyByLanguage(p octopusjson.Texts, syntax string) (language string, body octopusjson.Text) {
	for _, l := range []string{syntax, "PowerShell", "Bash", "Python", "CSharp", "FSharp"} {
		if text := p[propertyBody+"["+l+"]"]; strings.TrimSpace(text.Value) != "" {
			return l, text
		}
	}
	return syntax, octopusjson.Text{}
}

func languageOf(syntax string) (language model.Language, known bool) {
	switch strings.ToLower(syntax) {
	case "", "powershell":
		return model.PowerShell, true
	case "bash":
		return model.Bash, true
	case "python":
		return model.Python, true
	}
	return model.Bash, false
}

func languageTitle(syntax string) string {
	switch strings.ToLower(syntax) {
	case "", "powershell":
		return "PowerShell"
	case "bash":
		return "Bash"
	case "python":
		return "Python"
	case "csharp":
		return "C#"
	case "fsharp":
		return "F#"
	}
	return shown(syntax)
}

func lines(text string) int { return strings.Count(strings.TrimRight(text, "\r\n"), "\n") + 1 }

// edition chooses the PowerShell that Octopus is told to use, if this computer can have it.
func (c *converter) edition(step *model.Step, item *Item, edition string) {
	switch strings.ToLower(edition) {
	case "":
		return
	case "core":
		step.Options.Edition = model.EditionCore
	case "desktop":
		step.Options.Edition = model.EditionDesktop
	default:
		item.changed("", "Its edition of PowerShell, %s, is not known here; the usual one runs it.", shown(edition))
		return
	}
	if _, err := script.KindFor(model.PowerShell, step.Options.Edition); err != nil {
		step.Options.Edition = model.EditionAuto
		item.changed("Run it on Windows if it needs that.", "It asks for Windows PowerShell, which is on Windows alone; here pwsh runs it.")
	}
}

const notAcquired = "NotAcquired"

// packageName is the name by which the script finds a package.
func packageName(p octopusjson.Package) string {
	if name := strings.TrimSpace(string(p.Name)); name != "" {
		return name
	}
	return p.Properties.Text("PackageParameterName")
}

// mainPackage returns the id of the package that contains the action's script.
func mainPackage(a octopusjson.Action) string {
	for _, p := range a.Packages {
		if p.Name == "" && p.PackageID != "" {
			return strings.TrimSpace(string(p.PackageID))
		}
	}
	if id := a.Properties.Text("Octopus.Action.Package.PackageId"); id != "" {
		return id
	}
	return a.Properties.Text("Octopus.Action.Package.NuGetPackageId")
}

// packages fills in the further packages, which lie beside the script.
func (c *converter) packages(step *model.Step, item *Item, a octopusjson.Action) {
	for _, p := range a.Packages {
		name := packageName(p)
		if name == "" {
			c.unnamedPackage(item, a, p)
			continue
		}
		further := model.ScriptPackage{Name: name, Package: strings.TrimSpace(string(p.PackageID)), Extract: !strings.EqualFold(
			p.Properties.Text("Extract"), "false")}
		if p.AcquisitionLocation == notAcquired {
			item.missing("Give the step a variable with what the script reads of it.",
				"Octopus does not fetch its package %s, a container image mostly; here the script has none.", shown(name))
			continue
		}
		if problems := model.CheckScriptPackage(further, step.Script.Packages); !onlyIncomplete(problems) {
			item.missing("Add the package to the step under another name.", "The package %s is left out. %s", shown(name), firstProblem(problems))
			continue
		}
		step.Script.Packages = append(step.Script.Packages, further)
		if further.Package == "" {
			item.missing("Choose the package in the step. Until then the step can't be run.", "It uses a package, %s, that is chosen in the step.",
				shown(name))
			continue
		}
		item.changed("Import the package into the library.",
			"It uses the package %s. Octopus fixes the version when a release is made; here the latest one in the library is used.",
			shown(further.Package))
	}
}

// unnamedPackage is the package of the action itself. A step whose script is not in it has no use for it.
func (c *converter) unnamedPackage(item *Item, a octopusjson.Action, p octopusjson.Package) {
	if a.Properties.Text(propertySource) != "Package" && p.PackageID != "" {
		item.missing("Add the package to the step, and read its files by its name.", "The package %s of the action itself is left out.",
			shown(string(p.PackageID)))
	}
}

func onlyIncomplete(problems []model.Problem) bool {
	for _, p := range problems {
		if !p.Incomplete() {
			return false
		}
	}
	return true
}

func firstProblem(problems []model.Problem) string {
	for _, p := range problems {
		if !p.Incomplete() {
			return p.Err.Error()
		}
	}
	return ""
}
