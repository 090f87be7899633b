package store

// checkRights relies on Windows: only the user can write below the user's own folders.
func checkRights(string) error { return nil }
