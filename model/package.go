package model

import "time"

// Package is an imported zip, nupkg or tar file; its bytes are in the library under their SHA-256.
type Package struct {
	ID       ID
	Name     string // the package id, such as Acme.Scripts
	Version  string // as written; empty if it has none
	Format   string // zip, nupkg, tar, tar.gz, tar.bz2
	FileName string // when it was imported
	Size     int64  // bytes
	SHA256   string // hexadecimal
	Files    int
	Imported time.Time
}
