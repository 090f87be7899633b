package store

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// networkKind says in what way dir is on another computer, or returns "".
func networkKind(dir string) (string, error) {
	volume := strings.TrimPrefix(filepath.VolumeName(dir), `\\?\`)
	if strings.HasPrefix(volume, `\\`) || strings.HasPrefix(strings.ToUpper(volume), `UNC\`) {
		return "a shared folder", nil
	}
	root, err := windows.UTF16PtrFromString(volume + `\`)
	if err != nil {
		return "", err
	}
	if windows.GetDriveType(root) == windows.DRIVE_REMOTE {
		return "a network drive", nil
	}
	return "", nil
}
