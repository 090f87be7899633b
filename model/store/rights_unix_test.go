//go:build unix

package store

import (
	"os"
	"testing"
)

func TestOpenRejectsWorldWritableFolder(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o777))
	_, err := Open(t.Context(), Options{Dir: dir})
	wantCode(t, err, "store.rights")
	must(t, os.Chmod(dir, 0o770))
	s, err := Open(t.Context(), Options{Dir: dir})
	must(t, err)
	must(t, s.Close())
}

func TestInPlace(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	must(t, s.InPlace())
	must(t, os.Rename(s.Path(), s.Path()+".away"))
	wantCode(t, s.InPlace(), "store.moved")
	must(t, os.WriteFile(s.Path(), nil, 0o600))
	wantCode(t, s.InPlace(), "store.moved")
	must(t, os.Rename(s.Path()+".away", s.Path()))
	must(t, s.InPlace())
}
