package script

// usualPlaces returns the folders where a tool usually is, for a PATH without them, as in a program started from a
// menu.
func usualPlaces(kind Kind) []string {
	places := []string{"/usr/local/bin", "/usr/bin", "/bin", "/snap/bin"}
	switch kind {
	case PowerShell:
		places = append(places, "/opt/microsoft/powershell/7", "/opt/microsoft/powershell/7-preview")
		places = append(places, inHome(".dotnet/tools", ".local/bin")...)
	case AWS:
		places = append(places, "/home/linuxbrew/.linuxbrew/bin")
		places = append(places, inHome(".local/bin", "bin")...)
	case Bash, WindowsPowerShell:
	}
	return places
}
