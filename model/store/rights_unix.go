//go:build unix

package store

import (
	"os"

	"github.com/stepdeck/stepdeck/model"
)

// checkRights refuses a data folder that everybody may write into: whoever puts a database there decides which scripts
// run as this person. A group is left to the person: many systems give each user one of his own.
func checkRights(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return failed("look at the data folder "+dir, err)
	}
	if info.Mode().Perm()&0o002 != 0 {
		return model.NewError("store.rights", "Every user of this computer can write into the data folder %s. Take that right away (chmod o-w), or choose another folder with STEPDECK_HOME.", dir)
	}
	return nil
}
