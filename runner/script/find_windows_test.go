package script

import (
	"strings"
	"testing"
)

// On a 64-bit computer two variables name the same folder: it is listed once.
func TestFoldersAreListedOnce(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("ProgramFiles", dir)
	t.Setenv("ProgramW6432", strings.ToUpper(dir))
	t.Setenv("PATH", dir)
	for _, kind := range []Kind{AWS, Bash, PowerShell} {
		_, err := Finder{}.Find(t.Context(), kind)
		if err == nil {
			t.Fatalf("%s was found in an empty folder", kind)
		}
		_, places, _ := strings.Cut(err.Error(), " on the PATH or in ")
		places, _, _ = strings.Cut(places, ". To get it")
		said := map[string]bool{}
		for place := range strings.SplitSeq(places, ", ") {
			if said[strings.ToLower(place)] {
				t.Errorf("%s: %q is named twice", kind, place)
			}
			said[strings.ToLower(place)] = true
		}
		if len(said) < 2 {
			t.Errorf("%s: no places in %q", kind, err)
		}
	}
}
