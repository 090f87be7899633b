//go:build unix

package store

import (
	"os"
	"testing"
)

func TestOpenRefusesAFolderOfEverybody(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o777))
	_, err := Open(t.Context(), Options{Dir: dir})
	wantCode(t, err, "store.rights")
	must(t, os.Chmod(dir, 0o770))
	s, err := Open(t.Context(), Options{Dir: dir})
	must(t, err)
	must(t, s.Close())
}
