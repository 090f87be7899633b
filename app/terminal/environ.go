package terminal

import "strings"

// lookup returns a function that looks up variables; the last one of a name counts.
func lookup(environ []string) func(name string) string {
	return func(name string) string {
		value := ""
		for _, entry := range environ {
			if n, v, found := strings.Cut(entry, "="); found && n == name {
				value = v
			}
		}
		return value
	}
}
