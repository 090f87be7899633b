package script

// usualFolders returns the folders where a tool usually is, for a PATH without them, as in a program started from a
// menu.
func usualFolders(kind Kind, _ []string) []string {
	folders := []string{"/usr/local/bin", "/usr/bin", "/bin", "/snap/bin"}
	switch kind {
	case PowerShell:
		folders = append(folders, "/opt/microsoft/powershell/7", "/opt/microsoft/powershell/7-preview")
		folders = append(folders, inHome(".dotnet/tools", ".local/bin")...)
	case AWS:
		folders = append(folders, "/home/linuxbrew/.linuxbrew/bin")
		folders = append(folders, inHome(".local/bin", "bin")...)
	case Python:
		folders = append(folders, inHome(".local/bin")...)
	case Bash, WindowsPowerShell:
	}
	return folders
}
