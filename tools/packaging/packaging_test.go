package packaging

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

const top = "../.."

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// one returns the only match of a pattern's group in a file.
func one(t *testing.T, path, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindAllStringSubmatch(read(t, path), -1)
	if len(found) != 1 {
		t.Fatalf("%s has %d of %s", path, len(found), pattern)
	}
	return found[0][1]
}

// The id by which a later version finds an earlier one must be the same everywhere and never change: otherwise both
// stay installed.
func TestTheIDIsTheSameEverywhereAndForEver(t *testing.T) {
	const id = "io.github.stepdeck.stepdeck"
	for path, pattern := range map[string]string{
		"FyneApp.toml":                                           `(?m)^ID = "(.*)"$`,
		"screens/desktop/desktop.go":                             `(?m)^const ID = "(.*)"$`,
		"packaging/windows/stepdeck.nsi":                         `(?m)^!define ID "(.*)"$`,
		"packaging/windows/winres/app.manifest":                  `<assemblyIdentity type="win32" name="(io[^"]*)"`,
		"packaging/macos/Info.plist.in":                          `<key>CFBundleIdentifier</key><string>(.*)</string>`,
		"packaging/macos/package.sh":                             `(?m)^here=packaging/macos id=(.*)$`,
		"packaging/macos/distribution.xml.in":                    `<choice id="default" title="Stepdeck">\s*<pkg-ref id="(.*)\.pkg"/>`,
		"packaging/windows/stepdeck.wxs":                         `Uninstall\\(io[a-z.]*)"`,
		"packaging/windows/try-setup.ps1":                        `Uninstall\\(io[a-z.]*)'`,
		"packaging/linux/share/metainfo/" + id + ".metainfo.xml": `<id>(.*)</id>`,
	} {
		if got := one(t, path, pattern); got != id {
			t.Errorf("%s has %q", path, got)
		}
	}
	if got := one(t, "packaging/windows/stepdeck.wxs", `UpgradeCode="(.*)"`); got != "3F6E0C52-6B0B-4D0E-9C53-51A7B3F5D2A1" {
		t.Errorf("the upgrade code of the MSI is %q", got)
	}
}

func TestTheVersionInTheWorksIsTheSameInBothPlaces(t *testing.T) {
	fyne := one(t, "FyneApp.toml", `(?m)^Version = "(.*)"$`)
	if program := one(t, "app/version.go", `v\.Number = "(.*)"`); program != fyne+"-dev" {
		t.Errorf("FyneApp.toml has %s, app/version.go has %s", fyne, program)
	}
}

func TestVersionsForWindows(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("packages are not built on Windows")
	}
	for version, want := range map[string]string{
		"1.2.0": "1.2.0.0", "1.2.10-15-g0a1b2c3": "1.2.10.15", "1.2.0-dirty": "1.2.0.0", "1.2.0-3-gabc-dirty": "1.2.0.3",
		"0.1.0-dev": "0.1.0.0", "2.0.0-rc.1": "2.0.0.0", "1.2": "", "v1.2.0": "", "1.2.0; rm": "", "": "*",
	} {
		args := []string{"scripts/version.sh", "--numbers"}
		if version != "" {
			args = append(args, version)
		}
		cmd := exec.Command("bash", args...)
		cmd.Dir = top
		out, err := cmd.Output()
		got := strings.TrimSpace(string(out))
		switch {
		case want == "*" && (err != nil || got == ""):
			t.Errorf("without a version: %v", err)
		case want == "" && err == nil:
			t.Errorf("%q is taken for %s", version, got)
		case want != "*" && got != want:
			t.Errorf("%q is %q, not %q", version, got, want)
		}
	}
}

// Programs work with each other only if their commit is the same, so it names the changes that it has not.
func TestTheCommitNamesTheChangesOfATree(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("packages are not built on Windows")
	}
	dir := t.TempDir()
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %v: %v", name, args, err)
		}
		return strings.TrimSpace(string(out))
	}
	commit := func() string { t.Helper(); return run("bash", "scripts/commit.sh") }
	write("scripts/commit.sh", read(t, "scripts/commit.sh"))
	if got := commit(); got != "" {
		t.Errorf("outside of a repository it is %q", got)
	}
	write("a.go", "package a")
	write(".gitignore", "bin")
	run("git", "init", "-q")
	run("git", "add", ".")
	run("git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "First")
	clean := run("git", "rev-parse", "--short=12", "HEAD")
	seen := map[string]string{}
	for _, step := range []struct{ what, file, text string }{
		{"a change", "a.go", "package b"}, {"another", "a.go", "package c"},
		{"a new file", "new file.go", "package a"}, {"the same with other text", "new file.go", "package b"},
	} {
		write(step.file, step.text)
		got := commit()
		if !strings.HasPrefix(got, clean+"-dirty-") || len(got) != len(clean)+len("-dirty-")+8 || got != commit() {
			t.Errorf("with %s it is %q and then %q", step.what, got, commit())
		}
		if before := seen[got]; before != "" {
			t.Errorf("with %s it is %q, as with %s", step.what, got, before)
		}
		seen[got] = step.what
	}
	run("git", "checkout", "-q", "a.go")
	run("git", "clean", "-q", "-f")
	write("bin", "built")
	if got := commit(); got != clean {
		t.Errorf("of a clean tree it is %q, want %q", got, clean)
	}
}

// The command looks for the supervisor beside itself. Where a package forgets it, everything works and each step takes
// longer to start, so nobody would notice.
func TestEveryPackageHasTheSupervisor(t *testing.T) {
	for path, pieces := range map[string][]string{
		"packaging/linux/build.sh":       {"build dist/linux/stepdeck-supervisor ./cmd/stepdeck-supervisor"},
		"packaging/linux/package.sh":     {`-t "$root/lib/stepdeck" dist/linux/stepdeck dist/linux/stepdeck-supervisor `},
		"packaging/macos/build.sh":       {"build dist/macos/stepdeck-supervisor ./cmd/stepdeck-supervisor"},
		"packaging/macos/package.sh":     {`sign "$id.supervisor" "$app/Contents/Helpers/stepdeck-supervisor"`},
		"packaging/windows/build.sh":     {"build dist/windows/bin/stepdeck-supervisor.exe ./cmd/stepdeck-supervisor"},
		"packaging/windows/package.sh":   {"dist/windows/bin/stepdeck-supervisor.exe", `cp "$layout"/bin/*.exe "$portable/Stepdeck/bin/"`},
		"packaging/windows/stepdeck.nsi": {`File "${STAGE}/bin/stepdeck-supervisor.exe"`, `Delete "$INSTDIR\bin\stepdeck-supervisor.exe"`},
		"packaging/windows/stepdeck.wxs": {"bin/stepdeck-supervisor.exe", `<ComponentRef Id="Supervisor"/>`},
		"packaging/notices.sh":           {"dist/linux/stepdeck-supervisor", "dist/macos/stepdeck-supervisor", "dist/windows/bin/*.exe"},
	} {
		text := read(t, path)
		for _, piece := range pieces {
			if !strings.Contains(text, piece) {
				t.Errorf("%s has no %s", path, piece)
			}
		}
	}
}

// The uninstaller removes everything that the setup program installs.
func TestTheUninstallerRemovesEveryFile(t *testing.T) {
	script := read(t, "packaging/windows/stepdeck.nsi")
	files := regexp.MustCompile(`(?m)^ +File "(?:/oname=([^"]+)"|\$\{STAGE\}/([^"]+)")`).FindAllStringSubmatch(script, -1)
	if len(files) < 5 {
		t.Fatalf("%d files are found in the script", len(files))
	}
	for _, f := range files {
		name := strings.ReplaceAll(f[1]+f[2], "/", `\`)
		if !strings.Contains(script, `Delete "$INSTDIR\`+name+`"`) {
			t.Errorf("%s stays", name)
		}
	}
	if regexp.MustCompile(`(?im)^\s*RMDir\s+/r`).MatchString(script) {
		t.Error("a folder is removed with all its contents")
	}
}

func TestXMLAndJSONParse(t *testing.T) {
	parsed := 0
	err := filepath.WalkDir(filepath.Join(top, "packaging"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		switch filepath.Ext(strings.TrimSuffix(path, ".in")) {
		case ".xml", ".plist", ".wxs", ".manifest":
			decoder := xml.NewDecoder(strings.NewReader(string(text)))
			for err == nil {
				_, err = decoder.Token()
			}
			if !errors.Is(err, io.EOF) {
				t.Errorf("%s: %v", path, err)
			}
			parsed++
		case ".json":
			if !json.Valid(text) {
				t.Errorf("%s is not JSON", path)
			}
			parsed++
		}
		return nil
	})
	if err != nil || parsed < 9 {
		t.Errorf("%d files, %v", parsed, err)
	}
}

// A property list is a dictionary of keys, each with its value.
func TestInfoPlistHasWhatTheAppNeeds(t *testing.T) {
	for key, want := range map[string]string{
		"CFBundleExecutable": "Stepdeck", "CFBundleIconFile": "stepdeck.icns", "CFBundlePackageType": "APPL",
		"CFBundleShortVersionString": "@VERSION@", "CFBundleVersion": "@BUILD@", "LSMinimumSystemVersion": "12.0",
	} {
		if got := one(t, "packaging/macos/Info.plist.in", `<key>`+key+`</key><string>(.*)</string>`); got != want {
			t.Errorf("%s is %q", key, got)
		}
	}
	script := read(t, "packaging/macos/package.sh")
	for _, piece := range []string{
		"Contents/MacOS/Stepdeck", "Contents/Resources/stepdeck.icns", "Contents/Helpers/stepdeck", "Contents/Helpers/stepdeck-supervisor",
	} {
		if !strings.Contains(script, piece) {
			t.Errorf("package.sh doesn't create %s", piece)
		}
	}
}
