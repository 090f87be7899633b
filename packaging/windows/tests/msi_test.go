//go:build wine

package tests

import (
	"strings"
	"testing"
)

// Wine's Windows Installer puts the entry for all users into the Start menu of the only user.
var msi = kindOfSetup{
	folder: "Program Files/Stepdeck", root: "HKLM", menu: kindsOfSetup[0].menu, path: kindsOfSetup[1].path,
}

// msiexec runs Wine's Windows Installer silently.
func (c *computer) msiexec(how, file string, options ...string) result {
	c.t.Helper()
	return c.run(append([]string{"msiexec", how, winPath(file), "/qn"}, options...)...)
}

// winPath returns a path of this computer as Wine writes it.
func winPath(path string) string { return "Z:" + strings.ReplaceAll(path, "/", `\`) }

func TestMSI(t *testing.T) {
	c := newComputer(t)
	older, newer := packed(t, "old", "Stepdeck-*.msi"), packed(t, "new", "Stepdeck-*.msi")
	before := c.traces()

	if got := c.msiexec("/i", older); got.code != 0 {
		t.Fatalf("msiexec exits with %d\n%s", got.code, got.out)
	}
	c.exists(msi.folder+"/Stepdeck.exe", msi.folder+"/bin/stepdeck.exe", msi.folder+"/bin/stepdeck-supervisor.exe",
		msi.folder+"/old-only.txt", msi.menu)
	c.has(`HKLM\Software\Stepdeck`, "Msi", olderVersion)
	if output := c.command(msi.folder, "version"); !strings.Contains(output, olderVersion) {
		t.Errorf("the older command prints %q", output)
	}

	if got := c.msiexec("/i", newer); got.code != 0 {
		t.Fatalf("the upgrade exits with %d\n%s", got.code, got.out)
	}
	c.exists(msi.folder+"/Stepdeck.exe", msi.folder+"/bin/stepdeck.exe", msi.folder+"/bin/stepdeck-supervisor.exe",
		msi.folder+"/LICENSE.txt", msi.menu)
	c.absent(msi.folder + "/old-only.txt")
	c.has(`HKLM\Software\Stepdeck`, "Msi", version(t))
	folder := c.windows(msi.folder)
	c.has("HKLM"+appKey, "", folder+`\Stepdeck.exe`)
	c.has(`HKLM\Software\Classes\.stepdeck`, "", "Stepdeck.Project")
	c.has(`HKLM\Software\Classes\Stepdeck.Project\shell\open\command`, "", `"`+folder+`\Stepdeck.exe" "%1"`)
	if output := c.command(msi.folder, "version"); !strings.Contains(output, "stepdeck "+version(t)) {
		t.Errorf("the newer command prints %q", output)
	}

	// Neither an older version nor another kind of setup may overwrite it.
	if got := c.msiexec("/i", older); got.code == 0 {
		t.Error("a downgrade succeeded")
	}
	c.has(`HKLM\Software\Stepdeck`, "Msi", version(t))
	c.absent(msi.folder + "/old-only.txt")
	if got := c.run(kindsOfSetup[1].file(t, "new"), "/S"); got.code != 14 {
		t.Errorf("the setup program for all users exits with %d", got.code)
	}
	c.absent(msi.folder + "/uninstall.exe")

	if got := c.msiexec("/x", newer); got.code != 0 {
		t.Errorf("the removal exits with %d\n%s", got.code, got.out)
	}
	c.absent(msi.folder, msi.menu)
	c.leavesNothing(before)
}

// The PATH is changed only on request, and the removal restores it.
func TestMSIChangesPath(t *testing.T) {
	c := newComputer(t)
	file := packed(t, "new", "Stepdeck-*.msi")
	before := c.traces()
	if got := c.msiexec("/i", file, "ADDLOCAL=Program,Path"); got.code != 0 {
		t.Fatalf("msiexec exits with %d\n%s", got.code, got.out)
	}
	if path := c.value(msi.path, "Path"); strings.Count(path, c.windows(msi.folder)+`\bin`) != 1 {
		t.Errorf("the PATH is %q", path)
	}
	c.absent(msi.menu)
	if got := c.msiexec("/x", file); got.code != 0 {
		t.Errorf("the removal exits with %d\n%s", got.code, got.out)
	}
	c.leavesNothing(before)
}

// The MSI refuses to install over the setup program for all users.
func TestMSIBesideSetup(t *testing.T) {
	c := newComputer(t)
	k := kindsOfSetup[1]
	before := c.traces()
	c.install(k, "new")
	if got := c.msiexec("/i", packed(t, "new", "Stepdeck-*.msi")); got.code == 0 {
		t.Error("the MSI was installed over it")
	}
	c.has(`HKLM\Software\Stepdeck`, "Msi", "")
	c.exists(k.folder + "/uninstall.exe")
	c.uninstall(k)
	c.leavesNothing(before)
}
