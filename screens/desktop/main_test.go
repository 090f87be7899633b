package desktop

import (
	"os"
	"testing"
)

// asWindow makes this test program the window itself.
const asWindow = "STEPDECK_TEST_AS_WINDOW"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asInstance); dir != "" {
		os.Exit(beWindow(dir))
	}
	if os.Getenv(asWindow) != "" {
		os.Exit(Main(os.Args[1:], "1.2.3", "abcdef"))
	}
	os.Exit(m.Run())
}
