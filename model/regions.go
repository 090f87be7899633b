package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Region is an AWS region: its code and its location.
type Region struct {
	Code, Place string
}

// Regions lists the regions to choose from, ordered by area. Regions that are not in the list can be used as well: AWS
// opens new ones. Source: AWS General Reference, "Regions and endpoints".
func Regions() []Region {
	return []Region{
		{"us-east-1", "US East (N. Virginia)"},
		{"us-east-2", "US East (Ohio)"},
		{"us-west-1", "US West (N. California)"},
		{"us-west-2", "US West (Oregon)"},
		{"ca-central-1", "Canada (Montreal)"},
		{"ca-west-1", "Canada West (Calgary)"},
		{"mx-central-1", "Mexico (Querétaro)"},
		{"sa-east-1", "South America (São Paulo)"},
		{"eu-central-1", "Europe (Frankfurt)"},
		{"eu-central-2", "Europe (Zurich)"},
		{"eu-west-1", "Europe (Ireland)"},
		{"eu-west-2", "Europe (London)"},
		{"eu-west-3", "Europe (Paris)"},
		{"eu-north-1", "Europe (Stockholm)"},
		{"eu-south-1", "Europe (Milan)"},
		{"eu-south-2", "Europe (Spain)"},
		{"eusc-de-east-1", "European Sovereign Cloud (Brandenburg)"},
		{"il-central-1", "Israel (Tel Aviv)"},
		{"me-central-1", "Middle East (UAE)"},
		{"me-south-1", "Middle East (Bahrain)"},
		{"af-south-1", "Africa (Cape Town)"},
		{"ap-east-1", "Asia Pacific (Hong Kong)"},
		{"ap-east-2", "Asia Pacific (Taipei)"},
		{"ap-northeast-1", "Asia Pacific (Tokyo)"},
		{"ap-northeast-2", "Asia Pacific (Seoul)"},
		{"ap-northeast-3", "Asia Pacific (Osaka)"},
		{"ap-south-1", "Asia Pacific (Mumbai)"},
		{"ap-south-2", "Asia Pacific (Hyderabad)"},
		{"ap-southeast-1", "Asia Pacific (Singapore)"},
		{"ap-southeast-2", "Asia Pacific (Sydney)"},
		{"ap-southeast-3", "Asia Pacific (Jakarta)"},
		{"ap-southeast-4", "Asia Pacific (Melbourne)"},
		{"ap-southeast-5", "Asia Pacific (Malaysia)"},
		{"ap-southeast-6", "Asia Pacific (New Zealand)"},
		{"ap-southeast-7", "Asia Pacific (Thailand)"},
		{"us-gov-east-1", "AWS GovCloud (US-East)"},
		{"us-gov-west-1", "AWS GovCloud (US-West)"},
		{"cn-north-1", "China (Beijing)"},
		{"cn-northwest-1", "China (Ningxia)"},
	}
}

// RegionPlace returns the location of a region, or "" for one that is not in the list.
func RegionPlace(code string) string {
	code = strings.TrimSpace(code)
	for _, r := range Regions() {
		if r.Code == code {
			return r.Place
		}
	}
	return ""
}

// ResolveRegion returns the code of the region that text means: a code, or a city or area that only one region has. A
// text that matches several regions is an error that names them; any other text is returned as it is.
func ResolveRegion(text string) (string, error) {
	text = strings.TrimSpace(text)
	words := regionWords(text)
	if len(words) == 0 || strings.Contains(text, "#{") || looksLikeCode(text) {
		return text, nil
	}
	var exact, prefixed []Region
	for _, r := range Regions() {
		place := regionWords(r.Place)
		if strings.EqualFold(r.Code, text) || slices.Equal(place, words) {
			exact = append(exact, r)
		}
		if beginWords(place, words) {
			prefixed = append(prefixed, r)
		}
	}
	found := prefixed
	if len(exact) > 0 {
		found = exact
	}
	switch len(found) {
	case 0:
		return text, nil
	case 1:
		return found[0].Code, nil
	}
	return "", ambiguousRegion(text, found)
}

// ambiguousRegion returns an error that names the regions that text matches.
func ambiguousRegion(text string, found []Region) error {
	const most = 6
	var names []string
	for _, r := range found[:min(most, len(found))] {
		names = append(names, r.Code+" ("+r.city()+")")
	}
	if n := len(found) - most; n > 0 {
		names = append(names, fmt.Sprintf("%d more", n))
	}
	return NewError("region.several", "%q matches several regions: %s. Enter the code of one.", text, strings.Join(names, ", "))
}

// looksLikeCode reports whether text has the form of a region code, also of a region that is not in the list.
func looksLikeCode(text string) bool {
	dash := strings.LastIndexByte(text, '-')
	return dash > 0 && dash < len(text)-1 && strings.Trim(text[dash+1:], "0123456789") == "" && text == strings.ToLower(text)
}

// Words returns the words that a person may type for the region, in lower case and without accents.
func (r Region) Words() string { return strings.Join(regionWords(r.Place), " ") }

// city returns the short name of a place, such as Frankfurt for Europe (Frankfurt).
func (r Region) city() string {
	if _, city, ok := strings.Cut(strings.TrimSuffix(r.Place, ")"), "("); ok {
		return city
	}
	return r.Place
}

// beginWords reports whether each of words is a prefix of one of the place's words.
func beginWords(place, words []string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(place, func(p string) bool { return strings.HasPrefix(p, w) }) {
			return false
		}
	}
	return true
}

// regionWords returns the words of a name in lower case and without accents: people write both Sao Paulo and Zürich.
func regionWords(name string) []string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(name))
	return strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
