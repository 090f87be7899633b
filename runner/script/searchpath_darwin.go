package script

import (
	"path/filepath"
	"slices"
)

// CurrentPath returns the PATH as it is now, for a process that has inherited one.
func CurrentPath(inherited string) string { return inherited }

// NeedsLoginPath reports whether the inherited PATH is not the person's own: a program started from the Finder or the Dock has
// the folders of the system alone. A process of a terminal has the person's, in the order that is wanted there.
func NeedsLoginPath(inherited string) bool {
	system := []string{"/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"}
	return !slices.ContainsFunc(filepath.SplitList(inherited), func(folder string) bool { return !slices.Contains(system, folder) })
}
