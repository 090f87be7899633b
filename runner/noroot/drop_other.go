//go:build !linux

package noroot

import (
	"os"
	"testing"
)

// Drop skips the test for root, who has no thread of an ordinary user here.
func Drop(t testing.TB) {
	t.Helper()
	if os.Geteuid() == 0 {
		t.Skip("root reads and writes everything")
	}
}
