// Package tests checks the Windows packages under Wine: it installs the setup programs and the MSI silently, uses the installed command,
// upgrades and removes them, and compares files and registry with those before. Its tests are built with the tag wine and run by
// `make test-windows`, which creates the Wine prefix and the packages.
//
// An exit status alone proves nothing, because Wine's own programs report success without doing anything. So every test checks the state
// afterwards.
package tests
