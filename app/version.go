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
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v.Commit = s.Value
			}
		}
	}
	if v.Commit == "" {
		v.Commit = engine.NoCommit
	}
	return v
}

// Build returns what the window and the command compare of each other.
func (v Version) Build() engine.Build { return engine.Build{Version: v.Number, Commit: v.Commit} }
