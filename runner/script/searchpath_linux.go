package script

// CurrentPath returns the PATH as it is now, for a process that has inherited one.
func CurrentPath(inherited string) string { return inherited }

// NeedsLoginPath reports whether the inherited PATH is not the person's own: that is never so on this system, where desktops
// start programs with it.
func NeedsLoginPath(string) bool { return false }
