package command

import (
	"strings"
	"testing"
)

func TestPathWithAndWithoutAFolder(t *testing.T) {
	const bin = `C:\Users\Ada Lovelace\AppData\Local\Programs\Stepdeck\bin`
	expand := func(entry string) string {
		return strings.ReplaceAll(entry, "%LOCALAPPDATA%", `C:\Users\Ada Lovelace\AppData\Local`)
	}
	for name, row := range map[string]struct{ without, with string }{
		"no list yet":                    {"", bin},
		"one entry":                      {`C:\Windows`, `C:\Windows;` + bin},
		"variables stay":                 {`%SystemRoot%\system32;%USERPROFILE%\bin`, `%SystemRoot%\system32;%USERPROFILE%\bin;` + bin},
		"a folder that begins the same":  {bin + `2`, bin + `2;` + bin},
		"an empty entry and quotes stay": {`"C:\a;b";;C:\c`, `"C:\a;b";;C:\c;` + bin},
	} {
		t.Run(name, func(t *testing.T) {
			got, changed, err := withFolder(row.without, bin, expand)
			if got != row.with || !changed || err != nil {
				t.Errorf("with: %q, %v, %v", got, changed, err)
			}
			if again, changed, err := withFolder(got, bin, expand); again != got || changed || err != nil {
				t.Errorf("once more: %q, %v, %v", again, changed, err)
			}
			if back, changed := withoutFolder(got, bin, expand); back != row.without || !changed {
				t.Errorf("without: %q, %v", back, changed)
			}
			if same, changed := withoutFolder(row.without, bin, expand); same != row.without || changed {
				t.Errorf("without what is not in it: %q, %v", same, changed)
			}
		})
	}
}

func TestPathKnowsAFolderInEachSpelling(t *testing.T) {
	const bin = `C:\Program Files\Stepdeck\bin`
	expand := func(entry string) string {
		return strings.ReplaceAll(entry, "%ProgramFiles%", `C:\Program Files`)
	}
	for _, spelling := range []string{
		bin, bin + `\`, strings.ToUpper(bin), `"` + bin + `"`, ` ` + bin + ` `, `%ProgramFiles%\Stepdeck\bin`, `C:/Program Files/Stepdeck/bin/`,
	} {
		list := `C:\first;` + spelling + `;C:\last`
		if got, changed, err := withFolder(list, bin, expand); got != list || changed || err != nil {
			t.Errorf("with %q: %q, %v, %v", spelling, got, changed, err)
		}
		if got, changed := withoutFolder(list, bin, expand); got != `C:\first;C:\last` || !changed {
			t.Errorf("without %q: %q, %v", spelling, got, changed)
		}
	}
	twice := bin + `;C:\x;` + strings.ToLower(bin)
	if got, _ := withoutFolder(twice, bin, expand); got != `C:\x` {
		t.Errorf("twice in it: %q", got)
	}
}

func TestPathRefusesWhatWindowsCannotHold(t *testing.T) {
	same := func(entry string) string { return entry }
	if _, changed, err := withFolder(`C:\a`, `C:\odd;name`, same); err == nil || changed {
		t.Error("a semicolon is taken")
	}
	long := strings.Repeat(`C:\a;`, maxPath/5)
	if got, changed, err := withFolder(long, `C:\Stepdeck\bin`, same); err == nil || changed || got != long {
		t.Error("a list that is too long is taken")
	}
}
