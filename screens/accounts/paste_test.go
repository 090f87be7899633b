package accounts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The keys are AWS's own examples from its documentation.
const (
	exampleID     = "AKIAIOSFODNN7EXAMPLE"
	exampleSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

func TestParsePasted(t *testing.T) {
	key := Pasted{AccessKeyID: exampleID, SecretKey: exampleSecret}
	with := func(change func(*Pasted)) Pasted { p := key; change(&p); return p }
	token := with(func(p *Pasted) { p.SessionToken = "FwoG==" })
	for _, row := range []struct {
		name, text string
		want       Pasted
		ok         bool
	}{
		{"export", "export AWS_ACCESS_KEY_ID=" + exampleID + "\nexport AWS_SECRET_ACCESS_KEY=" + exampleSecret, key, true},
		{"export with quotes and a token", `export AWS_ACCESS_KEY_ID="` + exampleID + `"` + "\r\n" +
			"export AWS_SECRET_ACCESS_KEY='" + exampleSecret + "'\r\nexport AWS_SESSION_TOKEN=\"FwoG==\"\r\n", token, true},
		{"one line", "export AWS_ACCESS_KEY_ID=" + exampleID + " && export AWS_SECRET_ACCESS_KEY=" + exampleSecret +
			"; export AWS_DEFAULT_REGION=eu-west-1", with(func(p *Pasted) { p.Region = "eu-west-1" }), true},
		{"PowerShell", `$Env:AWS_ACCESS_KEY_ID="` + exampleID + "\"\n$Env:AWS_SECRET_ACCESS_KEY = \"" + exampleSecret +
			"\"\n$env:AWS_SESSION_TOKEN=\"FwoG==\"", token, true},
		{"Windows", "SET AWS_ACCESS_KEY_ID=" + exampleID + "\nset \"AWS_SECRET_ACCESS_KEY=" + exampleSecret + "\"", key, true},
		{"setx", "setx AWS_ACCESS_KEY_ID " + exampleID + "\nsetx AWS_SECRET_ACCESS_KEY " + exampleSecret, key, true},
		{"profile", "[website-prod]\naws_access_key_id = " + exampleID + "\naws_secret_access_key=" + exampleSecret + "\nregion = eu-west-1\n",
			with(func(p *Pasted) { p.Name, p.Region = "website-prod", "eu-west-1" }), true},
		{"profile of the config file", "[profile ana]\n# a comment\naws_access_key_id=" + exampleID +
			"\naws_secret_access_key=" + exampleSecret, with(func(p *Pasted) { p.Name = "ana" }), true},
		{"the first of two profiles", "[default]\naws_access_key_id=" + exampleID + "\naws_secret_access_key=" + exampleSecret +
			"\n[other]\naws_access_key_id=AKIAOTHER\n", key, true},
		{"csv", "Access key ID,Secret access key\n" + exampleID + "," + exampleSecret + "\n", key, true},
		{"csv with a byte order mark", "\ufeffAccess key ID,Secret access key\r\n" + exampleID + "," + exampleSecret, key, true},
		{"csv of a user", "User name,Password,Access key ID,Secret access key,Console login link\nana,," + exampleID + "," +
			exampleSecret + ",https://x", with(func(p *Pasted) { p.Name = "ana" }), true},
		{"the key alone", exampleID, Pasted{}, false},
		{"the secret alone", exampleSecret, Pasted{}, false},
		{"half a block", `export AWS_ACCESS_KEY_ID="` + exampleID, Pasted{AccessKeyID: exampleID}, true},
		{"prose", "please, set the region\nto something", Pasted{}, false},
		{"other csv", "a,b\n1,2", Pasted{}, false},
		{"empty", "", Pasted{}, false},
		{"too long", "export AWS_ACCESS_KEY_ID=" + strings.Repeat("A", MaxPaste), Pasted{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := ParsePasted(row.text)
			if ok != row.ok || ok && got != row.want {
				t.Errorf("got %+v, %v", got, ok)
			}
		})
	}
}

func FuzzParsePasted(f *testing.F) {
	f.Add("export AWS_ACCESS_KEY_ID=" + exampleID + "\nexport AWS_SECRET_ACCESS_KEY='x'")
	f.Add(`{"Credentials": {"AccessKeyId": "a", "SecretAccessKey": "b\u0020"}}`)
	f.Add("[p]\naws_access_key_id = a ; b\n[q]")
	f.Add("Access key ID,Secret access key\n\"a\nb\",c")
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := ParsePasted(text)
		if ok && p.AccessKeyID == "" && p.SecretKey == "" {
			t.Errorf("accepted without a key: %q", text)
		}
		for _, value := range []string{p.Name, p.AccessKeyID, p.SecretKey, p.SessionToken, p.Region} {
			if !strings.Contains(text, value) && !strings.HasPrefix(strings.TrimSpace(strings.Trim(text, "\ufeff")), "{") { // JSON has escapes
				t.Errorf("%q is not in the text %q", value, text)
			}
			if value != strings.TrimSpace(value) {
				t.Errorf("%q has spaces around it", value)
			}
		}
	})
}

// PowerShell's > writes UTF-16.
func TestReadKeyFile(t *testing.T) {
	const csv = "Access key ID,Secret access key\r\n" + exampleID + "," + exampleSecret + "\r\n"
	utf16LE := "\xff\xfe"
	for _, c := range csv {
		utf16LE += string(c) + "\x00"
	}
	for name, data := range map[string]string{"UTF-8": csv, "UTF-8 with a mark": "\ufeff" + csv, "UTF-16": utf16LE} {
		path := filepath.Join(t.TempDir(), "accessKeys.csv")
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := ReadKeyFile(path)
		if p, ok := ParsePasted(text); err != nil || !ok || p.SecretKey != exampleSecret || p.AccessKeyID != exampleID {
			t.Errorf("%s: %+v, %v, %v", name, p, ok, err)
		}
	}
}
