package model

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Region is an AWS region: its code and its location.
type Region struct {
	Code, Place string
}

// awsPartition is a group of regions with AWS accounts, endpoints and ARNs of its own.
type awsPartition struct {
	id      string
	form    string // regular expression of the codes of its regions, existing or future
	regions []Region
}

// isolated reports whether the partition belongs to networks that nobody reaches from outside.
func (p awsPartition) isolated() bool { return strings.HasPrefix(p.id, "aws-iso") }

// clearerPlaces replaces places of the SDK's data that don't name the city, or write it without its accents.
func clearerPlaces() map[string]string {
	return map[string]string{
		"ca-central-1": "Canada (Montreal)", "mx-central-1": "Mexico (Querétaro)", "sa-east-1": "South America (São Paulo)",
		"eusc-de-east-1": "European Sovereign Cloud (Brandenburg)",
	}
}

// areas returns the first parts of region codes, in the order in which regions are listed.
func areas() []string { return []string{"us", "ca", "mx", "sa", "eu", "eusc", "il", "me", "af", "ap"} }

// Regions lists the regions to choose from: those of the AWS SDK but for the isolated ones, ordered by area, then the other
// partitions. Others can be used as well, if [CheckRegion] takes them.
func Regions() []Region {
	list := make([]Region, 0, 64)
	for _, p := range partitions() {
		if !p.isolated() {
			list = append(list, p.regions...)
		}
	}
	for i, r := range list {
		list[i].Place = cmp.Or(clearerPlaces()[r.Code], r.Place)
	}
	slices.SortStableFunc(list, func(a, b Region) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Code, b.Code))
	})
	return list
}

// rank orders regions by area. Areas that are not listed, and GovCloud and China, come last.
func (r Region) rank() int {
	area, _, _ := strings.Cut(r.Code, "-")
	at := slices.Index(areas(), area)
	if at < 0 || strings.HasPrefix(r.Code, "us-gov-") {
		return len(areas())
	}
	return at
}

// RegionPlace returns the location of a region, or "" for one that is not known.
func RegionPlace(code string) string {
	code = strings.TrimSpace(code)
	for _, p := range partitions() {
		for _, r := range p.regions {
			if r.Code == code {
				return cmp.Or(clearerPlaces()[code], r.Place)
			}
		}
	}
	return ""
}

// RegionPartition returns the partition of a region, such as aws or aws-cn: the one that lists it, or whose codes have its form.
// It returns "" for a text that is no region of any partition.
func RegionPartition(code string) string {
	for _, p := range partitions() {
		if slices.ContainsFunc(p.regions, func(r Region) bool { return r.Code == code }) {
			return p.id
		}
	}
	if !looksLikeCode(code) || len(code) > longestRegion {
		return ""
	}
	for _, p := range partitions() {
		if fits, err := regexp.MatchString(p.form, code); err == nil && fits {
			return p.id
		}
	}
	return ""
}

// longestRegion bounds codes of regions that are not known: a code becomes a part of a host name.
const longestRegion = 32

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
