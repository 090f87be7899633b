package archive

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/stepdeck/stepdeck/model"
)

// Name is the information in a package's file name.
type Name struct {
	ID      string
	Version string // as written; "" for none
	Format  Format
	Guessed bool // Octopus would reject or misread the name: let the user correct it
}

// ParseFileName parses "Acme.Scripts.1.4.2-beta.1+build.7.tar.gz" as Octopus does. If that result is nonsense, or
// Octopus rejects a name that is common ("scripts-1.0.0.zip", "deploy.zip", a browser's "… (1).zip"), it guesses and
// sets Guessed.
func ParseFileName(name string) (Name, error) {
	stem, format := splitFormat(name)
	if format == "" {
		return Name{}, model.NewError("archive.format", "%s has no known extension. Packages are %s.", shown(name), Formats)
	}
	result := Name{Format: format}
	stem, result.Guessed = cutCopyNumber(stem)
	for at, r := range stem {
		if strings.ContainsRune(".-_ ", r) && splitAt(stem, at, &result) {
			return result, nil
		}
	}
	if !isID(stem) {
		return Name{Format: format}, model.NewError(model.CodePackageName,
			"The file name %s doesn't contain the package's id and version. Rename the file to Id.Version%s, or enter both at the import.",
			shown(name), name[len(name)-len(suffixOf(name)):])
	}
	result.ID, result.Guessed = stem, true
	return result, nil
}

func suffixOf(name string) string {
	stem, _ := splitFormat(name)
	return name[len(stem):]
}

// cutCopyNumber removes the " (1)" that browsers and file managers add.
func cutCopyNumber(stem string) (string, bool) {
	inner, closed := strings.CutSuffix(stem, ")")
	open := strings.LastIndex(inner, " (")
	if !closed || open < 0 || !isNumber(inner[open+2:]) {
		return stem, false
	}
	return inner[:open], true
}

// splitAt tries the separator at one position of stem; the version may begin with "v".
func splitAt(stem string, at int, result *Name) bool {
	id, version := stem[:at], stem[at+1:]
	unmarked := version
	if len(version) > 1 && (version[0] == 'v' || version[0] == 'V') {
		unmarked = version[1:]
	}
	numbers, labels := splitVersion(unmarked)
	if numbers == nil || !isID(id) || isBareVersion(id) {
		return false
	}
	result.ID, result.Version = id, unmarked
	result.Guessed = result.Guessed || stem[at] != '.' || unmarked != version || !isPlainID(id) ||
		len(numbers) > 4 || anyOverflows(numbers) || strings.Contains(labels, "_")
	return true
}

// splitVersion returns the numbers of a version and the rest, or nil if text is not a version.
func splitVersion(text string) (numbers []string, rest string) {
	end := strings.IndexAny(text, "-+")
	if end < 0 {
		end = len(text)
	}
	numbers, rest = strings.Split(text[:end], "."), text[end:]
	for _, n := range numbers {
		if !isNumber(n) {
			return nil, ""
		}
	}
	release, metadata, hasMetadata := strings.Cut(rest, "+")
	if release != "" && !areLabels(release[1:]) || hasMetadata && !areLabels(metadata) {
		return nil, ""
	}
	return numbers, rest
}

func areLabels(text string) bool {
	for label := range strings.SplitSeq(text, ".") {
		if label == "" {
			return false
		}
		for _, r := range label {
			if r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
				return false
			}
		}
	}
	return true
}

func anyOverflows(numbers []string) bool {
	for _, n := range numbers {
		if v, err := strconv.ParseInt(n, 10, 64); err != nil || v > math.MaxInt32 {
			return true
		}
	}
	return false
}

// isBareVersion reports whether id is just part of a version, as "v1.2" is before ".3.zip".
func isBareVersion(id string) bool {
	return strings.Trim(strings.TrimLeft(id, "vV"), "0123456789.") == "" && strings.ContainsAny(id, "0123456789")
}

// isPlainID reports whether id has no spaces and no numeric part, so that Octopus would find its end at the same
// position.
func isPlainID(id string) bool {
	for part := range strings.SplitSeq(id, ".") {
		if isNumber(part) || strings.ContainsFunc(part, func(r rune) bool { return r != '-' && !isWord(r) }) {
			return false
		}
	}
	return true
}

// isID reports whether id consists of words joined by single dots, dashes or spaces.
func isID(id string) bool {
	inWord := false
	for _, r := range id {
		switch {
		case isWord(r) || strings.ContainsRune("()[]{}&,'!@#~=", r):
			inWord = true
		case strings.ContainsRune(".- ", r) && inWord:
			inWord = false
		default:
			return false
		}
	}
	return inWord && len(id) <= 200
}

func isWord(r rune) bool {
	return r == '_' || r != unicode.ReplacementChar && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
