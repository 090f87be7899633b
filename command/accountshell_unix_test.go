//go:build !windows

package command_test

import (
	"bufio"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/app/sandbox"
)

// protectedKey adds an account with a key of the sandbox, and protects its AWS account.
func (d *desk) protectedKey(c cloud) {
	d.t.Helper()
	file := d.file("secret", c.Key.SecretKey)
	d.ok("account", "add", "Key", "--access-key", c.Key.AccessKeyID, "--secret-key-file", file, "--endpoint", c.Endpoint())
	d.ok("aws-account", "set", "000000000000", "--label", "Website-prod", "--protected")
}

func TestKeysOfAProtectedAWSAccountNeedItsName(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.protectedKey(c)
	d.run("credentials", "Key").wants(3).says("protected AWS account 000000000000 Website-prod", "--confirm 000000000000").prints("")
	d.run("credentials", "Key", "--confirm", "Website-dev").wants(3).says("neither its id nor its label").prints("")
	d.ok("credentials", "Key", "--confirm", "website-prod").says("SecretAccessKey")
	d.atTerminal("Website-prod\n", "credentials", "Key").wants(0).says("Type 000000000000 Website-prod to use it", "SecretAccessKey")
	d.atTerminal("Website-dev\n", "credentials", "Key").wants(3).says("neither its id nor its label").prints("")
	d.atTerminal("", "credentials", "Key").wants(3).prints("")
	d.ok("credentials", "Key", "--profile-lines", "--confirm", "000000000000").says("--confirm 000000000000\n").silentOn("AKIA")

	d.run("account", "shell", "Key", "--", "true").wants(3)
	d.ok("account", "shell", "Key", "--confirm", "000000000000", "--", "true")
}

// The role decides which AWS account is protected, and not the account's own keys.
func TestTheLastRoleDecidesWhatIsProtected(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.protectedKey(c)
	const role = sandbox.OtherRole
	d.ok("credentials", "Key", "--role", role).says("SecretAccessKey")
	d.ok("aws-account", "set", "000000000000", "--protected=false")
	d.ok("aws-account", "set", "111111111111", "--protected")
	d.ok("credentials", "Key")
	d.run("credentials", "Key", "--role", role).wants(3).says("protected AWS account 111111111111")
}

// A program that the shell starts asks for keys itself, and finds no other identity.
func TestAProgramOfAShellUsesTheAccount(t *testing.T) {
	requireTool(t, "aws")
	d, c := newDesk(t), newCloud(t)
	d.protectedKey(c)
	home := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(home, ".aws"), 0o700))
	must(t, os.WriteFile(filepath.Join(home, ".aws", "credentials"),
		[]byte("[default]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n"), 0o600))
	d.environ = append(d.environ, "HOME="+home, "AWS_PROFILE=other", "AWS_SECRET_ACCESS_KEY=stale", "NODE_OPTIONS=--mine")
	r := d.ok("account", "shell", "Key", "--confirm", "000000000000", "--region", "eu-west-1", "--", "sh", "-c",
		`aws sts get-caller-identity --endpoint-url "$AWS_ENDPOINT_URL" --query Arn --output text; env`)
	r.says("arn:aws:iam::000000000000:user/sandbox", "AWS_REGION=eu-west-1", "NODE_OPTIONS=--mine", "AWS_CONTAINER_CREDENTIALS_FULL_URI=").
		silentOn(c.Key.SecretKey, c.Key.AccessKeyID, "AWS_PROFILE", "stale", passphrase)

	r = d.run("account", "shell", "Key", "--confirm", "000000000000", "--", "sh", "-c", `echo "$AWS_CONFIG_FILE"; exit 7`).wants(7)
	if folder := filepath.Dir(strings.TrimSpace(r.out)); r.out == "" || exists(folder) {
		t.Errorf("the folder %q of the shell is still there", folder)
	}
	environ := d.environ
	d.environ = append(slices.Clone(environ), "STEPDECK_HOME="+t.TempDir()) // as a terminal that was open already may have it
	d.ok("account", "shell", "Key", "--data-folder", d.home, "--confirm", "000000000000", "--", "sh", "-c", `echo "$STEPDECK_HOME"`).
		prints(d.home + "\n")
	d.environ = environ
	d.ok("account", "add", "Play", "--endpoint", "sandbox")
	d.run("account", "shell", "Play", "--confirm", "000000000000", "--", "sh", "-c",
		`aws s3 mb s3://bucket --endpoint-url "$AWS_ENDPOINT_URL"`).wants(0).says("make_bucket: bucket")
}

// A shell whose command was killed goes on without keys, and its folder is removed by the next start; never before.
func TestTheCommandOfAShellIsKilled(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.protectedKey(c)
	cmd := d.start("account", "shell", "Key", "--confirm", "000000000000", "--", "sh", "-c",
		`echo "$AWS_CONFIG_FILE"; echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI"; read -r line; echo "went on: $line"`)
	in, err := cmd.StdinPipe()
	must(t, err)
	out, w, err := os.Pipe() // which Wait doesn't close
	must(t, err)
	cmd.Stdout = w
	must(t, cmd.Start())
	must(t, w.Close())
	lines := bufio.NewReader(out)
	line := func() string {
		text, err := lines.ReadString('\n')
		must(t, err)
		return strings.TrimSpace(text)
	}
	config, address := line(), line()
	folder := filepath.Dir(filepath.Dir(config))
	d.ok("account", "list")
	if !exists(config) || filepath.Dir(filepath.Dir(folder)) != d.home {
		t.Fatalf("another start has removed %s", config)
	}
	must(t, cmd.Process.Kill())
	_, _ = cmd.Process.Wait() // Wait would close its input
	d.ok("account", "list")
	if exists(folder) {
		t.Errorf("the folder %q of the shell is still there", folder)
	}
	server, err := url.Parse(address)
	must(t, err)
	if connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", server.Host); err == nil {
		_ = connection.Close()
		t.Errorf("somebody still listens at %s", address)
	}
	_, err = in.Write([]byte("alone\n"))
	must(t, err)
	if text := line(); text != "went on: alone" {
		t.Errorf("the shell says %q", text)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// The terminal is a real one, on a display of its own.
func TestATerminalOpensAsTheAccount(t *testing.T) {
	for _, tool := range []string{"Xvfb", "xterm", "bash"} {
		requireTool(t, tool)
	}
	d, c := newDesk(t), newCloud(t)
	d.protectedKey(c)
	display := startDisplay(t)
	home, seen := t.TempDir(), filepath.Join(t.TempDir(), "seen")
	must(t, os.WriteFile(filepath.Join(home, ".bashrc"), []byte(`PS1='$ '
look() {
  printf '%s\n' "$PS1" "$AWS_CONTAINER_CREDENTIALS_FULL_URI" "$(history)" "$(tr '\0' ' ' </proc/$PPID/cmdline)" >"$SEEN.new"
  mv "$SEEN.new" "$SEEN"
  exit
}
PROMPT_COMMAND=look
`), 0o600))
	cmd := d.start("account", "terminal", "Key", "--confirm", "Website-prod")
	cmd.Env = append(cmd.Env, "DISPLAY="+display, "TERMINAL=xterm", "HOME="+home, "SHELL=bash", "SEEN="+seen)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text := ""
	for until := time.Now().Add(time.Minute); text == "" && time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		data, _ := os.ReadFile(seen)
		text = string(data)
	}
	for _, want := range []string{"[Key@Website-prod] $ ", "http://127.0.0.1:", "account shell --pause"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in what the shell of the terminal has:\n%s", want, text)
		}
	}
	if strings.Contains(text, c.Key.SecretKey) || strings.Contains(text, c.Key.AccessKeyID) {
		t.Errorf("a key shows:\n%s", text)
	}
}

// startDisplay starts a display without a screen, and returns its name.
func startDisplay(t *testing.T) string {
	t.Helper()
	r, w, err := os.Pipe()
	must(t, err)
	cmd := exec.CommandContext(t.Context(), "Xvfb", "-displayfd", "3", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	must(t, w.Close())
	number := make([]byte, 8)
	n, err := r.Read(number)
	must(t, err)
	return ":" + strings.TrimSpace(string(number[:n]))
}

// The console opens through an address that leads on once; nothing that the command prints or passes on signs anybody in.
func TestTheConsoleOpensInTheChosenBrowser(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.protectedKey(c)
	seen := filepath.Join(t.TempDir(), "arguments")
	browser := d.file("browser", "#!/bin/sh\nprintf '%s ' \"$@\" >"+seen+"\n"+asVisitor+"=1 exec '"+os.Args[0]+"' \"$@\"\n")
	must(t, os.Chmod(browser, 0o700))
	d.environ = append(d.environ, "DISPLAY=:0")
	d.ok("settings", "set", "browser", "'"+browser+"' --work")
	cmd := d.start("account", "console", "Key", "--service", "s3", "--region", "eu-west-1", "--confirm", "Website-prod")
	out, err := cmd.CombinedOutput()
	arguments, _ := os.ReadFile(seen)
	if err != nil || !strings.Contains(string(arguments), "--work http://127.0.0.1:") {
		t.Fatalf("%v: %s\n%s", err, out, arguments)
	}
	for _, text := range []string{string(out), string(arguments)} {
		if strings.Contains(text, "SigninToken") || strings.Contains(text, "federation?") {
			t.Errorf("the address shows in %s", text)
		}
	}
	if got := c.ConsoleSessions(); len(got) != 1 || !strings.Contains(got[0].Page, "/_console/s3/home?region=eu-west-1") {
		t.Errorf("%+v", got)
	}
	d.run("account", "console", "Key", "--print").wants(3).says("--confirm 000000000000").prints("")
	d.run("account", "console", "Key", "--confirm", "Website-prod").wants(2).says("No browser can open here")
	d.ok("account", "console", "Key", "--role", sandbox.OtherRole, "--print").says(c.Endpoint() + "/federation?Action=login&")
	d.run("account", "console", "Key", "--service", "x y", "--print", "--confirm", "000000000000").wants(2).says("no service of the console")
}

// A role in another AWS account decides everything that goes by the AWS account, in a run too.
func TestARunIsWhereItsLastRoleIs(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.protectedKey(c)
	d.ok("account", "test", "Key").says("Alias of the AWS account: sandbox")
	d.ok("aws-account", "list", "--json").says(`"id":"000000000000","label":"Website-prod"`, `"alias":"sandbox"`)
	project := func(expect string) {
		d.ok("import", "--yes", d.file("p.stepdeck", `stepdeck: 1
project: P
variables:
  - {name: aws.account, type: aws-account, value: Key}
steps:
  - name: S
    aws: {account: aws.account, region: eu-west-1, assumeRole: {arn: "`+sandbox.OtherRole+`"}`+expect+`}
    script: {language: bash, body: echo ran}
`))
	}
	project("")
	d.ok("run", "P").says("ran")
	project(`, expect: "000000000000"`)
	d.run("run", "P").wants(3).says("would act in AWS account 111111111111", "expects 000000000000")
	project(`, expect: "111111111111"`)
	d.ok("run", "P").says("ran")
	d.ok("projects", "pin", "P", "S", "--undo").says("any AWS account")
	d.ok("projects", "pin", "P", "s").says("only in AWS account 111111111111, in which run 1 succeeded")
	d.ok("export", "P").says(`expect: "111111111111"`)
	d.run("projects", "pin", "P", "S", "--aws-account", "12").wants(2).says("not an AWS account id")
	d.run("projects", "pin", "P", "T").wants(2).says(`no step "T"`)
	d.ok("projects", "pin", "P", "S", "--aws-account", "000000000000")
	d.run("run", "P").wants(3).says("the step expects 000000000000")
	d.ok("projects", "pin", "P", "S", "--undo")
	d.ok("aws-account", "set", "111111111111", "--label", "Other", "--protected")
	d.run("run", "P").wants(3).says("protected AWS account 111111111111 Other")
	d.ok("run", "P", "--confirm", "Other").says("ran")
	d.run("run", "P", "--preview", "--verify", "--json").says(`"awsAccount":{"id":"111111111111","label":"Other"`)
}

// Keys that are about to end are renewed while the shell is open; those of a long-lived key stay.
func TestAShellHasFreshKeys(t *testing.T) {
	d := newDesk(t)
	s, err := sandbox.Start(t.Context(), sandbox.Options{KeyLifetime: time.Minute})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	c := cloud{s, t}
	d.addPortal(c, "Team", "ReadOnlyAccess")
	d.inBrowser(c, nil, "account", "login", "Team").wants(0)
	d.protectedKey(c)
	d.environ = append(d.environ, asVisitor+"=1")
	for account, fresh := range map[string]bool{"Team": true, "Key": false} {
		keys := strings.Fields(d.ok("account", "shell", account, "--confirm", "000000000000", "--", os.Args[0]).out)
		if len(keys) != 2 || keys[0] == "" || (keys[0] != keys[1]) != fresh {
			t.Errorf("%s: the keys are %q", account, keys)
		}
	}
}

// Without a display no terminal window can open, whatever is installed; a shell in this terminal can.
func TestATerminalWithoutADisplay(t *testing.T) {
	if runtime.GOOS == "darwin" {
		t.Skip("Terminal needs no DISPLAY")
	}
	d := newDesk(t)
	d.environ = append(d.environ, "DISPLAY=", "WAYLAND_DISPLAY=", "TERMINAL=")
	r := d.run("account", "terminal", "instance-role").wants(2).says("There is no display here", `stepdeck account shell "instance-role"`)
	if strings.Contains(r.err, "Install") {
		t.Errorf("it says %s", r.err)
	}
	d.environ = append(d.environ, "TERMINAL=true")
	d.run("account", "terminal", "instance-role").wants(0)
}
