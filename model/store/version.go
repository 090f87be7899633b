package store

import "github.com/mattn/go-sqlite3"

// SQLiteVersion returns the version of the linked SQLite.
func SQLiteVersion() string {
	version, _, _ := sqlite3.Version()
	return version
}
