package document

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// Deep nesting must end in an error, neither in a stack overflow, which can't be recovered from, nor in minutes of
// work.
func TestDeepNesting(t *testing.T) {
	for name, text := range map[string]string{
		"flow lists":      "stepdeck: " + strings.Repeat("[", 1_000_000),
		"flow mappings":   "stepdeck: " + strings.Repeat("{a: ", 200_000),
		"block lists":     "stepdeck: 1\nsteps: " + strings.Repeat("- ", 200_000),
		"closed lists":    "stepdeck: " + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
		"indented blocks": deepBlocks(2_000),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse("f", []byte(text)); model.ErrorCode(err) != "document.deep" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func deepBlocks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
