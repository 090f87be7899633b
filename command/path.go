package command

import (
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// The PATH of Windows as text, so that it can be tested on every system. The registry is read in path_windows.go.

// maxPath is the maximum length of an environment variable, in characters.
// Source: "Environment variables", Win32 documentation.
const maxPath = 32_767

// withFolder returns the list with the folder appended, or false if it contains the folder already.
func withFolder(list, folder string, expand func(string) string) (string, bool, error) {
	if strings.Contains(folder, ";") {
		return list, false, model.NewError("path.semicolon",
			"The folder %s has a semicolon in its name, so it can't be on the PATH. Install Stepdeck in another folder.", folder)
	}
	for entry := range strings.SplitSeq(list, ";") {
		if sameFolder(entry, folder, expand) {
			return list, false, nil
		}
	}
	next := strings.TrimRight(list, ";")
	if next != "" {
		next += ";"
	}
	next += folder
	if n := len([]rune(next)); n >= maxPath {
		return list, false, model.NewError("path.long",
			"The PATH would have %d characters with %s in it; Windows allows fewer than %d. Remove folders that you don't need from it.",
			n, folder, maxPath)
	}
	return next, true, nil
}

// withoutFolder returns the list without the folder and otherwise unchanged, or false if it does not contain the folder.
func withoutFolder(list, folder string, expand func(string) string) (string, bool) {
	var rest []string
	found := false
	for entry := range strings.SplitSeq(list, ";") {
		if sameFolder(entry, folder, expand) {
			found = true
			continue
		}
		rest = append(rest, entry)
	}
	if !found {
		return list, false
	}
	return strings.Join(rest, ";"), true
}

// sameFolder compares as Windows does: an entry may be quoted, contain variables, end in a separator, and differ in case.
func sameFolder(entry, folder string, expand func(string) string) bool {
	entry = strings.Trim(strings.TrimSpace(entry), `"`)
	if entry == "" {
		return false
	}
	return strings.EqualFold(cleaned(expand(entry)), cleaned(folder))
}

func cleaned(folder string) string {
	folder = strings.ReplaceAll(folder, "/", `\`)
	if filepath.Separator == '\\' {
		return filepath.Clean(folder)
	}
	return strings.TrimRight(folder, `\`)
}
