//go:build !windows

package command_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Each exit code of `account test`, as docs/command.md has them.
func TestExitCodesOfAccountTest(t *testing.T) {
	for name, tt := range map[string]struct {
		account string
		more    []string
		with    func(t *testing.T, d *desk)
		want    int
		says    string
	}{
		"AWS knows it":      {account: "Key", want: 0, says: "arn:aws:iam::000000000000:user/"},
		"wrong key":         {account: "Wrong", want: 1, says: "AWS-LOGIN-ERROR-0005"},
		"nobody there":      {account: "Nowhere", want: 1, says: "Can't reach"},
		"process fails":     {account: "Process", want: 1, says: "exit code 1"},
		"no such profile":   {account: "Profile", want: 1, says: "nope"},
		"wrong code":        {account: "Device", more: []string{"--mfa-code-env", "WRONG"}, want: 1, says: "doesn't accept the code"},
		"unknown account":   {account: "None", want: 2, says: "There is no account"},
		"unset variable":    {account: "Device", more: []string{"--mfa-code-env", "UNSET"}, want: 2, says: "UNSET is not set"},
		"no secret":         {account: "Bare", want: 2, says: "no secret key on this computer"},
		"wrong passphrase":  {account: "Key", with: passphraseOf("wrong"), want: 2, says: "not the passphrase of the vault"},
		"damaged vault":     {account: "Key", with: damageVault, want: 2, says: "vault"},
		"locked vault":      {account: "Key", with: passphraseOf(""), want: 3, says: "Set STEPDECK_PASSPHRASE"},
		"locked, signs in":  {account: "Mine", with: passphraseOf(""), want: 3, says: "Sign in with: "},
		"needs a sign-in":   {account: "Mine", want: 3, says: "Sign in with: stepdeck account login"},
		"needs a code":      {account: "Device", want: 3, says: "--mfa-code-env"},
		"session of a code": {account: "Device", more: []string{"--mfa-code-env", "CODE"}, want: 0, says: "arn:aws:"},
	} {
		t.Run(name, func(t *testing.T) {
			d, c := newDesk(t), newCloud(t)
			d.environ = append(d.environ, "KEY="+c.Key.SecretKey, "WRONG="+wrongCode(c), "CODE="+c.MFA.Code(time.Now()))
			key := []string{"--access-key", c.Key.AccessKeyID, "--secret-key-env", "KEY"}
			add := func(name string, flags ...string) { d.ok(append([]string{"account", "add", name}, flags...)...) }
			d.addKey(c, "Device")
			d.addConsole(c, "Mine")
			add("Key", append(key, "--endpoint", c.Endpoint())...)
			add("Wrong", "--access-key", c.Key.AccessKeyID, "--secret-key-env", "WRONG", "--endpoint", c.Endpoint())
			add("Nowhere", append(key, "--endpoint", "http://127.0.0.1:9")...)
			add("Process", "--kind", "process", "--process", "false")
			add("Profile", "--kind", "profile", "--profile", "nope")
			d.ok("import", "--yes", d.file("bare.stepdeck", plain+"accounts:\n  - {name: Bare, accessKeyId: AKIAIOSFODNN7EXAMPLE}\n"))
			if tt.with != nil {
				tt.with(t, d)
			}
			r := d.run(append([]string{"account", "test", tt.account}, tt.more...)...).wants(tt.want).says(tt.says)
			if tt.want != 0 {
				r.prints("")
			}
		})
	}
}

func passphraseOf(text string) func(*testing.T, *desk) {
	return func(_ *testing.T, d *desk) { d.environ = append(d.environ, "STEPDECK_PASSPHRASE="+text) }
}

func damageVault(t *testing.T, d *desk) {
	t.Helper()
	for _, name := range []string{"vault", "vault.bak"} {
		must(t, os.WriteFile(filepath.Join(d.home, name), []byte("damaged"), 0o600))
	}
}
