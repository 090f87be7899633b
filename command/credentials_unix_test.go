//go:build !windows

package command_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A program that uses AWS asks the command for keys by the lines that it prints.
func TestTheAWSCommandAsksForKeys(t *testing.T) {
	requireTool(t, "aws")
	d, c := newDesk(t), newCloud(t)
	d.addPortal(c, "My Team", "ReadOnlyAccess")
	d.inBrowser(c, nil, "account", "login", "My Team").wants(0)
	lines := d.ok("credentials", "My Team", "--profile-lines").says("endpoint_url = " + c.Endpoint() + "\n").silentOn("ASIA").out
	cmd := exec.CommandContext(t.Context(), "aws", "--profile", "My-Team", "--region", "eu-west-1", "--endpoint-url", c.Endpoint(),
		"sts", "get-caller-identity", "--query", "Arn", "--output", "text")
	cmd.Env = append(d.environ, asCommand+"=1", "AWS_CONFIG_FILE="+d.file("config", lines))
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "ReadOnlyAccess") {
		t.Errorf("aws says %s, %v, with\n%s", out, err, lines)
	}
}

// What keys are printed is what a shell then has.
func TestAShellTakesTheKeys(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.environ = append(d.environ, "KEY="+c.Key.SecretKey)
	d.ok("account", "add", "Key", "--access-key", c.Key.AccessKeyID, "--secret-key-env", "KEY", "--endpoint", c.Endpoint())
	out, err := exec.CommandContext(t.Context(), "sh", "-c", d.ok("credentials", "Key", "--format", "env").out+
		`printf %s "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN"`).Output()
	if want := c.Key.AccessKeyID + " " + c.Key.SecretKey + " "; err != nil || string(out) != want {
		t.Errorf("the shell has %q, %v, want %q", out, err, want)
	}
	d.ok("account", "add", "Play", "--endpoint", "sandbox")
	d.run("credentials", "Play").wants(2).says("only while a run").prints("")
	d.run("credentials", "Play", "--profile-lines").wants(2).says("only while a run").prints("")
}

// A profile that asks Stepdeck for the keys of another one sends its requests where that one does.
func TestAProfileReachesWhatTheAccountsProfileDoes(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "AWS_CONFIG_FILE="+d.file("config", `[profile local]
region = eu-west-1
endpoint_url = http://127.0.0.1:4566
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = example
`))
	d.ok("account", "add", "Local", "--kind", "profile", "--profile", "local")
	d.ok("credentials", "Local", "--profile-lines").says("region = eu-west-1\nendpoint_url = http://127.0.0.1:4566\n")
	d.ok("account", "add", "Gone", "--kind", "profile", "--profile", "none")
	d.run("credentials", "Gone", "--profile-lines").wants(2).prints("")
}

// A profile that asks for an account which is that profile would never end.
func TestAProfileThatAsksForItself(t *testing.T) {
	d := newDesk(t)
	tool := d.file("tool.sh", "#!/bin/sh\n"+asCommand+"=1 STEPDECK_HOME='"+d.home+"' STEPDECK_PASSPHRASE='"+passphrase+
		"' exec '"+os.Args[0]+"' credentials Loop\n")
	must(t, os.Chmod(tool, 0o700))
	config := d.file("config", "[profile loop]\ncredential_process = \""+filepath.ToSlash(tool)+"\"\n")
	d.environ = append(d.environ, "AWS_CONFIG_FILE="+config)
	d.ok("account", "add", "Loop", "--kind", "profile", "--profile", "loop")
	d.run("credentials", "Loop").wants(2).says("needs its own credentials").prints("")
}

// A profile's name tells which role it has, and one that ~/.aws has already is warned of.
func TestNamesOfProfiles(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "KEY=secret", "AWS_CONFIG_FILE="+d.file("config", "[profile Key-deployer]\nregion = eu-west-1\n"))
	d.ok("account", "add", "Key", "--access-key", "AKIAEXAMPLE000000000", "--secret-key-env", "KEY")
	lines := []string{"credentials", "Key", "--profile-lines"}
	role := append(lines, "--role", "arn:aws:iam::123456789012:role/team/deployer")
	for _, row := range []struct {
		args  []string
		name  string
		taken bool
	}{
		{lines, "Key", false},
		{role, "Key-deployer", true},
		{append(role, "--profile-name", "other"), "other", false},
	} {
		r := d.ok(row.args...)
		if !strings.HasPrefix(r.out, "[profile "+row.name+"]\n") || strings.Contains(r.err, "has a profile") != row.taken {
			t.Errorf("%v: %s%s", row.args, r.out, r.err)
		}
	}
	d.run(append(lines, "--profile-name", "a b")...).wants(2).says("a b").prints("")
	d.run("credentials", "Key", "--profile-name", "b").wants(2).says("--profile-lines").prints("")
}
