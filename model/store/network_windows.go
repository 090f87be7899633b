package store

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// networkKind says how dir leads to another computer, or gives "".
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
