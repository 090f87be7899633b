//go:build wine

package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// powerShell returns the path of a real PowerShell for Windows, or skips the test. Wine's own powershell.exe does nothing and succeeds, so
// the tests never use it.
func powerShell(t *testing.T) string {
	t.Helper()
	path := os.Getenv("STEPDECK_WINE_PWSH")
	if path == "" {
		if os.Getenv("STEPDECK_REQUIRE_PWSH") == "1" {
			t.Fatal("STEPDECK_WINE_PWSH is not set")
		}
		t.Skip("NO STEP WAS RUN: STEPDECK_WINE_PWSH is not set. STEPDECK_REQUIRE_PWSH=1 makes this a failure.")
	}
	return path
}

// desk is an installed command with its own data folder.
type desk struct {
	*computer
	command string
	home    string
}

// newDesk installs Stepdeck for one user, and uninstalls it when the test ends. It sets no passphrase, so that secrets are sealed with a
// key in the Credential Manager.
func newDesk(t *testing.T) *desk {
	t.Helper()
	c := newComputer(t)
	k := kindsOfSetup[0]
	c.install(k, "new")
	t.Cleanup(func() { c.uninstall(k) })
	d := &desk{c, c.windows(k.folder + "/bin/stepdeck.exe"), home + "/desk"}
	if err := os.RemoveAll(c.path(d.home)); err != nil {
		t.Fatal(err)
	}
	c.env = append(without(c.env, "STEPDECK_PASSPHRASE"), "STEPDECK_HOME="+c.windows(d.home))
	return d
}

func without(env []string, name string) []string {
	var others []string
	for _, v := range env {
		if !strings.HasPrefix(v, name+"=") {
			others = append(others, v)
		}
	}
	return others
}

// project imports a project whose steps are PowerShell scripts in the sandbox account.
func (d *desk) project(steps string) {
	d.t.Helper()
	d.must(d.command, "settings", "set", "tool.pwsh", powerShell(d.t))
	file := d.write(home+"/project.stepdeck", `stepdeck: 1
project: P
accounts:
  - {name: Local, kind: access-key, region: eu-west-1, endpoint: sandbox}
variables:
  - {name: aws.account, type: aws-account, value: Local}
steps:
`+steps)
	d.must(d.command, "import", file, "--yes")
}

func step(name, body string) string {
	return fmt.Sprintf(`  - name: %s
    aws: {account: aws.account, assumeRole: {arn: "arn:aws:iam::000000000000:role/deployer"}, region: eu-west-1}
    script:
      language: powershell
      body: |
        %s
    options: {edition: core}
`, name, strings.ReplaceAll(body, "\n", "\n        "))
}

func contains(t *testing.T, what, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q:\n%s", what, w, text)
		}
	}
}

func TestDoctor(t *testing.T) {
	d := newDesk(t)
	output := d.must(d.command, "doctor")
	contains(t, "doctor", output, "stepdeck "+version(t), d.windows(d.home), "aws")
	// Wine's powershell.exe does not report a version, so it must not count.
	if regexp.MustCompile(`(?m)^ok +powershell`).MatchString(output) {
		t.Errorf("Wine's stub counts as PowerShell:\n%s", output)
	}
	pwsh := powerShell(t)
	d.must(d.command, "settings", "set", "tool.pwsh", pwsh)
	output = d.must(d.command, "doctor")
	if !regexp.MustCompile(`(?m)^ok +pwsh +.*7\.`).MatchString(output) {
		t.Errorf("the PowerShell of the settings was not found:\n%s", output)
	}
}

// TestRun covers a whole run: account, role and region, an output variable, masking, the log, and the removal of the work folder.
func TestRun(t *testing.T) {
	d := newDesk(t)
	d.project(step("Make", `$key = $env:AWS_ACCESS_KEY_ID.Substring(0,4)
Write-Output "in $env:AWS_REGION as $key, token: $($env:AWS_SESSION_TOKEN.Length -gt 0)"
Set-Content 'made.txt' 'made'
Write-Output "here: $(Get-Location)"
Write-Output 'naïve 日本語 🚀'
Set-OctopusVariable -name 'Count' -value 42
Set-OctopusVariable -name 'Key' -value 's3cret-canary' -sensitive`) +
		step("Use", `Write-Output "count: $($OctopusParameters['Octopus.Action[Make].Output.Count'])"
Write-Output "key: $($OctopusParameters['Octopus.Action[Make].Output.Key'])"
Write-Error 'not so good' -ErrorAction Continue
exit 0`))
	code, output := d.codeOf(d.command, "run", "P")
	if code != 0 {
		t.Fatalf("exit code %d:\n%s", code, output)
	}
	both := []string{"in eu-west-1 as ASIA, token: True", "naïve 日本語 🚀", "count: 42", "not so good"}
	contains(t, "the output", output, append(both, "assumed-role/deployer", "SANDBOX")...)
	log := d.must(d.command, "runs", "log", "1")
	contains(t, "the log", log, append(both, "key: ********", `here: `+d.windows(d.home)+`\w\`)...)
	for what, text := range map[string]string{"the output": output, "the log": log} {
		if strings.Contains(text, "s3cret-canary") {
			t.Errorf("%s shows the secret:\n%s", what, text)
		}
	}
	d.noWorkFolderIsLeft()
	if strings.Contains(output, "remove the work folder") {
		t.Errorf("a work folder could not be removed:\n%s", output)
	}
	list := d.must(d.command, "runs", "list")
	contains(t, "the list", list, "warning  0") // because the script wrote to its error output
}

func (d *desk) noWorkFolderIsLeft() {
	d.t.Helper()
	left, err := os.ReadDir(d.path(d.home + "/w"))
	if err != nil && !os.IsNotExist(err) {
		d.t.Fatal(err)
	}
	for _, e := range left {
		d.t.Errorf("a work folder was not removed: %s", e.Name())
	}
}

func TestExitCodes(t *testing.T) {
	d := newDesk(t)
	d.project(step("Good", "exit 0") + step("Own", "exit 7") + step("Large", "exit 3010") + step("Thrown", "throw 'bad'") +
		"  - name: Refused\n    aws: {account: none}\n    script: {language: bash, body: 'true'}\n")
	for _, row := range []struct {
		name string
		args string
		code int
		says string
	}{
		{"a successful run", "run P Good", 0, "succeeded"},
		{"the script's own", "run P Own", 7, "exit code 7"},
		{"more than a byte", "run P Large", 3010, "3010"},
		{"an uncaught error", "run P Thrown", 1, "bad"},
		{"a refused run", "run P Refused", 3, "Bash was not found"},
		{"a mistake on the command line", "run P --no-such-option", 2, "no-such-option"},
		{"an unknown project", "run Nobody", 2, "Nobody"},
	} {
		t.Run(row.name, func(t *testing.T) {
			code, output := d.codeOf(d.command, row.args)
			if code != row.code {
				t.Errorf("exit code %d, want %d", code, row.code)
			}
			contains(t, "the output", output, row.says)
		})
	}
	d.noWorkFolderIsLeft()
}

// pings returns how many Windows programs with word in their command line are running.
func pings(word string) int {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	n := 0
	for _, file := range lines {
		text, err := os.ReadFile(file)
		if err == nil && strings.Contains(strings.ToLower(string(text)), "ping") && strings.Contains(string(text), word) {
			n++
		}
	}
	return n
}

// A stop by another process ends the script and everything it has started.
func TestStopEndsTheTree(t *testing.T) {
	d := newDesk(t)
	word := fmt.Sprintf("-n\x00%d", 80000+os.Getpid()%9999)
	count := strings.TrimPrefix(word, "-n\x00")
	d.project(step("Grow", `cmd /d /c "start /b ping -n `+count+` 127.0.0.1 >nul"
cmd /d /c "start /b cmd /d /c ping -n `+count+` 127.0.0.1 >nul"
Write-Output 'grown'
cmd /d /c "ping -n `+count+` 127.0.0.1 >nul"`))
	run := d.start(d.command, "run", "P")
	d.until("the tree has grown", func() bool { return strings.Contains(run.output(), "grown") && pings(count) >= 3 })
	d.must(d.command, "runs", "stop", "1")
	d.until("the run has ended", func() bool {
		return strings.Contains(run.output(), "Run 1 ") && strings.Contains(run.output(), "topped after")
	})
	if n := pings(count); n > 0 {
		t.Errorf("%d of its programs are left:\n%s", n, run.output())
	}
	if err := run.cmd.Wait(); err == nil {
		t.Error("a stopped run succeeds")
	}
	contains(t, "the list", d.must(d.command, "runs", "list"), "stopped")
	d.noWorkFolderIsLeft()
}
