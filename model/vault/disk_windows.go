package vault

import "io/fs"

// isOpenToOthers: the data folder lies in the user's profile, whose rights a new file takes over.
func isOpenToOthers(fs.FileInfo) bool { return false }

// syncFolder: Windows knows no such thing; NTFS journals renames.
func syncFolder(string) error { return nil }
