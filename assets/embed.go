// Package assets contains the data that Stepdeck ships besides its code.
package assets

import "embed"

// Files contains the assets by their path in this folder, such as bootstrap/bootstrap.sh.
//
//go:embed bootstrap icon.png LICENSE words sample/*.stepdeck sample/*.nupkg
var Files embed.FS
