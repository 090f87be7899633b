package filters

import (
	"errors"
	"strconv"
	"strings"
)

// version returns the filters that take a part of a version.
func version(name string) filter {
	part, known := strings.CutPrefix(name, "version")
	if !known {
		return nil
	}
	switch part {
	case "major":
		return number(0)
	case "minor":
		return number(1)
	case "patch":
		return number(2)
	case "revision":
		return number(3)
	case "prerelease":
		return versionPart(func(v parsedVersion) string { return v.prerelease })
	case "prereleaseprefix":
		return versionPart(func(v parsedVersion) string { return v.prerelease[:v.prefix] })
	case "prereleasecounter":
		return versionPart(func(v parsedVersion) string { return v.prerelease[min(v.prefix+1, len(v.prerelease)):] })
	case "metadata":
		return versionPart(func(v parsedVersion) string { return v.metadata })
	}
	return nil
}

func number(place int) filter {
	return versionPart(func(v parsedVersion) string { return strconv.Itoa(v.numbers[place]) })
}

func versionPart(part func(parsedVersion) string) filter {
	return func(c Call) (string, bool, error) {
		v, err := parseVersion(c.Text)
		if err != nil {
			return "", false, err
		}
		return part(v), true, nil
	}
}

// parsedVersion is a version of Octopus's: up to four numbers, a pre-release whose first separator ends its prefix, and
// metadata. All of it is optional.
type parsedVersion struct {
	numbers    [4]int
	prerelease string
	prefix     int // length of the prefix
	metadata   string
}

const (
	versionSeparators = `.-_\`
	versionLetters    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
)

func parseVersion(text string) (v parsedVersion, err error) {
	if text = strings.TrimSpace(text); text == "" {
		return v, errors.New("it is empty, and not a version")
	}
	rest, err := v.takeNumbers(text)
	if err != nil {
		return v, err
	}
	if rest != "" && strings.Contains(versionSeparators, rest[:1]) {
		rest = rest[1:]
	}
	v.prerelease, v.metadata, _ = strings.Cut(rest, "+")
	if strings.Trim(v.prerelease, versionLetters+versionSeparators) != "" ||
		strings.Trim(v.metadata, versionLetters+versionSeparators+"+") != "" {
		return v, errors.New("it is not a version")
	}
	if v.prefix = strings.IndexAny(v.prerelease, versionSeparators); v.prefix < 0 {
		v.prefix = len(v.prerelease)
	}
	return v, nil
}

// takeNumbers reads the numbers at the beginning, with white space around each of them, and returns what follows.
func (v *parsedVersion) takeNumbers(text string) (rest string, err error) {
	next := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, "v"), "V"))
	rest = text
	for place := range v.numbers {
		digits := next[:len(next)-len(strings.TrimLeft(next, "0123456789"))]
		if digits == "" {
			return rest, nil
		}
		n, err := strconv.ParseInt(digits, 10, 32)
		if err != nil {
			return "", errors.New("its numbers are too large for a version")
		}
		v.numbers[place] = int(n)
		rest = strings.TrimSpace(next[len(digits):])
		after, dot := strings.CutPrefix(rest, ".")
		if !dot {
			return rest, nil
		}
		next = strings.TrimSpace(after)
	}
	return rest, nil
}
