// Stepdeck is a desktop program that runs AWS CLI scripts as the right identity: this account, that role, this region.
package main

import (
	"os"

	"github.com/stepdeck/stepdeck/screens/desktop"
)

// Set by the build.
var version, commit string //nolint:gochecknoglobals // the linker's -X sets only package variables

func main() { os.Exit(desktop.Main(os.Args[1:], version, commit)) }
