package model

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Version is a package version as NuGet parses it: one to four numbers, pre-release labels, build metadata.
type Version struct {
	Major, Minor, Patch, Revision int32
	Labels                        []string // pre-release: "beta", "3"
	Metadata                      string   // after "+"; ignored by order and equality
}

// ParseVersion parses text as NuGet does, which accepts more than SemVer (fewer numbers or four, leading zeros and
// spaces around a number) and is stricter in one point: a numeric label has no leading zero.
func ParseVersion(text string) (Version, error) {
	refused := NewError("version.refused", "%q is not a version. Use numbers such as 1.4.2, followed by -beta.1 for a pre-release.", text)
	rest, metadata, hasMetadata := strings.Cut(strings.TrimSpace(text), "+")
	if hasMetadata && !areLabels(strings.Split(metadata, ".")) {
		return Version{}, refused
	}
	numbers, release, hasRelease := strings.Cut(rest, "-")
	v := Version{Metadata: metadata}
	if hasRelease {
		v.Labels = strings.Split(release, ".")
		if !areLabels(v.Labels) || slices.ContainsFunc(v.Labels, hasLeadingZero) {
			return Version{}, refused
		}
	}
	parts := strings.Split(numbers, ".")
	fields := []*int32{&v.Major, &v.Minor, &v.Patch, &v.Revision}
	if len(parts) > len(fields) {
		return Version{}, refused
	}
	for i, part := range parts {
		part = strings.TrimSpace(part)
		n, err := strconv.ParseInt(part, 10, 32)
		if err != nil || !isDigits(part) {
			return Version{}, refused
		}
		*fields[i] = int32(n)
	}
	return v, nil
}

func areLabels(labels []string) bool {
	for _, label := range labels {
		if label == "" {
			return false
		}
		for i := range len(label) {
			c := label[i]
			if c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	return true
}

func hasLeadingZero(label string) bool {
	return len(label) > 1 && label[0] == '0' && isDigits(label)
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// IsPrerelease reports whether v has pre-release labels.
func (v Version) IsPrerelease() bool { return len(v.Labels) > 0 }

// Normalized returns the same text for all equal versions, except for the case of labels: three numbers, a fourth if it
// isn't zero, the labels, no metadata.
func (v Version) Normalized() string {
	b := make([]byte, 0, 24)
	b = strconv.AppendInt(b, int64(v.Major), 10)
	b = append(b, '.')
	b = strconv.AppendInt(b, int64(v.Minor), 10)
	b = append(b, '.')
	b = strconv.AppendInt(b, int64(v.Patch), 10)
	if v.Revision != 0 {
		b = append(b, '.')
		b = strconv.AppendInt(b, int64(v.Revision), 10)
	}
	if v.IsPrerelease() {
		b = append(b, '-')
		b = append(b, strings.Join(v.Labels, ".")...)
	}
	return string(b)
}

// Full returns Normalized with the build metadata.
func (v Version) Full() string {
	if v.Metadata == "" {
		return v.Normalized()
	}
	return v.Normalized() + "+" + v.Metadata
}

// Compare returns -1, 0 or 1 if v is older than, equal to or newer than w.
func (v Version) Compare(w Version) int {
	if c := cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor), cmp.Compare(v.Patch, w.Patch),
		cmp.Compare(v.Revision, w.Revision)); c != 0 {
		return c
	}
	switch {
	case v.IsPrerelease() != w.IsPrerelease():
		if v.IsPrerelease() {
			return -1
		}
		return 1
	default:
		return slices.CompareFunc(v.Labels, w.Labels, compareLabels)
	}
}

// compareLabels orders numbers before words, numbers by value, words by letter regardless of case.
func compareLabels(a, b string) int {
	x, aIsNumber := labelNumber(a)
	y, bIsNumber := labelNumber(b)
	switch {
	case aIsNumber && bIsNumber:
		return cmp.Compare(x, y)
	case aIsNumber:
		return -1
	case bIsNumber:
		return 1
	default:
		// Upper case, as in NuGet: it sorts "-" before the letters.
		return strings.Compare(strings.ToUpper(a), strings.ToUpper(b))
	}
}

func labelNumber(label string) (int64, bool) {
	if !isDigits(label) {
		return 0, false
	}
	n, err := strconv.ParseInt(label, 10, 32)
	return n, err == nil // a label that overflows is a word, as in NuGet
}

// CompareVersions orders version texts: none ("") is lowest, then those that NuGet rejects by their folded text, then
// all others as NuGet orders them.
func CompareVersions(a, b string) int {
	v, errA := ParseVersion(a)
	w, errB := ParseVersion(b)
	if errA == nil && errB == nil {
		return v.Compare(w)
	}
	if c := cmp.Compare(versionRank(a, errA), versionRank(b, errB)); c != 0 {
		return c
	}
	return strings.Compare(VersionKey(a), VersionKey(b))
}

func versionRank(text string, err error) int {
	switch {
	case strings.TrimSpace(text) == "":
		return 0
	case err != nil:
		return 1
	default:
		return 2
	}
}

// VersionKey returns the same key for texts that mean the same version: normalized and folded, without build metadata;
// the folded text itself if NuGet rejects it.
func VersionKey(text string) string {
	if v, err := ParseVersion(text); err == nil {
		return strings.ToLower(v.Normalized())
	}
	return NameKey(text)
}

// PackageKey returns the same key for package ids that people consider the same: NFC and full case folding.
func PackageKey(id string) string { return NameKey(id) }

// NewestVersion returns the highest of texts, without pre-releases unless prereleases is set, and false if none is
// left. A version that NuGet rejects counts as a pre-release if its text looks like one.
func NewestVersion(texts []string, prereleases bool) (string, bool) {
	newest, found := "", false
	for _, text := range texts {
		if !prereleases && looksPrerelease(text) {
			continue
		}
		if !found || CompareVersions(text, newest) > 0 {
			newest, found = text, true
		}
	}
	return newest, found
}

func looksPrerelease(text string) bool {
	if v, err := ParseVersion(text); err == nil {
		return v.IsPrerelease()
	}
	numbers, _, hasLabels := strings.Cut(text, "-")
	return hasLabels && strings.Trim(numbers, "0123456789. ") == ""
}
