package plural

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"text/template"

	"fyne.io/fyne/v2/lang"
)

func TestN(t *testing.T) {
	for _, c := range []struct {
		name string
		n    int
		want string
	}{
		{"none", 0, "0 crates of tea"}, {"one", 1, "1 crate of tea"}, {"two", 2, "2 crates of tea"}, {"many", 21, "21 crates of tea"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := N("{{.Count}} crate of {{.Goods}}", "{{.Count}} crates of {{.Goods}}", c.n, map[string]any{"Goods": "tea"})
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// The catalogue wins over the forms in the code: a translation is used, and so is its singular.
func TestNTakesItsFormsFromTheCatalogue(t *testing.T) {
	speakEnglish(t, `[{"id":"{{.Count}} boxes","one":"a single box","other":"{{.Count}} boxes altogether"}]`)
	for n, want := range map[int]string{1: "a single box", 2: "2 boxes altogether"} {
		if got := N("{{.Count}} box", "{{.Count}} boxes", n); got != want {
			t.Errorf("for %d: %q, want %q", n, got, want)
		}
	}
}

// Every plural of the window's own catalogue is found there in both forms: the fallback is not needed.
func TestTheWindowsCatalogueHasBothForms(t *testing.T) {
	text, err := os.ReadFile("../../../assets/words/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var words []struct{ ID, One, Other string }
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatal(err)
	}
	speakEnglish(t, string(text))
	plurals := 0
	for _, w := range words {
		if w.One == "" {
			continue
		}
		plurals++
		for n, form := range map[int]string{1: w.One, 2: w.Other} {
			want := fill(t, form, n)
			if got := N("no singular", w.ID, n); got != want {
				t.Errorf("for %d: %q, want %q", n, got, want)
			}
		}
	}
	if plurals == 0 {
		t.Error("the catalogue has no plural")
	}
}

// speakEnglish adds a catalogue and makes English the language, whatever the system's is.
func speakEnglish(t *testing.T, catalogue string) {
	t.Helper()
	t.Setenv("LC_ALL", "en_US.UTF-8")
	t.Setenv("LANGUAGE", "en")
	if err := lang.AddTranslationsForLocale([]byte(catalogue), "en"); err != nil {
		t.Fatal(err)
	}
}

func fill(t *testing.T, form string, n int) string {
	t.Helper()
	parsed, err := template.New("").Parse(form)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, map[string]any{"Count": n}); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}
