package script

// usualPlaces returns the folders where a tool usually is. A program started from the Finder has only the system's
// folders on its PATH, so Homebrew's are included.
func usualPlaces(kind Kind) []string {
	places := []string{"/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/bin"}
	switch kind {
	case PowerShell:
		places = append(places, "/usr/local/microsoft/powershell/7", "/usr/local/microsoft/powershell/7-preview")
		places = append(places, inHome(".dotnet/tools")...)
	case AWS:
		places = append(places, "/usr/local/aws-cli", "/opt/local/bin")
		places = append(places, inHome(".local/bin", "aws-cli")...)
	case Bash, WindowsPowerShell:
	}
	return places
}
