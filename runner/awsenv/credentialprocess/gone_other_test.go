//go:build unix && !linux

package credentialprocess_test

import "testing"

// waitGone is for Linux, where /proc says it.
func waitGone(*testing.T, string) {}
