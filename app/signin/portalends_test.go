package signin

import (
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
)

// Tokens that nothing renews say when a sign-in ends.
func TestWhenAPortalsSignInEnds(t *testing.T) {
	expires := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	if got := portalEnds(identitycenter.Tokens{Expires: expires}); !got.Equal(expires) {
		t.Error(got)
	}
	if got := portalEnds(identitycenter.Tokens{Expires: expires, RefreshToken: "x"}); !got.IsZero() {
		t.Error(got)
	}
}
