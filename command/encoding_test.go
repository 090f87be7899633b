package command_test

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
)

// encodings are the ways in which Windows' programs write a text file.
var encodings = map[string]func(text string) string{
	"UTF-8":                    func(text string) string { return text },
	"UTF-8 with a mark":        func(text string) string { return "\ufeff" + text },
	"UTF-16 LE with a mark":    func(text string) string { return utf16Text("\ufeff"+text, binary.LittleEndian) },
	"UTF-16 BE with a mark":    func(text string) string { return utf16Text("\ufeff"+text, binary.BigEndian) },
	"UTF-16 LE without a mark": func(text string) string { return utf16Text(text, binary.LittleEndian) },
}

func utf16Text(text string, order binary.AppendByteOrder) string {
	var data []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, unit)
	}
	return string(data)
}

const (
	awsSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	withKey   = plain + `accounts:
  - {name: Web, accessKeyId: AKIAIOSFODNN7EXAMPLE, secretKey: {file: key.txt}, sessionToken: {file: token.txt}}
variables:
  - {name: Password, type: sensitive, value: {file: password.txt}}
  - {name: Greeting, value: ""}
steps:
`
)

var showsValues = bash("Show", `[ "$(get_octopusvariable Password)" = "hunter2-hunter2" ] && echo "password is right"
echo "greeting=[$(get_octopusvariable Greeting)]"`)

// secret returns a secret from the vault.
func (d *desk) secret(account string, ref func(model.Account) model.SecretRef) string {
	d.t.Helper()
	s, err := app.Open(d.t.Context(), app.Options{Environ: d.environ})
	if err != nil {
		d.t.Fatal(err)
	}
	defer s.Close()
	a, err := s.Accounts().Account(d.t.Context(), account)
	if err != nil {
		d.t.Fatal(err)
	}
	secret, err := s.Secrets().Get(d.t.Context(), ref(a))
	if err != nil {
		d.t.Fatal(err)
	}
	return secret
}

// TestEncodingsOfFiles: whatever a value comes from, a text of Windows is read as what it says.
func TestEncodingsOfFiles(t *testing.T) {
	for name, encoded := range encodings {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.environ = append(clean(d.environ), "STEPDECK_HOME="+d.home, "HOME="+t.TempDir(),
				"STEPDECK_PASSPHRASE_FILE="+d.file("pass.txt", encoded(passphrase+"\r\n")))
			d.file("key.txt", encoded(awsSecret+"\r\n"))
			d.file("token.txt", encoded("IQoJb3JpZ2luX2VjEXAMPLE\r\n"))
			d.file("password.txt", encoded("hunter2-hunter2\r\n"))
			d.ok("import", "--yes", d.file("project.stepdeck", encoded(withKey+showsValues)))
			if got := d.secret("Web", model.Account.SecretKeyRef); got != awsSecret {
				t.Errorf("the imported secret key is %q", got)
			}
			if got := d.secret("Web", model.Account.SessionTokenRef); got != "IQoJb3JpZ2luX2VjEXAMPLE" {
				t.Errorf("the imported session token is %q", got)
			}
			d.ok("account", "add", "Other", "--access-key", "AKIAIOSFODNN7EXAMPL2", "--secret-key-file",
				d.file("other.txt", encoded(awsSecret+"\r\n")))
			if got := d.secret("Other", model.Account.SecretKeyRef); got != awsSecret {
				t.Errorf("the added secret key is %q", got)
			}
			d.ok("run", "P").says("password is right")
			d.ok("run", "P", "--set-file", "Greeting="+d.file("greeting.txt", encoded("hello"))).says("greeting=[hello]")
			d.ok("run", "P", "--set-file", "Password="+d.file("again.txt", encoded("hunter2-hunter2"))).says("password is right")
		})
	}
}

// TestEncodingsOfThePassphrase: the plain passphrase opens what the encoded one locked.
func TestEncodingsOfThePassphrase(t *testing.T) {
	for name, encoded := range encodings {
		t.Run(name, func(t *testing.T) {
			d := newEmptyDesk(t)
			plain := d.environ
			d.environ = append(clean(d.environ), "STEPDECK_HOME="+d.home,
				"STEPDECK_PASSPHRASE_FILE="+d.file("pass.txt", encoded(passphrase+"\r\n")))
			d.ok("account", "add", "Web", "--access-key", "AKIAIOSFODNN7EXAMPLE", "--secret-key-file", d.file("key.txt", awsSecret))
			d.environ = plain
			if got := d.secret("Web", model.Account.SecretKeyRef); got != awsSecret {
				t.Errorf("the secret key is %q", got)
			}
		})
	}
}

// TestSecretsFromEnvironment: a shell keeps the mark of the file that a variable was filled from.
func TestSecretsFromEnvironment(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "KEY=\ufeff"+awsSecret, "TOKEN=\ufeffIQoJb3JpZ2luX2VjEXAMPLE", "PASSWORD=\ufeffhunter2-hunter2")
	d.project(strings.NewReplacer("{file: key.txt}", "{env: KEY}", "{file: token.txt}", "{env: TOKEN}", "{file: password.txt}",
		"{env: PASSWORD}").Replace(withKey + showsValues))
	if got := d.secret("Web", model.Account.SecretKeyRef); got != awsSecret {
		t.Errorf("the imported secret key is %q", got)
	}
	d.ok("account", "add", "Other", "--access-key", "AKIAIOSFODNN7EXAMPL2", "--secret-key-env", "KEY", "--session-token-env", "TOKEN")
	if got := d.secret("Other", model.Account.SecretKeyRef); got != awsSecret {
		t.Errorf("the added secret key is %q", got)
	}
	if got := d.secret("Other", model.Account.SessionTokenRef); got != "IQoJb3JpZ2luX2VjEXAMPLE" {
		t.Errorf("the added session token is %q", got)
	}
	d.ok("run", "P").says("password is right")
	d.ok("run", "P", "--set-env", "Password=PASSWORD", "--set-env", "Greeting=PASSWORD").says("password is right")
}

// TestRefusedSecrets: what can be no secret is refused when it is given, by the name of where it came from.
func TestRefusedSecrets(t *testing.T) {
	for _, row := range []struct{ name, content, reason string }{
		{"no text", "wJal\xff\xff", "is not text in UTF-8 or UTF-16"},
		{"half of UTF-16", "\xff\xfew\x00J", "is not text in UTF-8 or UTF-16"},
		{"a NUL", "wJal\x00rXUtn", "contains a NUL character"},
		{"a quotation mark", `"` + awsSecret, "contains the quotation mark"},
		{"a blank", "secret key", "contains a space"},
		{"the whole file of keys", "AKIAIOSFODNN7EXAMPLE\n" + awsSecret, "has several lines"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDesk(t)
			key := d.file("key.txt", row.content)
			r := d.run("account", "add", "Web", "--access-key", "AKIAIOSFODNN7EXAMPLE", "--secret-key-file", key).wants(2).says(row.reason)
			d.file("token.txt", "IQoJb3JpZ2luX2VjEXAMPLE")
			d.file("password.txt", "hunter2-hunter2")
			d.run("import", "--yes", d.file("project.stepdeck", withKey+showsValues)).wants(2).says(row.reason)
			if !strings.Contains(row.content, "\x00") {
				d.environ = append(d.environ, "KEY="+row.content)
				d.run("account", "add", "Web", "--access-key", "AKIAIOSFODNN7EXAMPLE", "--secret-key-env", "KEY").wants(2).says(row.reason)
			}
			if strings.Contains(r.err, "wJal") {
				t.Errorf("the secret is printed: %s", r.err)
			}
			if list := d.ok("account", "list", "--json").objects(); len(list) != 1 { // the instance role
				t.Errorf("there are accounts: %v", list)
			}
		})
	}
}

// TestRefusedGivenSecrets: a given value that can't be a secret is refused before the run.
func TestRefusedGivenSecrets(t *testing.T) {
	d := newDesk(t)
	d.file("key.txt", awsSecret)
	d.file("token.txt", "IQoJb3JpZ2luX2VjEXAMPLE")
	d.file("password.txt", "hunter2-hunter2")
	d.project(withKey + showsValues)
	for content, reason := range map[string]string{"hunter\xff\xff": "is not text", "hunter\x00x": "contains a NUL"} {
		d.run("run", "P", "--set-file", "Password="+d.file("given.txt", content)).wants(2).says("given.txt", reason)
		d.file("password.txt", content)
		d.run("import", "--yes", d.file("project.stepdeck", withKey+showsValues)).wants(2).says("password.txt", reason)
	}
	if list := d.ok("runs", "list", "--json").objects(); len(list) != 0 {
		t.Errorf("%d runs", len(list))
	}
}
