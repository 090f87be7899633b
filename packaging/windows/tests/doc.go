// Package tests tries the packages for Windows out, under Wine: setup programs and MSI are installed silently, the command
// that they bring is used, they are upgraded and removed, and files and registry are compared with what was there before.
// Its tests are built with the tag wine and run by `make test-windows`, which makes the Wine prefix and the packages.
//
// An exit status alone shows nothing: Wine's own programs succeed at things that they don't do. So each test looks at what
// is there afterwards.
package tests
