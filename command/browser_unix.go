//go:build !windows && !darwin

package command

// opener returns the program that opens a page in the browser.
func opener(address string) []string { return []string{"xdg-open", address} }

func hasDisplay(env func(string) string) bool {
	return env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != ""
}
