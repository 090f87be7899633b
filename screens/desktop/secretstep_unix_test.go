//go:build !windows

package desktop

import "testing"

// secretStep returns the lines of a step that succeeds if it gets the variable Password.
func secretStep(*testing.T) string {
	return `script: {language: bash, body: '[ "$(get_octopusvariable Password)" = swordfish ]'}`
}
