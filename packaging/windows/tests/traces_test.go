//go:build wine

package tests

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// traces are all files on C: and all values of the registry, to find whatever a removal leaves behind.
type traces map[string]string

// unrelated matches what Windows or Wine writes by itself, and folders and keys that programs share.
var unrelated = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`^c/users/[^/]*/(temp|appdata/local/(temp|stepdeck))/`,
	`^c/users/[^/]*/appdata/local/programs/$`,
	`^c/windows/(temp|installer)/`,
	`^user\.reg\\Software\\Classes ?$`,
	`^user\.reg\\Software\\Microsoft\\Windows\\CurrentVersion\\(App Paths|Uninstall)( |$)`,
	`^user\.reg\\(Console|Software\\Wine|Volatile Environment)( |\\|$)`,
	`^user\.reg\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer( |\\|$)`,
	`^system\.reg\\System\\CurrentControlSet\\(Control\\Class|Hardware Profiles)\\`,
	`^system\.reg\\Software\\Classes\\Installer\\(Features|Products|UpgradeCodes) ?$`,
	`^system\.reg\\Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\(UpgradeCodes|UserData\\S-1-5-18\\(Components|Products)) ?$`,
	`PendingFileRenameOperations`, // a setup's own copy in the temporary folder
}, "|"))

func (c *computer) traces() traces {
	c.t.Helper()
	c.settle()
	found := traces{}
	err := filepath.WalkDir(c.drive, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(c.drive, path)
		if err != nil || below == "." {
			return err
		}
		if name := "c/" + filepath.ToSlash(below); !unrelated.MatchString(name + "/") {
			found[name] = d.Type().String()
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, file := range []string{"system.reg", "user.reg"} {
		text, err := os.ReadFile(filepath.Join(filepath.Dir(c.drive), file))
		if err != nil {
			c.t.Fatal(err)
		}
		maps.Copy(found, registry(file, string(text)))
	}
	return found
}

// registry parses a file of Wine's registry: a key in brackets, followed by a time, with its values below.
func registry(file, text string) traces {
	found := traces{}
	key := ""
	name := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";;") || strings.HasPrefix(line, "WINE REGISTRY"):
		case strings.HasPrefix(line, "["):
			key = file + `\` + strings.ReplaceAll(line[1:strings.LastIndex(line, "]")], `\\`, `\`)
			if name = key; !unrelated.MatchString(name) {
				found[name] = ""
			}
		case strings.HasPrefix(line, "@=") || strings.HasPrefix(line, `"`):
			before, after, _ := strings.Cut(line, "=")
			if name = key + ` ` + before; !unrelated.MatchString(name) {
				found[name] = after
			}
		default: // a continued value
			if _, ok := found[name]; ok {
				found[name] += line
			}
		}
	}
	return found
}

// leavesNothing fails the test for everything that was added, removed or changed since before.
func (c *computer) leavesNothing(before traces) {
	c.t.Helper()
	after := c.traces()
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if value, ok := before[name]; !ok {
			c.t.Errorf("left behind: %s %s", name, after[name])
		} else if withoutSeparator(value) != withoutSeparator(after[name]) {
			c.t.Errorf("changed: %s was %s and is %s", name, value, after[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[name]; !ok {
			c.t.Errorf("removed: %s %s", name, before[name])
		}
	}
}

// withoutSeparator removes the separator at the end of a PATH, which only Wine's Windows Installer leaves.
func withoutSeparator(value string) string {
	return strings.TrimSuffix(strings.TrimSuffix(value, `"`), `;`)
}

// TestTracesAreSeen checks traces itself: if it saw nothing, the other tests would pass.
func TestTracesAreSeen(t *testing.T) {
	c := newComputer(t)
	before := c.traces()
	c.write("Program Files/left/behind.txt", "x")
	c.must("reg", "add", `HKCU\Software\Left`, "/v", "Name", "/d", "x", "/f")
	c.must("reg", "add", `HKLM\Software\Classes\.left`, "/ve", "/d", "x", "/f")
	after := c.traces()
	var grown []string
	for name := range after {
		if _, ok := before[name]; !ok {
			grown = append(grown, name)
		}
	}
	for _, want := range []string{"c/Program Files/left/behind.txt", `user.reg\Software\Left "Name"`, `system.reg\Software\Classes\.left @`} {
		if !slices.Contains(grown, want) {
			t.Errorf("%s is not among %q", want, grown)
		}
	}
	if err := os.RemoveAll(c.path("Program Files/left")); err != nil {
		t.Fatal(err)
	}
	c.must("reg", "delete", `HKCU\Software\Left`, "/f")
	c.must("reg", "delete", `HKLM\Software\Classes\.left`, "/f")
	c.leavesNothing(before)
}
