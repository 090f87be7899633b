package joblog

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

const (
	aKeyID  = "ASIAQWERTYUIOPASDFGH"
	aSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYzQ9uLm0Hd5"
	aToken  = "IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3QtMSJIMEYCIQDxv0aPq7mZ2kRt9LwE5nYb8HsUc1GdVfJ6TXo3Q4iKhAI" +
		"hALmN7pBvCzXsWqEdRfTgYhUj//////////8BEAAaDDEyMzQ1Njc4OTAxMiIM="
)

// printedForms are the forms in which keys are printed, with the placeholders ID, SECRET and TOKEN.
var printedForms = map[string]string{
	"json": "{\n    \"Credentials\": {\n        \"AccessKeyId\": \"ID\",\n        \"SecretAccessKey\": \"SECRET\",\n      " +
		"  \"SessionToken\": \"TOKEN\",\n        \"Expiration\": \"2026-01-01T00:00:00+00:00\"\n    }\n}\n",
	"json on one line": `{"Version":1,"AccessKeyId":"ID","SecretAccessKey":"SECRET","SessionToken":"TOKEN"}` + "\n",
	"json in json":     `{"Body":"{\"AccessKeyId\":\"ID\",\"SecretAccessKey\":\"SECRET\",\"SessionToken\":\"TOKEN\"}"}` + "\n",
	"coloured json": "\x1b[1;39m{\n  \x1b[0m\x1b[34;1m\"SecretAccessKey\"\x1b[0m\x1b[1;39m:\x1b[0m " +
		"\x1b[0;32m\"SECRET\"\x1b[0m\x1b[1;39m,\n  \x1b[34;1m\"SessionToken\"\x1b[0m: \x1b[0;32m\"TOKEN\"\x1b[0m\n}\n",
	"a name that is marked": "\x1b[01;31m\x1b[KSecret\x1b[m\x1b[KAccessKey = SECRET\n\x1b[01;31mSession\x1b[mToken = TOKEN\n",
	"text": "ASSUMEDROLEUSER\tarn:aws:sts::1:assumed-role/r/s\tAROA:s\n" +
		"CREDENTIALS\tID\t2026-01-01T00:00:00Z\tSECRET\tTOKEN\n",
	"text of a new key":     "ACCESSKEY\tID\t2026-01-01T00:00:00Z\tSECRET\tActive\tana\nTOKEN_SESSIONTOKEN: TOKEN\n",
	"text in another order": "SECRET\tTOKEN\tID\n",
	"text without an end":   "CREDENTIALS\tID\t2026-01-01T00:00:00Z\tSECRET\tTOKEN",
	"a list":                "[\n    \"ID\",\n    \"SECRET\",\n    \"TOKEN\"\n]\n",
	"a list in yaml":        "- ID\n- SECRET\n- TOKEN\n",
	"other names":           "{\n  \"id\": \"ID\",\n  \"secret\": \"SECRET\",\n  \"token\": \"TOKEN\"\n}\n",
	"yaml":                  "Credentials:\n  AccessKeyId: ID\n  SecretAccessKey: SECRET\n  SessionToken: TOKEN\n",
	"table":                 "|  AccessKeyId     |  ID     |\n|  SecretAccessKey |  SECRET |\n|  SessionToken    |  TOKEN  |\n",
	"table with a head":     "| AccessKeyId | SecretAccessKey | SessionToken |\n|  ID  |  SECRET  |  TOKEN  |\n",
	"csv":                   "Access key ID,Secret access key,token\nID,SECRET,TOKEN\n",
	"ini":                   "[default]\naws_access_key_id = ID\naws_secret_access_key = SECRET\naws_session_token=TOKEN\n",
	"exports":               "export AWS_ACCESS_KEY_ID=ID\nexport AWS_SECRET_ACCESS_KEY='SECRET'\nexport AWS_SESSION_TOKEN=\"TOKEN\"\n",
	"fish":                  "set -gx AWS_ACCESS_KEY_ID ID\nset -gx AWS_SECRET_ACCESS_KEY SECRET\nset -gx AWS_SESSION_TOKEN TOKEN\n",
	"cmd":                   "set AWS_ACCESS_KEY_ID=ID\r\nset AWS_SECRET_ACCESS_KEY=SECRET\r\nset AWS_SESSION_TOKEN=TOKEN\r\n",
	"powershell":            "$env:AWS_ACCESS_KEY_ID=\"ID\"\n$Env:AWS_SECRET_ACCESS_KEY=\"SECRET\"\n$env:AWS_SESSION_TOKEN = 'TOKEN'\n",
	"powershell's list":     "AccessKeyId     : ID\nSecretAccessKey : SECRET\nSessionToken    : TOKEN\n",
	"options":               "run --secret-access-key SECRET --session-token TOKEN\n",
	"xml":                   "<AccessKeyId>ID</AccessKeyId><SecretAccessKey>SECRET</SecretAccessKey><SessionToken>TOKEN</SessionToken>\n",
	"python":                "{'AccessKeyId': 'ID', 'SecretAccessKey': 'SECRET', 'SessionToken': 'TOKEN'}\n",
	"terraform":             "aws_secret_access_key = \"SECRET\"\nsession_token         = \"TOKEN\"\n",
	"key id and key":        "ID:SECRET\nTOKEN: SessionToken=TOKEN\n",
	"in the middle of a log": strings.Repeat("2026-01-01 nothing of interest happens here\n", 40) +
		"SecretAccessKey: SECRET\nSessionToken: TOKEN\n" + strings.Repeat("and goes on\n", 40),
}

func filledIn(form string) string {
	return strings.NewReplacer("TOKEN_SESSIONTOKEN", "x", "ID", aKeyID, "SECRET", aSecret, "TOKEN", aToken).Replace(form)
}

// piecewise writes text into a log in pieces and calls between after each.
func piecewise(t *testing.T, text string, size func() int, between func(*Log)) string {
	t.Helper()
	l, b := newLog(Options{})
	for rest := text; rest != ""; {
		n := min(size(), len(rest))
		l.Write(model.StreamStdout, []byte(rest[:n]), epoch)
		rest = rest[n:]
		between(l)
	}
	l.Close()
	b.check(t)
	return b.of(model.StreamStdout)
}

func TestPrintedKeysAreHidden(t *testing.T) {
	for name, form := range printedForms {
		form = strings.NewReplacer("AccessKeyId", "AccessKey\x00Id", "KEY_ID", "KEY_\x00ID", "SECRET_", "SECR\x00ET_", "_TOKEN", "_TOK\x00EN",
			"SESSIONTOKEN", "SESSIONTOK\x00EN", "key ID", "key I\x00D", "TOKEN_", "T\x00OKEN_", "CREDENTIALS", "CREDENT\x00IALS").Replace(form)
		fill := func(id, secret, token string) string {
			return strings.ReplaceAll(strings.NewReplacer("ID", id, "SECRET", secret, "TOKEN", token).Replace(form), "\x00", "")
		}
		text, want := fill(aKeyID, aSecret, aToken), fill(aKeyID, Mask, Mask)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; n <= len(text)+1; n += 1 + n/16 {
				if got := piecewise(t, text, func() int { return n }, func(*Log) {}); got != want {
					t.Fatalf("in pieces of %d:\n%s\nwant\n%s", n, got, want)
				}
			}
		})
	}
}

func TestPrintedKeysAreHiddenInAllThatFollows(t *testing.T) {
	m := NewMasker()
	l, b := newLog(Options{Masker: m})
	l.Write(model.StreamStdout, []byte("SecretAccessKey: "+aSecret+"\nno more\n"), epoch)
	l.Write(model.StreamStderr, []byte("denied for "+aSecret+" and "+base64.StdEncoding.EncodeToString([]byte(aSecret))+"\n"), epoch)
	l.Say(model.LevelWarning, "the key "+strings.ToLower(aSecret))
	l.Close()
	if all := b.String(); strings.Contains(strings.ToLower(all), strings.ToLower(aSecret[:20])) || !m.Holds(aSecret) ||
		strings.Contains(all, base64.StdEncoding.EncodeToString([]byte(aSecret))[:20]) {
		t.Errorf("the log is\n%s", all)
	}
}

// A script may pause inside a key; what was printed of it by then is held back.
func TestAPauseInsideOfAPrintedKey(t *testing.T) {
	for _, text := range []string{"SecretAccessKey = " + aSecret + "\n", `"SessionToken": "` + aToken + "\"\n",
		`"SecretString": "{\"password\":\"Marimba-12\"}",` + "\n"} {
		for n := 1; n < len(text); n++ {
			first := true
			got := piecewise(t, text, func() int {
				if first {
					first = false
					return n
				}
				return len(text)
			}, (*Log).Flush)
			if !strings.Contains(got, Mask) || strings.Contains(got, text[len(text)/2:len(text)-4]) {
				t.Errorf("with a pause after %d bytes: %q", n, got)
			}
		}
	}
}

func TestAPromptIsShownWhileItWaits(t *testing.T) {
	now := epoch
	l, b := newLog(Options{Now: func() time.Time { return now }})
	l.Write(model.StreamStdout, []byte("done\nAWS Secret Access Key [None]: "), epoch)
	l.Flush()
	if got := b.of(model.StreamStdout); got != "done\nAWS Secret Access Key [None]: " {
		t.Errorf("the log is %q", got)
	}
	l.Close()
}

func TestAListThatPowerShellWraps(t *testing.T) {
	const column = "                  "
	text := "SecretAccessKey : " + aSecret + "\nSessionToken    : " + aToken[:60] + "\n" + column + aToken[60:120] + "\n" + column +
		aToken[120:] + "\nExpiration      : 2026\n"
	for n := 1; n < len(text); n += 3 {
		got := piecewise(t, text, func() int { return n }, func(*Log) {})
		for at := 0; at+12 <= len(aToken); at += 6 {
			if strings.Contains(got, aToken[at:at+12]) {
				t.Fatalf("in pieces of %d:\n%s", n, got)
			}
		}
		if !strings.HasSuffix(got, "Expiration      : 2026\n") {
			t.Fatalf("in pieces of %d:\n%s", n, got)
		}
	}
}

func TestSecretsOfSecretsManagerAreHidden(t *testing.T) {
	for name, text := range map[string]string{
		"json":        `{"Name": "db", "SecretString": "{\"user\":\"admin\",\"password\":\"Marimba-12\"}", "VersionStages": ["AWSCURRENT"]}`,
		"pretty json": "{\n    \"Name\": \"db\",\n    \"SecretString\": \"Marimba-12\",\n    \"VersionStages\": []\n}",
		"text": "arn:aws:secretsmanager:eu-west-1:000000000000:secret:db-AbCdEf\t1523477145.713\tdb\t" +
			"{\"user\":\"admin\",\"password\":\"Marimba-12\"}\t0f1e2d3c\n" +
			"VERSIONSTAGES\tAWSCURRENT",
		"yaml":   "Name: db\nSecretString: '{\"user\":\"admin\",\"password\":\"Marimba-12\"}'\nVersionStages:\n- AWSCURRENT",
		"table":  "|  Name         |  db         |\n|  SecretString |  {\"user\":\"admin\",\"password\":\"Marimba-12\"} |",
		"list":   "Name         : db\nSecretString : {\"user\":\"admin\",\"password\":\"Marimba-12\"}",
		"random": `{"RandomPassword": "Mar1mbaMar1mbaMar1mba"}`,
	} {
		t.Run(name, func(t *testing.T) {
			for n := 1; n < len(text); n += 2 {
				got := piecewise(t, text+"\nMarimba-12 admin db\n", func() int { return n }, func(*Log) {})
				if name == "random" {
					got = strings.Replace(got, "Marimba-12 admin", Mask+" admin", 1)
				}
				if strings.Contains(got, "Marimba") || strings.Contains(got, "Mar1mba") || !strings.HasSuffix(got, Mask+" admin db\n") {
					t.Fatalf("in pieces of %d:\n%s", n, got)
				}
			}
		})
	}
}

// Nothing in this output is a key.
func ordinaryOutput() string {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	bytesOf := func(n int) []byte {
		p := make([]byte, n)
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		return p
	}
	for i := range 200 {
		sum := sha1.Sum(fmt.Append(nil, i))
		fmt.Fprintf(&b, "commit %x\nAuthor: Ana <ana@example.com>\n\n    Rotate SecretAccessKey of the deployer, see SessionToken and "+
			"aws_secret_access_key\n\n", sum)
		fmt.Fprintf(&b, "%x refs/heads/main\n%x  file-%d.txt\n", sum, sum, i)
		b.WriteString(wrap(base64.StdEncoding.EncodeToString(bytesOf(200+i%30)), 76, "\n") + "\n")
		b.WriteString(base64.StdEncoding.EncodeToString(bytesOf(30)) + "\n") // as long as a key
		fmt.Fprintf(&b, `{"ETag": "\"%s\"", "ChecksumSHA256": "%s", "NextToken": "%s", "InstanceId": "i-0%x"}`+"\n",
			hex.EncodeToString(bytesOf(16)),
			base64.StdEncoding.EncodeToString(bytesOf(32)), base64.StdEncoding.EncodeToString(bytesOf(150)), sum[:8])
		fmt.Fprintf(&b, `{"userIdentity":{"accessKeyId":"AKIAQWERTYUIOPASDFGH"},"requestID":"%s","nextToken":"%s","x-amz-id-2":"%s"}`+"\n",
			base64.StdEncoding.EncodeToString(bytesOf(30)), base64.StdEncoding.EncodeToString(bytesOf(120)),
			base64.StdEncoding.EncodeToString(bytesOf(57)))
		b.WriteString("{\n    \"AccessKeyMetadata\": [\n        {\n            \"UserName\": \"ana\",\n            \"AccessKeyId\": " +
			"\"AKIAQWERTYUIOPASDFGH\",\n            \"Status\": \"Active\",\n            \"CreateDate\": \"2026-01-01T00:00:00+00:00\"\n        " +
			"}\n    ]\n}\n")
		b.WriteString("ACCESSKEYMETADATA\tAKIAQWERTYUIOPASDFGH\t2026-01-01T00:00:00+00:00\tActive\tana\n")
		b.WriteString("  + resource \"aws_iam_access_key\" \"deployer\" {\n      + secret                  = (sensitive value)\n      + " +
			"aws_secret_access_key   = var.aws_secret_access_key\n      + secret_access_key       = (known after apply)\n      + session_token    " +
			"       = null\n    }\n")
		b.WriteString("AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY}\nAWS_SESSION_TOKEN=\nexport AWS_SECRET_ACCESS_KEY=$(jq -r " +
			".SecretAccessKey)\nAWS_SECRET_ACCESS_KEY=" + Mask + "\n")
		b.WriteString(`<p>The <code>SecretAccessKey</code> is shown once. <a ` +
			`href="/iam/latest/id_credentials_access-keys.html#Using_CreateAccessKey">SecretString: the secret</a></p>` + "\n")
		b.WriteString(`"SecretAccessKey":{"shape":"accessKeySecretType","documentation":"<p>The secret key used to sign requests.</p>"},` +
			`"SecretString":{"shape":"SecretStringType"}` + "\n")
		b.WriteString("SecretAccessKey -> (string)\n    The secret access key that can be used to sign requests.\nSessionToken -> " +
			"(string)\nSecretString: the secret value of the version\n")
		b.WriteString("type Credentials struct {\n\tSecretAccessKey string `json:\"SecretAccessKey\"`\n\tSessionToken: " +
			"credentialsSessionTokenOfTheRole\n}\n")
	}
	return b.String()
}

func TestOrdinaryOutputIsNotTakenForKeys(t *testing.T) {
	text := ordinaryOutput()
	for _, size := range []int{7, 4096, len(text)} {
		l, b := newLog(Options{})
		for rest := text; rest != ""; {
			n := min(size, len(rest))
			l.Write(model.StreamStdout, []byte(rest[:n]), epoch)
			rest = rest[n:]
		}
		if s := l.Close(); s.Masked != 0 {
			got := b.of(model.StreamStdout)
			at := strings.Index(strings.ReplaceAll(got, "="+Mask, "=+"), Mask)
			t.Errorf("in pieces of %d: %d places are hidden, the first after %q", size, s.Masked, got[max(0, at-200):max(0, at)])
		}
		if got := b.of(model.StreamStdout); got != text {
			t.Errorf("in pieces of %d the text has changed", size)
		}
	}
}

// The amount held back does not grow with the line, and a key in the middle of a long one is found.
func TestPrintedKeysInLongLines(t *testing.T) {
	for _, before := range []int{1 << 10, maxHeldLine - keptOfLine - 20, maxHeldLine - 60, maxHeldLine - 5, maxHeldLine, 3*maxHeldLine + 11} {
		text := strings.Repeat("word ", before/5) + `"SecretAccessKey": "` + aSecret + `" ` + strings.Repeat("word ", maxHeldLine/5)
		l, b := newLog(Options{})
		for rest := text; rest != ""; {
			n := min(4<<10, len(rest))
			l.Write(model.StreamStdout, []byte(rest[:n]), epoch)
			rest = rest[n:]
			if held := cap(l.out.printed.line); held > 2*maxHeldLine {
				t.Fatalf("%d bytes are held", held)
			}
		}
		l.Close()
		if got := b.of(model.StreamStdout); got != strings.Replace(text, aSecret, Mask, 1) {
			at := strings.Index(got, "SecretAccessKey")
			t.Errorf("after %d bytes: …%q", before, got[max(0, at-10):at+70])
		}
	}
}

func FuzzPrinted(f *testing.F) {
	for _, form := range printedForms {
		f.Add(filledIn(form), uint64(1))
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		var out strings.Builder
		r := rand.New(rand.NewPCG(seed, 0))
		p := printed{found: func(secret string) {
			if secret == "" {
				t.Error("an empty text is a secret")
			}
		}, next: func(b []byte) { _, _ = out.Write(b) }}
		for rest := text; rest != ""; {
			n := min(1+r.IntN(40), len(rest))
			p.write([]byte(rest[:n]))
			if rest = rest[n:]; r.IntN(3) == 0 {
				p.flush()
			}
		}
		p.close()
		if out.String() != text {
			t.Errorf("%q became %q", text, out.String())
		}
	})
}

func BenchmarkPrinted(b *testing.B) {
	ordinary := []byte(strings.Repeat("2026-01-01T00:00:00Z INFO the quick brown fox jumps over the lazy dog, 42 times\n", 800))
	for name, text := range map[string][]byte{"ordinary": ordinary, "full of names": []byte(ordinaryOutput()[:64<<10])} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			p := printed{found: func(string) {}, next: func([]byte) {}}
			for b.Loop() {
				p.write(text)
			}
		})
	}
}

// Every printed key is hidden or left out, however many there are.
func TestMorePrintedKeysThanCanBeHidden(t *testing.T) {
	var text strings.Builder
	key := func(i int) string { return fmt.Sprintf("wJalrXUtnFEMI/K7MDENG/bPxRfi%012d", i) }
	for i := range maxAsked + 10 {
		fmt.Fprintf(&text, "SecretAccessKey: %s\n", key(i))
	}
	l, b := newLog(Options{})
	l.Write(model.StreamStdout, []byte(text.String()), epoch)
	if s := l.Close(); !s.Withheld {
		t.Error("nothing is left out")
	}
	if got := b.of(model.StreamStdout); strings.Contains(got, "wJalr") {
		t.Errorf("a key is shown: %.200q", got)
	}
}
