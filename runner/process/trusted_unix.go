//go:build unix

package process

import (
	"os"
	"syscall"
)

// trusted reports whether only this user and root can change the paths.
func trusted(paths ...string) bool {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm()&0o022 != 0 {
			return false
		}
		owner, ok := info.Sys().(*syscall.Stat_t)
		if !ok || owner.Uid != 0 && int(owner.Uid) != os.Geteuid() {
			return false
		}
	}
	return true
}
