package command_test

import (
	"strconv"
	"strings"
	"testing"
)

// People at a terminal know flags, not the keys of the project file.
func TestFaultsOfAnAccountNameItsFlags(t *testing.T) {
	for name, tt := range map[string]struct {
		args string
		says []string
	}{
		"portal": {"add A --kind identity-center --start-url ftp://x --role a/b", []string{`--start-url: "ftp://x" is not a start URL.`,
			"--sign-in-region: The region of IAM Identity Center", "--aws-account: Account \"A\" names no AWS account.", `--role: "a/b" can't be`}},
		"portal's AWS account": {"add A --kind identity-center --aws-account 12", []string{`--aws-account: "12" is not an AWS account id.`}},
		"console": {"add A --kind console", []string{"--sign-in-region: The region in which you sign in to the AWS console",
			"such as eu-west-1."}},
		"profile": {"add A --kind profile", []string{"--profile: Account"}},
		"process": {"add A --kind process", []string{"--process: Account"}},
		"device":  {"add A --access-key AKIAIOSFODNN7EXAMPLE --mfa-device x!y", []string{"--mfa-device: "}},
		"region":  {"add A --access-key AKIAIOSFODNN7EXAMPLE --region x --endpoint y", []string{"--region: ", "--endpoint: "}},
		"key":     {"add A --access-key a/b", []string{"--access-key: "}},
		"secret":  {"add A --access-key AKIAIOSFODNN7EXAMPLE --secret-key-env BLANK", []string{"--secret-key-env: The secret key"}},
		"token": {"add A --access-key AKIAIOSFODNN7EXAMPLE --secret-key-env SECRET --session-token-env BLANK",
			[]string{"--session-token-env: The session token"}},
		"set":         {"set Portal --start-url ftp://x", []string{`--start-url: "ftp://x"`}},
		"set secret":  {"set Key --secret-key-env BLANK", []string{"--secret-key-env: The secret key"}},
		"rename":      {"set Key --name none", []string{"can't be used. \"none\""}},
		"roles":       {"roles --start-url ftp://x --sign-in-region eu-west-1", []string{`--start-url: "ftp://x"`}},
		"role region": {"roles --start-url https://x --sign-in-region= ", []string{"--sign-in-region: The region of IAM Identity Center"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.environ = append(d.environ, "SECRET=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "BLANK=a b")
			d.ok("account", "add", "Key", "--access-key", "AKIAIOSFODNN7EXAMPLE", "--secret-key-env", "SECRET")
			d.ok("account", "add", "Portal", "--kind", "identity-center", "--start-url", "https://d-1234567890.awsapps.com/start",
				"--sign-in-region", "eu-west-1", "--aws-account", "111111111111", "--role", "Reader")
			r := d.run(append([]string{"account"}, strings.Fields(tt.args)...)...).wants(2).says(tt.says...)
			for _, key := range []string{
				"startUrl", "signInRegion", "awsAccount", "accessKeyId", "mfaDevice", "secretKey", "sessionToken", "name:",
			} {
				if strings.Contains(r.err, key) {
					t.Errorf("it says %s: %s", key, r.err)
				}
			}
		})
	}
	newDesk(t).run("aws-account", "set", "111111111111", "--colour", "pink").wants(2).says("--colour: ")
}

// A secret that was typed has no flag: the sentence names it.
func TestFaultsOfATypedSecret(t *testing.T) {
	d := newDesk(t)
	d.atTerminal("a b\n", "account", "add", "A", "--access-key", "AKIAIOSFODNN7EXAMPLE").wants(2).
		says("can't be used. The secret key of account")
}

func TestOddAccessKeysAreSavedWithAWarning(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	d := newDesk(t)
	d.environ = append(d.environ, "SECRET="+secret, "SHORT=abc")
	warned := func(r result, want bool) {
		t.Helper()
		r.wants(0)
		got := strings.Contains(r.err, ": The access key has 19 ") || strings.Contains(r.err, ": The secret key has 3 ")
		if got != want || strings.Contains(r.out, "Warning") {
			t.Errorf("warned: %v, want %v\n%s%s", got, want, r.out, r.err)
		}
	}
	warned(d.run("account", "add", "A", "--access-key", "AKIAIOSFODNN7EXAMPL", "--secret-key-env", "SECRET"), true)
	warned(d.run("account", "add", "B", "--access-key", "AKIAIOSFODNN7EXAMPLE", "--secret-key-env", "SHORT"), true)
	warned(d.run("account", "add", "C", "--access-key", "AKIAIOSFODNN7EXAMPLE", "--secret-key-env", "SECRET"), false)
	warned(d.run("account", "set", "C", "--secret-key-env", "SHORT"), true)
	warned(d.run("account", "set", "C", "--secret-key-env", "SECRET"), false)
	warned(d.run("account", "add", "D", "--access-key", "abc", "--secret-key-env", "SHORT", "--endpoint", "https://minio.example"), false)
	imports := 0
	file := func(id, more string) string {
		imports++
		name := "E" + strconv.Itoa(imports)
		return d.file("p.stepdeck", "stepdeck: 1\nproject: P\naccounts:\n  - {name: "+name+", accessKeyId: "+id+more+"}\n")
	}
	warned(d.run("import", "--dry-run", file("AKIAIOSFODNN7EXAMPL", "")), true)
	warned(d.run("import", "--yes", file("AKIAIOSFODNN7EXAMPL", "")), true)
	warned(d.run("import", "--yes", file("AKIAIOSFODNN7EXAMPLE, secretKey: {env: SHORT}", "")), true)
	warned(d.run("import", "--yes", file("AKIAIOSFODNN7EXAMPLE, secretKey: {env: SECRET}", "")), false)
	warned(d.run("import", "--yes", file("AKIAIOSFODNN7EXAMPL", ", endpoint: 'https://minio.example'")), false)
}

// A profile may be written later; until then the account can't be used.
func TestProfilesThatCannotBeUsedAreSavedWithAWarning(t *testing.T) {
	d := newDesk(t)
	d.run("account", "add", "A", "--kind", "profile", "--profile", "nobody").wants(0).says(`There is no profile "nobody" yet`)
	d.environ = append(d.environ, "SECRET=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "TOKEN=x")
	d.run("account", "add", "B", "--access-key", "ASIAIOSFODNN7EXAMPLE", "--secret-key-env", "SECRET").wants(0).says("session token")
	r := d.run("account", "add", "C", "--access-key", "ASIAIOSFODNN7EXAMPLE", "--secret-key-env", "SECRET", "--session-token-env", "TOKEN")
	if r.wants(0); strings.Contains(r.err, "Warning") {
		t.Errorf("it warns of a whole key:\n%s", r.err)
	}
}

// What is stored and shown in clear must not be a secret, and no refusal prints one.
func TestASecretIsNoAccessKey(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	d := newDesk(t)
	d.environ = append(d.environ, "SECRET="+secret)
	for _, id := range []string{secret, strings.Repeat("aB3d", 10)} {
		r := d.run("account", "add", "A", "--access-key", id, "--secret-key-env", "SECRET").wants(2).says("--access-key", "form of a secret key")
		if strings.Contains(r.err, id) {
			t.Errorf("it prints the secret:\n%s", r.err)
		}
	}
	if r := d.run("account", "list").wants(0); strings.Contains(r.out, "\nA ") {
		t.Errorf("it is saved:\n%s", r.out)
	}
}

// A status is a word of a table; in a sentence a verb says it.
func TestHowARunEndedIsASentence(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("A", "echo odd >&2", "options: {stderr: warning}"))
	d.ok("run", "P").says("Run 1 succeeded with warnings after ")
	d.project(plain + "steps:\n" + bash("A", "sleep 60"))
	d.run("run", "P", "--timeout", "1s").wants(124).says("Run 2 was ended by a time limit after ", "The time limit passed (run: 1s).")
}
