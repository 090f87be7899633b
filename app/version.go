package app

import (
	"runtime"
	"runtime/debug"

	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/engine"
	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// Version identifies a build of Stepdeck.
type Version struct {
	Number string `json:"version"`
	Commit string `json:"commit"`
	Go     string `json:"go"`
	SQLite string `json:"sqlite"`

	build string // a supervisor must be of the same; empty: built without a version
}

// NewVersion returns the version of this program. number and commit are set by the build, and may be empty.
func NewVersion(number, commit string) Version {
	v := Version{Number: number, Commit: commit, Go: runtime.Version(), SQLite: store.SQLiteVersion()}
	v.build = supervisor.Build(number, commit)
	if v.Number == "" {
		v.Number = "0.1.0-dev"
	}
	if info, ok := debug.ReadBuildInfo(); ok && v.Commit == "" {
		v.Commit = commitOf(info.Settings)
	}
	if v.Commit == "" {
		v.Commit = engine.NoCommit
	}
	return v
}

// commitOf returns the commit that a plain `go build` records, in the form of scripts/commit.sh. What the changes of a dirty tree
// are is not recorded.
func commitOf(settings []debug.BuildSetting) string {
	commit, dirty := "", ""
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "-dirty"
		}
	}
	if commit == "" {
		return ""
	}
	return commit + dirty
}

// Build returns what the window and the command compare of each other.
func (v Version) Build() engine.Build { return engine.Build{Version: v.Number, Commit: v.Commit} }
