package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Region is a region of AWS: its code and where it is.
type Region struct {
	Code, Place string
}

// Regions lists the regions to choose from. A region that is not in the list is as good: AWS opens new ones.
// Source: AWS General Reference, "Regions and endpoints"; the order is by area.
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

// RegionPlace returns where a region is, or "" for one that is not in the list.
func RegionPlace(code string) string {
	code = strings.TrimSpace(code)
	for _, r := range Regions() {
		if r.Code == code {
			return r.Place
		}
	}
	return ""
}

// RegionMeant returns the code of the region that a text means: a code, or a city or area that only one region has. A text that
// fits several regions is an error that names them; any other text is returned as it is.
func RegionMeant(text string) (string, error) {
	text = strings.TrimSpace(text)
	words := regionWords(text)
	if len(words) == 0 || strings.Contains(text, "#{") || looksLikeCode(text) {
		return text, nil
	}
	var exact, begun []Region
	for _, r := range Regions() {
		place := regionWords(r.Place)
		if strings.EqualFold(r.Code, text) || slices.Equal(place, words) {
			exact = append(exact, r)
		}
		if beginWords(place, words) {
			begun = append(begun, r)
		}
	}
	found := begun
	if len(exact) > 0 {
		found = exact
	}
	switch len(found) {
	case 0:
		return text, nil
	case 1:
		return found[0].Code, nil
	}
	return "", severalRegions(text, found)
}

// severalRegions names the regions that a text may stand for.
func severalRegions(text string, found []Region) error {
	const most = 6
	var names []string
	for _, r := range found[:min(most, len(found))] {
		names = append(names, r.Code+" ("+r.city()+")")
	}
	if n := len(found) - most; n > 0 {
		names = append(names, fmt.Sprintf("%d more", n))
	}
	return NewError("region.several", "%q may be several regions: %s. Enter the code of one.", text, strings.Join(names, ", "))
}

// looksLikeCode reports whether a text is the code of a region, of one that nobody has heard of yet too.
func looksLikeCode(text string) bool {
	at := strings.LastIndexByte(text, '-')
	return at > 0 && at < len(text)-1 && strings.Trim(text[at+1:], "0123456789") == "" && text == strings.ToLower(text)
}

// Words returns what a person may type for the region, in lower case and without accents.
func (r Region) Words() string { return strings.Join(regionWords(r.Place), " ") }

// city is what a place is mostly called: Frankfurt of Europe (Frankfurt).
func (r Region) city() string {
	if _, city, ok := strings.Cut(strings.TrimSuffix(r.Place, ")"), "("); ok {
		return city
	}
	return r.Place
}

// beginWords reports whether each word begins one of the place's.
func beginWords(place, words []string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(place, func(p string) bool { return strings.HasPrefix(p, w) }) {
			return false
		}
	}
	return true
}

// regionWords returns the words of a name without case and accents: people write Sao Paulo and Zürich.
func regionWords(name string) []string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(name))
	return strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
