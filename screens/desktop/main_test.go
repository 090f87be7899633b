package desktop

import (
	"context"
	"os"
	"testing"

	"github.com/stepdeck/stepdeck/command"
)

// With one of these variables set, this test program acts as the window or as the command.
const (
	asWindow  = "STEPDECK_TEST_AS_WINDOW"
	asCommand = "STEPDECK_TEST_AS_COMMAND"
)

func TestMain(m *testing.M) {
	if exit, asked := command.Supervise(os.Args, "1.2.3", "abcdef"); asked {
		os.Exit(exit)
	}
	if dir := os.Getenv(asInstance); dir != "" {
		os.Exit(holdLock(dir))
	}
	switch {
	case os.Getenv(asWindow) != "":
		os.Exit(Main(os.Args[1:], "1.2.3", "abcdef"))
	case os.Getenv(asCommand) != "":
		os.Exit(command.Main(context.Background(), command.Process(), os.Args[1:], "1.2.3", "abcdef"))
	}
	os.Exit(m.Run())
}
