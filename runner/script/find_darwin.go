package script

// usualPlaces are the folders where a tool lies. A program started from the Finder has a PATH of the system's own
// folders alone, so Homebrew's count as much as they do in a terminal.
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
