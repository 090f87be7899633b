package command

// opener returns the program that opens a page in the browser.
func opener(address string) []string { return []string{"/usr/bin/open", address} }

func hasDisplay(func(string) string) bool { return true }
