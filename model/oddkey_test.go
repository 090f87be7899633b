package model_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// An access key that AWS has not issued in this form is warned of; none that it may have issued is.
func TestOddAccessKey(t *testing.T) {
	for name, c := range map[string]struct{ id, secret, want string }{
		"nothing":             {},
		"a key":               {id: keyA, secret: secretA},
		"a key with spaces":   {id: " " + keyA + "\n", secret: secretA + " "},
		"a temporary key":     {id: "ASIAIOSFODNN7EXAMPLE", secret: secretB},
		"only its id":         {id: keyA},
		"only its secret":     {secret: secretA},
		"another day's id":    {id: "AKX0IOSFODNN7EXAMPLEEXAMPLE", secret: secretA},
		"swapped":             {id: secretA, secret: keyA, want: "look swapped"},
		"a secret as id":      {id: secretA, want: "the form of a secret key"},
		"swapped, no signs":   {id: strings.Repeat("aB3d", 10), secret: keyA, want: "look swapped"},
		"an id as secret":     {id: keyA, secret: keyB, want: "the form of an access key's id"},
		"an id cut off":       {id: keyA[:19], secret: secretA, want: "has 19 characters, but AWS's have 20"},
		"an id with more":     {id: keyA + "X", want: "has 21 characters"},
		"an id in lower case": {id: strings.ToLower(keyA), want: "only capital letters"},
		"a blank within":      {id: "AKIAIOSFOD N7EXAMPLE", want: "only capital letters"},
		"a user's id":         {id: "AIDAIOSFODNN7EXAMPLE", want: "the id of a user"},
		"a word":              {id: "myaccesskey", want: "at least 16 letters"},
		"other letters":       {id: "ключключключключключ", want: "at least 16 letters"},
		"a secret cut off":    {id: keyA, secret: secretA[1:], want: "has 39 characters, but AWS's have 40"},
		"a secret of one":     {id: keyA, secret: "x", want: "has 1 character, but"},
		"a secret with words": {id: keyA, secret: "wJalrXUtnFEMI K7MDENG", want: "blanks in it"},
		"a secret with marks": {id: keyA, secret: `"` + secretA + `"`, want: "letters, digits, + and /"},
		"a secret with bytes": {id: keyA, secret: "\xff\xfe", want: "letters, digits, + and /"},
	} {
		t.Run(name, func(t *testing.T) {
			odd := model.OddAccessKey(c.id, c.secret)
			if c.want == "" && odd != "" || !strings.Contains(odd, c.want) {
				t.Errorf("%q, not %q", odd, c.want)
			}
			if c.id != "" && strings.Contains(odd, c.id) || len(c.secret) > 1 && strings.Contains(odd, c.secret) {
				t.Errorf("%q shows what was entered", odd)
			}
		})
	}
}

// Whatever is entered, the warning is a sentence of its own words about one of the two.
func FuzzOddAccessKey(f *testing.F) {
	f.Add(keyA, secretA)
	f.Add(secretA, keyA)
	f.Add("AKIA\xff", "x y")
	sentence := regexp.MustCompile(`^The (access|secret) key [a-zA-Z0-9 ,'+/:.-]+(\.|…)$`)
	f.Fuzz(func(t *testing.T, id, secret string) {
		if odd := model.OddAccessKey(id, secret); odd != "" && !sentence.MatchString(odd) {
			t.Errorf("%q, %q: %q", id, secret, odd)
		}
	})
}
