//go:build unix

package store

import (
	"os"

	"github.com/stepdeck/stepdeck/model"
)

// checkRights rejects a data folder that everyone can write to: who puts a database there decides which scripts run as
// this user. Group permissions are left to the user: many systems give each user a group of their own.
func checkRights(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return failed("look at the data folder "+dir, err)
	}
	if info.Mode().Perm()&0o002 != 0 {
		return model.NewError("store.rights",
			"Every user of this computer can write to the data folder %s. Remove that permission (chmod o-w), or choose another folder with "+
				"STEPDECK_HOME.", dir)
	}
	return nil
}
