package artifact_test

import (
	"os"
	"path/filepath"
	"testing"
)

// Files of the system have contents and no size.
func TestAFileWithoutSize(t *testing.T) {
	const path = "/proc/self/maps"
	want, err := os.ReadFile(path)
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	to := filepath.Join(dir, "kept")
	if got, err := open(t, path).Copy(t.Context(), to, 1<<30, nil); err != nil || got.Size == 0 || len(want) == 0 {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = open(t, path).Copy(t.Context(), filepath.Join(dir, "much"), 10, nil)
	wantError(t, err, "artifact.size")
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 || left[0] != to {
		t.Errorf("%q are left", left)
	}
}
