// The race detector needs memory of its own.

//go:build !race

package archive

import (
	"fmt"
	"testing"
)

// The directory of a package is the only thing that must be in memory.
func TestMemoryStaysSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks 50,000 files")
	}
	const most = 80 // MB
	entries := make([]rawEntry, 0, 50_000)
	for i := range cap(entries) {
		entries = append(entries, rawEntry{name: fmt.Sprintf("folder-%03d/with some longer name/file-%05d.txt", i/500, i)})
	}
	path := writePackage(t, "many.1.0.0.zip", rawZip(entries...))
	peak := peakMemory(t, path, t.TempDir()+"/out")
	if peak > most {
		t.Errorf("%.0f MB, want at most %d", peak, most)
	} else {
		t.Logf("%.0f MB", peak)
	}
}
