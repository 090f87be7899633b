// Package plural words counts in the window's language: "1 file", "2 files".
package plural

import (
	"maps"

	"fyne.io/fyne/v2/lang"
)

// N returns the text for n things. one is the English text for exactly one, other the text for any other number; the catalogue of
// another language has as many forms as that language needs. Each is a template, in which {{.Count}} is n and the further names
// are those of data. Fyne's lang.N takes a single English form, and shows it for every number where it finds no catalogue.
//
// tools/words reads both forms from the call, so they must be literals.
func N(one, other string, n int, data ...map[string]any) string {
	values := map[string]any{"Count": n}
	for _, d := range data {
		maps.Copy(values, d)
	}
	fallback := other
	if n == 1 {
		fallback = one
	}
	return lang.LocalizePluralKey(other, fallback, n, values)
}
