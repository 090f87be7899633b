//go:build !windows && !darwin

package browser

// opener returns the program that opens a page in the browser.
func opener(address string) []string { return []string{"xdg-open", address} }

// HasDisplay reports whether a browser can show itself here. env returns a variable of the environment.
func HasDisplay(env func(string) string) bool {
	return env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != ""
}
