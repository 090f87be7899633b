package command

import (
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// The list of folders in which Windows looks for programs. Handled as text here, so that it is tested everywhere; the
// registry it lies in is in path_windows.go.

// maxPath is what a program's environment can hold of one variable, in characters.
// Source: "Environment variables", Win32 documentation.
const maxPath = 32_767

// withFolder gives the list with the folder at its end; false: it is in it already.
func withFolder(list, folder string, expand func(string) string) (string, bool, error) {
	if strings.Contains(folder, ";") {
		return list, false, model.NewError("path.semicolon", "The folder %s has a semicolon in its name, which no PATH can hold. Install Stepdeck in another folder.", folder)
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
		return list, false, model.NewError("path.long", "The PATH would have %d characters with %s in it, and Windows takes less than %d. Remove folders that you don't need from it.", n, folder, maxPath)
	}
	return next, true, nil
}

// withoutFolder gives the list without the folder, and everything else as it was; false: it was not in it.
func withoutFolder(list, folder string, expand func(string) string) (string, bool) {
	var kept []string
	found := false
	for entry := range strings.SplitSeq(list, ";") {
		if sameFolder(entry, folder, expand) {
			found = true
			continue
		}
		kept = append(kept, entry)
	}
	if !found {
		return list, false
	}
	return strings.Join(kept, ";"), true
}

// sameFolder compares as Windows does: an entry may stand in quotes, hold variables, end in a separator, and differ in case.
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
