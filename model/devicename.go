package model

import "strings"

// IsDeviceName reports whether Windows takes a file's name for that of a device, in every folder and with any ending. Source: "Naming
// Files, Paths, and Namespaces" of the Windows documentation.
func IsDeviceName(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.TrimRight(base, " ")
	if len(base) < 3 || len(base) > 7 {
		return false
	}
	switch strings.ToLower(base) {
	case "con", "prn", "aux", "nul", "conin$", "conout$", "clock$":
		return true
	}
	device, digit := strings.ToLower(base[:3]), base[3:]
	switch digit {
	case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
		return device == "com" || device == "lpt"
	}
	return false
}
