package engine

import "github.com/stepdeck/stepdeck/model"

// Build identifies a build of Stepdeck. The window and the command work only with each other if both are of the same.
type Build struct {
	Version string `json:"version"`
	Commit  string `json:"commit" about:"unknown: built without one"`
}

// NoCommit is the commit of a build that knows none.
const NoCommit = "unknown"

// hasCommit reports whether the build knows its commit.
func (b Build) hasCommit() bool { return b.Commit != "" && b.Commit != NoCommit }

// accepts returns an error if the command is of another build than the window: the two might not understand each other, and
// it would be given the vault's key. A commit is compared only if both know theirs.
func (e *Engine) accepts(command Build) error {
	switch {
	case command.Version != e.build.Version:
		return model.NewError("engine.version",
			"The window is version %s, the command %s beside it is %s. They work only together: install Stepdeck again.",
			e.build.Version, e.path, command.Version)
	case command.hasCommit() && e.build.hasCommit() && command.Commit != e.build.Commit:
		return model.NewError("engine.commit",
			"The window and the command %s beside it are both version %s, but were built from different sources (%s and %s). "+
				"They work only together: install Stepdeck again.", e.path, e.build.Version, e.build.Commit, command.Commit)
	}
	return nil
}
