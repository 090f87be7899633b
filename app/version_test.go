package app

import (
	"runtime/debug"
	"testing"
)

func TestCommitOfAPlainBuild(t *testing.T) {
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}
	modified := func(value string) debug.BuildSetting { return debug.BuildSetting{Key: "vcs.modified", Value: value} }
	for name, row := range map[string]struct {
		settings []debug.BuildSetting
		want     string
	}{
		"no repository": {[]debug.BuildSetting{{Key: "GOOS", Value: "linux"}}, ""},
		"clean":         {[]debug.BuildSetting{revision, modified("false")}, "0123456789ab"},
		"dirty":         {[]debug.BuildSetting{modified("true"), revision}, "0123456789ab-dirty"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := commitOf(row.settings); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
