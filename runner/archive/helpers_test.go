package archive

import (
	"hash/crc32"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

const keepsModes = runtime.GOOS != "windows"

// treeFile is one entry of a folder.
type treeFile struct {
	folder bool
	data   string
	exec   bool
}

// readTree reads a whole folder. Anything but files and folders in it fails the test.
func readTree(t testing.TB, root string) map[string]treeFile {
	t.Helper()
	tree := map[string]treeFile{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		entry := treeFile{folder: d.IsDir()}
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			entry.data, entry.exec = string(data), info.Mode()&0o111 != 0
		} else if !d.IsDir() {
			t.Errorf("%s is %v", path, info.Mode())
		}
		tree[filepath.ToSlash(name)] = entry
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// tool finds a program to compare with. Without it the test is skipped with a message.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("SKIPPED: the program %s is not installed", name)
	}
	return path
}

func crcOf(text string) uint32 { return crc32.ChecksumIEEE([]byte(text)) }
