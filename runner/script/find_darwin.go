package script

// usualFolders returns the folders where a tool usually is. A program started from the Finder has only the system's
// folders on its PATH, so Homebrew's are included.
func usualFolders(kind Kind, _ []string) []string {
	folders := []string{"/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/bin"}
	switch kind {
	case PowerShell:
		folders = append(folders, "/usr/local/microsoft/powershell/7", "/usr/local/microsoft/powershell/7-preview")
		folders = append(folders, inHome(".dotnet/tools")...)
	case AWS:
		folders = append(folders, "/usr/local/aws-cli", "/opt/local/bin")
		folders = append(folders, inHome(".local/bin", "aws-cli")...)
	case Python:
		folders = append(folders, "/Library/Frameworks/Python.framework/Versions/Current/bin")
		folders = append(folders, inHome(".local/bin")...)
	case Bash, WindowsPowerShell:
	}
	return folders
}
