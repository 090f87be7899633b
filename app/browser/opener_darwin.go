package browser

// opener returns the program that opens a page in the browser.
func opener(address string) []string { return []string{"/usr/bin/open", address} }

// HasDisplay reports whether a browser can show itself here. env returns a variable of the environment.
func HasDisplay(func(string) string) bool { return true }
