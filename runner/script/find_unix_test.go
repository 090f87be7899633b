//go:build !windows

package script

import "testing"

func TestPlaceholdersOfMacOS(t *testing.T) {
	for _, c := range []struct {
		path, installed string
		want            bool
	}{
		{"/usr/bin/python3", "", true},
		{"/usr/bin/python3", "/Library/Developer/CommandLineTools/usr/bin/python3", false},
		{"/usr/bin/python3", "/Applications/Xcode.app/Contents/Developer/usr/bin/python3", false},
		{"/usr/local/bin/python3", "", false},
	} {
		if got := isAppleStub(c.path, func(file string) bool { return file == c.installed }); got != c.want {
			t.Errorf("%s with %q: %v", c.path, c.installed, got)
		}
	}
}
