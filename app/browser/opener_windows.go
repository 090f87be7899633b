package browser

import (
	"os"
	"path/filepath"
)

// opener returns the program that opens a page in the browser. It is Windows' own, wherever the working folder is.
func opener(address string) []string {
	program := "rundll32.exe"
	if root := os.Getenv("SystemRoot"); root != "" {
		program = filepath.Join(root, "System32", program)
	}
	return []string{program, "url.dll,FileProtocolHandler", address}
}

// HasDisplay reports whether a browser can show itself here. env returns a variable of the environment.
func HasDisplay(func(string) string) bool { return true }
