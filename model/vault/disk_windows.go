package vault

import "io/fs"

// readableByOthers returns false: the data folder is in the user's profile, whose permissions new files inherit.
func readableByOthers(fs.FileInfo) bool { return false }

// syncFolder does nothing: Windows can't sync a folder, and NTFS journals renames.
func syncFolder(string) error { return nil }
