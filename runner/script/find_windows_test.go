package script

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/windows/registry"
)

// On a 64-bit computer two variables name the same folder: it is listed once.
func TestFoldersAreListedOnce(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("ProgramFiles", dir)
	t.Setenv("ProgramW6432", strings.ToUpper(dir))
	t.Setenv("PATH", dir)
	for _, kind := range []Kind{AWS, Bash, PowerShell} {
		_, err := Finder{}.Find(t.Context(), kind)
		if err == nil {
			t.Fatalf("%s was found in an empty folder", kind)
		}
		_, places, _ := strings.Cut(err.Error(), " on the PATH or in ")
		places, _, _ = strings.Cut(places, ". To get it")
		said := map[string]bool{}
		for place := range strings.SplitSeq(places, ", ") {
			if said[strings.ToLower(place)] {
				t.Errorf("%s: %q is named twice", kind, place)
			}
			said[strings.ToLower(place)] = true
		}
		if len(said) < 2 {
			t.Errorf("%s: no places in %q", kind, err)
		}
	}
}

// Python's placeholder of Windows, which opens the Microsoft Store, is no Python; an installed one of the Store is.
func TestThePlaceholderOfPythonIsRefused(t *testing.T) {
	apps := filepath.Join(t.TempDir(), "Microsoft", "WindowsApps")
	if err := os.MkdirAll(apps, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(apps, "python.exe")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Finder{PATH: apps}.Find(t.Context(), Python)
	if err == nil || !strings.Contains(err.Error(), "Microsoft Store") {
		t.Errorf("%v", err)
	}
	if err := os.Mkdir(filepath.Join(apps, "PythonSoftwareFoundation.Python.3.13_qbz5n2kfra8p0"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := refused(Python, path); err != nil {
		t.Errorf("an installed one: %v", err)
	}
}

func TestAWSOfOnePersonIsFound(t *testing.T) {
	local := t.TempDir()
	t.Setenv("LocalAppData", local)
	folders := usualFolders(AWS, nil)
	for _, want := range []string{`Programs\Amazon\AWSCLIV2`, `Amazon\AWSCLIV2`} {
		if !slices.Contains(folders, filepath.Join(local, want)) {
			t.Errorf("%s is not among %q", want, folders)
		}
	}
}

// The registry has the folders of what was installed after this process had started.
func TestThePathIsReadFromTheRegistry(t *testing.T) {
	const key = `Software\Stepdeck test`
	k, _, err := registry.CreateKey(registry.CURRENT_USER, key, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = registry.DeleteKey(registry.CURRENT_USER, key) })
	t.Setenv("STEPDECK_TEST_FOLDER", `C:\New`)
	if err := errors.Join(k.SetExpandStringValue("Path", `%STEPDECK_TEST_FOLDER%\bin;C:\Windows`), k.Close()); err != nil {
		t.Fatal(err)
	}
	if got := registryPath(registry.CURRENT_USER, key); got != `C:\New\bin;C:\Windows` {
		t.Errorf("%q", got)
	}
	if got := registryPath(registry.CURRENT_USER, key+" none"); got != "" {
		t.Errorf("of no key: %q", got)
	}
	if got := CurrentPath(`C:\Mine;C:\Other`); !strings.HasPrefix(got, `C:\Mine;C:\Other`) {
		t.Errorf("the inherited folders are not first: %q", got)
	}
}

func TestTheNewestPythonIsFirst(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"Python39", "Python313", "Python312"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	got := newest([]string{filepath.Join(dir, "Python3*")})
	for i, want := range []string{"Python313", "Python312", "Python39"} {
		if len(got) != 3 || filepath.Base(got[i]) != want {
			t.Fatalf("%q", got)
		}
	}
}
