//go:build wine

package tests

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	id           = "io.github.stepdeck.stepdeck"
	uninstallKey = `\Software\Microsoft\Windows\CurrentVersion\Uninstall\` + id
	appKey       = `\Software\Microsoft\Windows\CurrentVersion\App Paths\Stepdeck.exe`
	data         = "%h/AppData/Local/Stepdeck"
	olderVersion = "0.0.1"
)

// kindOfSetup is one of the two setup programs.
type kindOfSetup struct {
	name   string
	ending string // of its file name
	folder string // where it installs
	menu   string // its Start menu entry
	root   string // registry root
	path   string // registry key with PATH
}

var kindsOfSetup = []kindOfSetup{
	{
		"for one user", "-setup", "%h/AppData/Local/Programs/Stepdeck", "%h/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Stepdeck.lnk",
		"HKCU", `HKCU\Environment`,
	},
	{
		"for all users", "-setup-all-users", "Program Files/Stepdeck", "ProgramData/Microsoft/Windows/Start Menu/Programs/Stepdeck.lnk",
		"HKLM", `HKLM\System\CurrentControlSet\Control\Session Manager\Environment`,
	},
}

// programs are the files that a setup installs.
var programs = []string{
	"Stepdeck.exe", "bin/stepdeck.exe", "bin/stepdeck-supervisor.exe", "LICENSE.txt", "THIRD-PARTY-NOTICES.txt", "sbom.cdx.json",
	"uninstall.exe",
}

func version(t *testing.T) string { return setting(t, "STEPDECK_WINE_VERSION") }

// packed returns the path of a package of the version under test ("new") or of the older one ("old").
func packed(t *testing.T, age, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(setting(t, "STEPDECK_WINE_PACKAGES"), age, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%d files match %s: %v", len(found), pattern, err)
	}
	return found[0]
}

func (k kindOfSetup) file(t *testing.T, age string) string {
	t.Helper()
	return packed(t, age, "Stepdeck-*-quick"+k.ending+"-test-signed*.exe")
}

// install installs silently and checks the result.
func (c *computer) install(k kindOfSetup, age string, options ...string) {
	c.t.Helper()
	c.must(append([]string{k.file(c.t, age), "/S"}, options...)...)
	for _, p := range programs {
		c.exists(k.folder + "/" + p)
	}
}

// uninstall removes silently. It waits for the copy of itself in which the uninstaller continues.
func (c *computer) uninstall(k kindOfSetup) {
	c.t.Helper()
	c.must(c.windows(k.folder+"/uninstall.exe"), "/S")
	c.settle()
}

func (c *computer) command(folder string, args ...string) string {
	c.t.Helper()
	return c.must(append([]string{c.windows(folder + "/bin/stepdeck.exe")}, args...)...)
}

func TestSetup(t *testing.T) {
	for _, k := range kindsOfSetup {
		t.Run(k.name, func(t *testing.T) {
			c := newComputer(t)
			before := c.traces()
			c.install(k, "new", "/PATH=yes")
			folder := c.windows(k.folder)

			uninstall := k.root + uninstallKey
			c.has(uninstall, "DisplayName", "Stepdeck")
			c.has(uninstall, "DisplayVersion", version(t))
			c.has(uninstall, "Publisher", "Stepdeck contributors")
			c.has(uninstall, "InstallLocation", folder)
			c.has(uninstall, "UninstallString", `"`+folder+`\uninstall.exe"`)
			c.has(uninstall, "QuietUninstallString", `"`+folder+`\uninstall.exe" /S`)
			if c.value(uninstall, "EstimatedSize") == "" {
				t.Error("the size for Windows' list of apps is missing")
			}
			c.has(k.root+appKey, "", folder+`\Stepdeck.exe`)
			c.has(k.root+`\Software\Classes\.stepdeck`, "", "Stepdeck.Project")
			c.has(k.root+`\Software\Classes\Stepdeck.Project\shell\open\command`, "", `"`+folder+`\Stepdeck.exe" "%1"`)
			c.exists(k.menu)
			if path := c.value(k.path, "Path"); !strings.Contains(path, folder+`\bin`) {
				t.Errorf("the PATH is %q", path)
			}
			if other := map[string]string{"HKCU": "HKLM", "HKLM": "HKCU"}[k.root]; c.value(other+uninstallKey, "DisplayName") != "" {
				t.Errorf("there is an entry in %s too", other)
			}
			for _, p := range []string{"Stepdeck.exe", "bin/stepdeck.exe", "bin/stepdeck-supervisor.exe", "uninstall.exe"} {
				signed(t, c.path(k.folder+"/"+p))
			}
			if output := c.command(k.folder, "version"); !strings.Contains(output, "stepdeck "+version(t)) {
				t.Errorf("the command prints %q", output)
			}

			// The person's data stays when the program is removed.
			c.command(k.folder, "import", c.write(home+"/kept.stepdeck", "stepdeck: 1\nproject: Kept\n"), "--yes")
			c.uninstall(k)
			c.absent(k.folder, k.menu)
			c.exists(data + "/stepdeck.db")
			c.leavesNothing(before)
		})
	}
}

// home is a folder for files that the tests write.
const home = "%h/Temp/stepdeck-test"

func TestChoices(t *testing.T) {
	c := newComputer(t)
	k := kindsOfSetup[0]
	before := c.traces()
	c.install(k, "new", "/MENU=no", "/FILES=no", "/PATH=no")
	c.absent(k.menu)
	c.has(`HKCU\Software\Classes\.stepdeck`, "", "")
	if path := c.value(k.path, "Path"); strings.Contains(path, "Stepdeck") {
		t.Errorf("the PATH is %q", path)
	}
	// The next setup keeps the earlier choices, unless it is given others.
	c.install(k, "new", "/FILES=yes")
	c.absent(k.menu)
	c.has(`HKCU\Software\Classes\.stepdeck`, "", "Stepdeck.Project")
	c.uninstall(k)
	c.leavesNothing(before)
}

func TestCustomFolder(t *testing.T) {
	c := newComputer(t)
	k := kindsOfSetup[0]
	before := c.traces()
	k.folder = "Tools and more/Stepdeck"
	// The person has a file of their own there.
	c.write(k.folder+"/mine.txt", "mine")
	// /D must not be quoted, so cmd.exe runs the setup.
	if code, output := c.codeOf(winPath(k.file(t, "new")), "/S", "/D="+c.windows(k.folder)); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, output)
	}
	for _, p := range programs {
		c.exists(k.folder + "/" + p)
	}
	c.has(`HKCU`+uninstallKey, "InstallLocation", c.windows(k.folder))
	c.uninstall(k)
	c.exists(k.folder + "/mine.txt")
	for _, p := range programs {
		c.absent(k.folder + "/" + p)
	}
	if err := os.RemoveAll(c.path("Tools and more")); err != nil {
		t.Fatal(err)
	}
	c.leavesNothing(before)
}

func TestUpgrade(t *testing.T) {
	for _, k := range kindsOfSetup {
		t.Run(k.name, func(t *testing.T) {
			c := newComputer(t)
			before := c.traces()
			c.install(k, "old", "/MENU=no", "/PATH=yes")
			c.exists(k.folder + "/old-only.txt")
			c.has(k.root+uninstallKey, "DisplayVersion", olderVersion)
			if output := c.command(k.folder, "version"); !strings.Contains(output, olderVersion) {
				t.Errorf("the older command prints %q", output)
			}
			c.command(k.folder, "import", c.write(home+"/p.stepdeck", "stepdeck: 1\nproject: Of the older version\n"), "--yes")

			c.install(k, "new")
			c.absent(k.folder+"/old-only.txt", k.menu)
			c.has(k.root+uninstallKey, "DisplayVersion", version(t))
			if output := c.command(k.folder, "version"); !strings.Contains(output, "stepdeck "+version(t)) {
				t.Errorf("the newer command prints %q", output)
			}
			if output := c.command(k.folder, "projects", "list"); !strings.Contains(output, "Of the older version") {
				t.Errorf("the projects are now %q", output)
			}
			if path := c.value(k.path, "Path"); strings.Count(path, c.windows(k.folder)+`\bin`) != 1 {
				t.Errorf("the PATH is %q", path)
			}

			if got := c.run(k.file(t, "old"), "/S"); got.code != 11 {
				t.Errorf("a downgrade exits with %d", got.code)
			}
			c.has(k.root+uninstallKey, "DisplayVersion", version(t))
			c.exists(k.folder + "/Stepdeck.exe")
			c.absent(k.folder + "/old-only.txt")
			c.must(k.file(t, "old"), "/S", "/ALLOWDOWNGRADE")
			c.has(k.root+uninstallKey, "DisplayVersion", olderVersion)
			c.exists(k.folder + "/old-only.txt")
			c.uninstall(k)
			c.leavesNothing(before)
		})
	}
}

// A running program is not overwritten, neither the command, in which runs continue without a window, nor the window.
func TestUpgradeWhileRunning(t *testing.T) {
	c := newComputer(t)
	k := kindsOfSetup[0]
	before := c.traces()
	c.install(k, "old")
	running := c.start(c.windows(k.folder+"/bin/stepdeck.exe"), "sandbox")
	c.until("the command runs", func() bool { return strings.Contains(running.output(), "endpoint") })
	for _, setup := range []string{k.file(t, "new"), c.path(k.folder + "/uninstall.exe")} {
		options := []string{setup, "/S"}
		if strings.HasSuffix(setup, "uninstall.exe") { // in place, so that the test can wait for it
			options = append(options, "_?="+c.windows(k.folder))
		}
		if got := c.run(options...); got.code != 12 {
			t.Errorf("%s exits with %d while the command is running", filepath.Base(setup), got.code)
		}
		c.has("HKCU"+uninstallKey, "DisplayVersion", olderVersion)
		for _, p := range programs {
			c.exists(k.folder + "/" + p)
		}
		if output := c.command(k.folder, "version"); !strings.Contains(output, olderVersion) {
			t.Errorf("the command prints %q", output)
		}
	}
	running.end()
	c.install(k, "new")
	c.has("HKCU"+uninstallKey, "DisplayVersion", version(t))
	c.uninstall(k)
	c.leavesNothing(before)
}

func TestDamagedSetup(t *testing.T) {
	c := newComputer(t)
	k := kindsOfSetup[0]
	before := c.traces()
	whole, err := os.ReadFile(k.file(t, "new"))
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/2] ^= 1
	damaged := c.path(home + "/damaged.exe")
	c.write(home+"/damaged.exe", string(whole))
	if got := c.run(damaged, "/S"); got.code != 2 {
		t.Errorf("exit code %d", got.code)
	}
	notSigned(t, damaged)
	c.absent(k.folder)
	c.leavesNothing(before)
}
