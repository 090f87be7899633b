//go:build !windows

package script_test

func underWine() bool { return false }
