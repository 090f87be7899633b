package model

import (
	"fmt"
	"slices"
	"strings"
)

// ScriptPackage is a further package that a step's script uses. Its contents lie beside the script, in a folder of its name.
type ScriptPackage struct {
	Name    string `json:"name"`    // by which the script finds it, such as Tools
	Package string `json:"id"`      // package id, or an expression
	Version string `json:"version"` // a version, a rule such as latest, or an expression; empty for latest
	Extract bool   `json:"extract"` // else the file itself lies beside the script
}

// MaxPackageName is the maximum length of the name of a step's further package, in bytes. It becomes the name of a folder.
const MaxPackageName = 100

// FolderName is the name of the package's folder, or of its file without the extension: its name without the characters that
// file names on Windows can't have.
func (p ScriptPackage) FolderName() string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`<>:"/\|?*`, r) {
			return -1
		}
		return r
	}, strings.TrimSpace(p.Name))
	return strings.TrimRight(name, " .")
}

// PackageVariable returns the name of a variable that says something of a step's package, such as its PackageVersion. The
// package that contains the script itself has an empty name.
func PackageVariable(name, property string) string {
	return "Octopus.Action.Package[" + name + "]." + property
}

// checkScriptPackages returns what is wrong with the further packages of a step.
func checkScriptPackages(list []ScriptPackage) []Problem {
	var ps problems
	for i, p := range list {
		ps.addAll(fmt.Sprintf("packages[%d].", i), CheckScriptPackage(p, list[:i]))
	}
	return ps.list
}

// CheckScriptPackage returns what is wrong with a further package of a step that has others.
func CheckScriptPackage(p ScriptPackage, others []ScriptPackage) []Problem {
	var ps problems
	ps.add("name", checkPackageName(p))
	for _, other := range others {
		if key := NameKey(p.FolderName()); key != "" && key == NameKey(other.FolderName()) {
			ps.add("name", NewError("script.packages.twice",
				"The further packages %q and %q would lie in the same folder. Give them different names.", other.Name, p.Name))
		}
	}
	if strings.TrimSpace(p.Package) == "" {
		ps.add("id", NewError(codeScriptPackageEmpty, "The further package %q has no package id. Choose a package.", p.Name))
	}
	return ps.list
}

func checkPackageName(p ScriptPackage) error {
	folder := p.FolderName()
	switch {
	case strings.TrimSpace(p.Name) == "":
		return NewError("script.packages.name", "A further package has no name. Give it one, by which the script finds it.")
	case len(p.Name) > MaxPackageName:
		return NewError("script.packages.name", "The name of a further package has %d bytes. Use at most %d.", len(p.Name), MaxPackageName)
	case strings.ContainsAny(p.Name, "[]{}#") || strings.ContainsFunc(p.Name, IsHidden):
		return NewError("script.packages.name",
			"%q can't be the name of a further package, since scripts could not read its variables. Leave out [ ] { } # and control characters.",
			p.Name)
	case folder == "" || IsDeviceName(folder) || strings.HasPrefix(folder, "-"):
		return NewError("script.packages.name", "%q can't be the name of a folder. Give the further package another name.", p.Name)
	}
	return nil
}

// packageUse matches the name of a variable that leads to the files of a step's package.
var packageUse = pattern(`(?i)Octopus\.Action\.Package\[([^\[\]\r\n]*)\]\.(ExtractedPath|PackageFilePath|PackageFileName|OriginalPath)\b`)

// IsPackageVariable reports whether a variable says something of one of a step's further packages. A run sets those.
func IsPackageVariable(list []ScriptPackage, variable string) bool {
	return slices.ContainsFunc(list, func(p ScriptPackage) bool {
		return strings.HasPrefix(NameKey(variable), NameKey(PackageVariable(p.Name, "")))
	})
}

// PackagePathUses returns the names of the variables in a script that lead to files of packages of its step, each once. It leaves
// out lines that are comments, and names that the script puts together when it runs.
func PackagePathUses(text string) []string {
	if !strings.Contains(strings.ToLower(text), ".package[") {
		return nil // without compiling the pattern, as for most scripts
	}
	var names []string
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") && !strings.HasPrefix(strings.TrimSpace(line), "#{") {
			continue
		}
		for _, use := range packageUse().FindAllStringSubmatch(line, -1) {
			if key := NameKey(use[0]); !seen[key] && !strings.ContainsAny(use[1], "${}#%+'\"`") {
				seen[key] = true
				names = append(names, use[0])
			}
		}
	}
	return names
}

// PackageOfVariable returns the name of the package in the name of such a variable.
func PackageOfVariable(variable string) (name string, ok bool) {
	use := packageUse().FindStringSubmatch(variable)
	if len(use) == 0 || use[0] != variable {
		return "", false
	}
	return use[1], true
}
