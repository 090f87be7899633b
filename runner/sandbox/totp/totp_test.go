package totp_test

import (
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/sandbox/totp"
)

// TestCode checks the vectors of RFC 6238 appendix B for SHA-1, of whose eight digits the last six count here.
func TestCode(t *testing.T) {
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := totp.Code([]byte("12345678901234567890"), totp.Step(time.Unix(at, 0))); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}
