// Package assets holds what Stepdeck is shipped with besides its code. It is data: app hands each piece to whoever needs it.
package assets

import "embed"

// Files are the assets by their path in this folder, such as bootstrap/bootstrap.sh.
//
//go:embed bootstrap icon.png LICENSE words sample/*.stepdeck sample/*.nupkg
var Files embed.FS
