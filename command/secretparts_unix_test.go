//go:build !windows

package command_test

import (
	"bytes"
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	_ "github.com/mattn/go-sqlite3"
)

// wantNowhere fails if a secret, in any case, is in what commands printed or in the data folder: in any file, or in any cell of
// the database after decompression.
func wantNowhere(t *testing.T, d *desk, printed string, secrets ...string) {
	t.Helper()
	output := printed + d.ok("runs", "list").out
	if strings.Contains(d.ok("runs", "list", "--json").out, `"id":1`) {
		output += d.ok("runs", "show", "1").out + d.ok("runs", "show", "1", "--json").out + d.ok("runs", "export", "1", "--format", "jsonl").out
	}
	places := map[string][]byte{"what is printed": []byte(output)}
	err := filepath.WalkDir(d.home, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		places[path], err = os.ReadFile(path)
		if bytes.HasPrefix(places[path], []byte("SQLite format 3\x00")) {
			places[path+" (cells)"] = cells(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		for place, data := range places {
			if at := bytes.Index(bytes.ToLower(data), []byte(strings.ToLower(secret))); at >= 0 {
				t.Errorf("%q stands in %s: …%q", secret, place, data[max(0, at-60):min(len(data), at+len(secret)+20)])
			}
		}
	}
}

// cells returns all values of a database.
func cells(t *testing.T, path string) (all []byte) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	unpack, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer unpack.Close()
	for _, table := range column(t, db, "SELECT name FROM sqlite_master WHERE type = 'table'") {
		for _, name := range column(t, db, "SELECT name FROM pragma_table_info('"+table+"')") {
			for _, value := range column(t, db, `SELECT "`+name+`" FROM "`+table+`"`) {
				all = append(append(all, value...), '\n')
				if plain, err := unpack.DecodeAll([]byte(value), nil); err == nil {
					all = append(append(all, plain...), '\n')
				}
			}
		}
	}
	return all
}

func column(t *testing.T, db *sql.DB, query string) (list []string) {
	t.Helper()
	rows, err := db.QueryContext(context.WithoutCancel(t.Context()), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var value []byte
		if err := rows.Scan(&value); err != nil {
			t.Fatal(err)
		}
		list = append(list, string(value))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestTheSearchFindsWhatIsThere(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "for i in $(seq 100); do echo Sw0rdf1shNoSecret; done"))
	d.ok("run", "P")
	found := false
	for _, name := range []string{"stepdeck.db", "data.db"} {
		path := filepath.Join(d.home, name)
		if _, err := os.Stat(path); err == nil {
			found = found || bytes.Contains(cells(t, path), []byte("Sw0rdf1shNoSecret"))
		}
	}
	if !found {
		t.Error("the log is not found in the cells of the database")
	}
}

const database = `{"user": "admin", "pass": "Tr0mbone-Wizard", "host": "db.example.com", "port": 5432, "region": "eu-west-1", "ssl": true,
 "inner": "{\"apiKey\": \"Zebra-Quartz-77\", \"stage\": \"prod\"}", "pin": 90817263, "words": "magnetic walrus"}`

// withDatabase is a project with that as a sensitive variable, and a script.
func withDatabase(d *desk, body string) {
	d.environ = append(d.environ, "DB="+database)
	d.project(plain + "variables:\n  - {name: Db, type: sensitive, value: {env: DB}}\nsteps:\n" + bash("S", body))
}

func TestPartsThatExpressionsTakeOutOfASecretAreHidden(t *testing.T) {
	d := newDesk(t)
	withDatabase(d, `echo 'p #{Db.pass} w #{Db.words} u #{Db.user} h #{Db.host} r #{Db.region} o #{Db.port}'
set_octopusvariable Copy '#{Db.pass}'
set_octopusvariable Loud "$(echo '#{Db.pass}' | tr a-z A-Z)"
set_octopusvariable Region '#{Db.region}'
echo 'admin true 5432 eu-west-1 db.example.com'`)
	preview := d.ok("run", "P", "--preview").says("p ******** w ******** u ********")
	r := d.ok("run", "P").prints("p ******** w ******** u admin h db.example.com r eu-west-1 o 5432\nadmin true 5432 eu-west-1 " +
		"db.example.com\n")
	r.says("Copy = (sensitive)", "Loud = (sensitive)", "Region = eu-west-1")
	wantNowhere(t, d, preview.out+preview.err+r.out+r.err, "Tr0mbone-Wizard", "magnetic walrus", "Zebra-Quartz-77")
}

func TestPartsThatAScriptTakesOutOfASecretAreHidden(t *testing.T) {
	const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----\n"
	d := newDesk(t)
	d.environ = append(d.environ, "PEM="+key,
		"CONN=Server=tcp:sql.example.com,1433;Database=orders;User Id=reader;Password=Gr4phite;Encrypt=True;",
		"LIBPQ=host=pg.example.com user=reader password='Qu1cks and' "+
			"sslmode=require", "URL=postgres://reader:P%40nther%2Fbl4ck@pg.example.com:5432/orders",
		"DB="+database)
	var variables strings.Builder
	for _, name := range []string{"PEM", "CONN", "LIBPQ", "URL", "DB"} {
		variables.WriteString("  - {name: " + name + ", type: sensitive, value: {env: " + name + "}}\n")
	}
	d.project(plain + "variables:\n" + variables.String() + "steps:\n" + bash("S", `get_octopusvariable PEM | sed -n '3p' | cut -c 1-32
get_octopusvariable CONN | tr ';' '\n' | cut -d= -f2
get_octopusvariable LIBPQ | cut -d"'" -f2
get_octopusvariable URL | cut -d: -f3 | cut -d@ -f1
echo "P@nther/"bl4ck
get_octopusvariable DB | tr ',{}' '\n' | cut -d: -f2- | tr -d '" \\'
echo 'reader orders True 1433 require pg.example.com prod admin'
for v in CONN LIBPQ URL PEM DB; do set_octopusvariable "$v" "$(get_octopusvariable $v)"; done
set_octopusvariable Password "$(get_octopusvariable CONN | cut -d';' -f4 | cut -d= -f2)"`))
	r := d.ok("run", "P")
	r.says("reader orders True 1433 require pg.example.com prod admin\n", "tcp:sql.example.com,1433\n", "Password = (sensitive)")
	wantNowhere(t, d, r.out+r.err, "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj", "Gr4phite", "Qu1cks and",
		"P%40nther%2Fbl4ck",
		"P@nther/bl4ck", "Tr0mbone-Wizard", "Zebra-Quartz-77", "90817263")
}

func TestPowerShellTakesPartsOutOfASecret(t *testing.T) {
	if !hasPowerShell(t) {
		t.Skip("there is no pwsh on the PATH")
	}
	d := newDesk(t)
	d.environ = append(d.environ, "DB="+database)
	d.project(plain + `variables:
  - {name: Db, type: sensitive, value: {env: DB}}
steps:
  - name: A
    aws: {account: none}
    script:
      language: powershell
      body: |
        $db = $OctopusParameters['Db'] | ConvertFrom-Json
        $db.pass; ($db.inner | ConvertFrom-Json).apiKey; $db.user; $db | Format-List
        Set-OctopusVariable -Name Copy -Value $db.pass
`)
	r := d.ok("run", "P").says("admin", "Copy = (sensitive)")
	wantNowhere(t, d, r.out+r.err, "Tr0mbone-Wizard", "Zebra-Quartz-77")
}

func TestPasswordsOfProxiesAreHidden(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "https_proxy=http://ana:V10l%40-case@proxy.example.com:3128",
		"ALL_PROXY=socks5://ana:Cell0-bow@proxy.example.com:1080",
		"HTTP_PROXY=ana:Tuba-h0rn@proxy.example.com:3128")
	d.project(plain + "steps:\n" + bash("S", "env | grep -i _proxy | sort\necho 'V10l@'-case\nset_octopusvariable Proxy \"$https_proxy\""))
	r := d.ok("run", "P").says("https_proxy=http://ana:********@proxy.example.com:3128", "Proxy = (sensitive)")
	wantNowhere(t, d, r.out+r.err, "V10l%40-case", "V10l@-case", "Cell0-bow", "Tuba-h0rn")
}

func TestKeysThatAScriptPrintsAreHidden(t *testing.T) {
	const id, secret = "ASIAQWERTYUIOPASDFGH", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ9uLm0Hd5"
	const token = "IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3QtMSJIMEYCIQDxv0aPq7mZ2kRt9LwE5nYb8HsUc1GdVfJ6TXo3Q4iKhAIhALmN7pBvCzXsWqEdRfTgYhUj"
	forms := map[string]string{
		"json": `{"Credentials": {"AccessKeyId": "` + id + `", "SecretAccessKey": "` + secret + `", "SessionToken": "` + token + `"}}`,
		"text": "CREDENTIALS\t" + id + "\t2026-01-01T00:00:00+00:00\t" + secret + "\t" + token,
		"yaml": "Credentials:\n  AccessKeyId: " + id + "\n  SecretAccessKey: " + secret + "\n  SessionToken: " + token,
		"table": "||  AccessKeyId     |  " + id + "  ||\n||  SecretAccessKey |  " + secret + "  ||\n||  SessionToken    |  " +
			token + "  ||",
		"ini": "[x]\naws_access_key_id = " + id + "\naws_secret_access_key = " + secret + "\naws_session_token = " + token,
		"env": "export AWS_ACCESS_KEY_ID=" + id + "\nexport AWS_SECRET_ACCESS_KEY=" + secret + "\nexport AWS_SESSION_TOKEN=" + token,
		"powershell": "$Env:AWS_ACCESS_KEY_ID=\"" + id + "\"\n$Env:AWS_SECRET_ACCESS_KEY=\"" + secret + "\"\n$env:AWS_SESSION_TOKEN = '" +
			token + "'",
	}
	for name, text := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.file("keys", text)
			d.project(plain + "steps:\n" + bash("S", "cat "+filepath.Join(d.dir,
				"keys")+"\necho; echo after "+secret+"\nset_octopusvariable Keys \"$(cat "+filepath.Join(d.dir, "keys")+")\"") +
				bash("T", "echo later "+token))
			r := d.ok("run", "P").says(id, "after ********", "later ********", "Keys = (sensitive)")
			// The script's text is as the person wrote it, so only what was printed and set counts.
			for _, never := range []string{secret, token} {
				if strings.Contains(r.out+r.err+d.ok("runs", "log", "1").out, never) {
					t.Errorf("%s is printed:\n%s", never, r.out)
				}
			}
		})
	}
}

func TestAKeyThatIsOnlyHandedOverIsSealed(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ9uLm0Hd5"
	d := newDesk(t)
	d.file("key", secret)
	d.file("all", `{"AccessKey": {"AccessKeyId": "AKIAQWERTYUIOPASDFGH", "SecretAccessKey": "`+secret+`"}}`)
	d.file("managed", `{"ARN": "arn:aws:secretsmanager:eu-west-1:000000000000:secret:x", "SecretString": "{\"password\":\"Marimba-12\"}"}`)
	read := func(name string) string { return `"$(cat ` + filepath.Join(d.dir, name) + `)"` }
	d.project(plain + "steps:\n" + bash("S", "cat "+filepath.Join(d.dir,
		"managed")+"\necho; echo Mar''imba-12\nset_octopusvariable SecretAccessKey "+read("key")+"\nset_octopusvariable All "+read("all")+
		"\nset_octopusvariable Managed "+read("managed")))
	r := d.ok("run", "P").says("SecretAccessKey = (sensitive)", "All = (sensitive)", "Managed = (sensitive)", `"SecretString": "********"`)
	wantNowhere(t, d, r.out+r.err, secret, "Marimba-12")
}

// A sandbox assumes the roles, and aws prints what it got.
func TestKeysOfTheAWSProgramAreHidden(t *testing.T) {
	requireTool(t, "aws")
	d := newDesk(t)
	call := `aws --endpoint-url "$AWS_ENDPOINT_URL" sts assume-role --role-arn arn:aws:iam::000000000000:role/deployer ` +
		`--role-session-name sess --output `
	d.project(sandboxed + "steps:\n" + strings.Replace(bash("S", "for o in json text table; do echo = $o; "+call+"$o; done\n"+
		"set_octopusvariable Creds \"$("+call+"text)\"\n"+call+"text --query 'Credentials.[SecretAccessKey,AccessKeyId]'\n"+call+"json "+
		"--query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]'"),
		"account: none", "account: aws.account, region: eu-west-1", 1))
	r := d.ok("run", "P").says("Creds = (sensitive)")
	if n := strings.Count(r.out, "********"); n != 3*2+1+2 {
		t.Errorf("%d keys are hidden, want 9:\n%s", n, r.out)
	}
}

func TestSentencesRevealNoSecret(t *testing.T) {
	step := func(aws string) string {
		return sandboxed + `  - {name: Secret, type: sensitive, value: {env: SECRET}}
steps:
  - name: S
    aws: {account: aws.account, ` + aws + `}
    script: {language: bash, body: 'echo ran; set_octopusvariable Out x'}
`
	}
	const role = "arn:aws:iam::000000000000:role/"
	tests := map[string]struct {
		project, secret string
		never           []string
		code            int
	}{
		"region":       {step(`region: "#{Secret}"`), "NoSuchPlace", nil, 3},
		"short region": {step(`region: "#{Secret}"`), "Nowhe1", nil, 3},
		"part of JSON": {step(`region: "#{Secret.place}"`), `{"place": "NoSuchPlace"}`, []string{"NoSuchPlace"}, 3},
		"role":         {step(`region: eu-west-1, assumeRole: {arn: "` + role + `#{Secret}"}`), "Xylophone-Role", nil, 3},
		"role's form":  {step(`region: eu-west-1, assumeRole: {arn: "#{Secret}"}`), "Xylophone", nil, 3},
		"session name": {step(`region: eu-west-1, assumeRole: {arn: "` + role + `reader", sessionName: "#{Secret}"}`), "Xylophone session",
			nil, 3},
		"good session name": {step(`region: eu-west-1, assumeRole: {arn: "` + role + `reader", sessionName: "#{Secret}"}`), "Xylophone.session",
			nil, 0},
		"good role": {step(`region: eu-west-1, assumeRole: {arn: "` + role + `#{Secret}"}`), "deployer", nil, 0},
		"external ID": {step(`region: eu-west-1, assumeRole: {arn: "` + role + `partner", externalId: "#{Secret}"}`), "Xylophone id",
			nil, 3},
		"account's name": {sandboxed +
			"  - {name: Secret, type: sensitive, value: {env: SECRET}}\n  - {name: other, type: aws-account, value: \"#{Secret}\"}\nsteps:\n" +
			strings.Replace(bash("S", "true"), "account: none", "account: other, region: eu-west-1", 1), "Xylophone-Account", nil, 3},
		"folder": {step(`region: eu-west-1`) +
			"  - name: T\n    aws: {account: none}\n    script: {source: folder, folder: \"one/#{Secret}\", file: x.sh}\n" +
			"", "xylophone-folder", nil, 3},
		"package": {step(`region: eu-west-1`) +
			"  - name: T\n    aws: {account: none}\n    script: {source: package, package: \"#{Secret}\", file: x.sh}\n" +
			"", "Xylophone.Package", nil, 3},
		"value that has NUL": {step(`region: eu-west-1`) +
			"  - name: T\n    values: [{name: V, value: \"#{Secret}\\0\"}]\n    aws: {account: none}\n    script: {language: bash, body: " +
			"'get_octopusvariable V'}\n", "Xylophone.NUL", nil, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.environ = append(d.environ, "SECRET="+tt.secret)
			d.project(tt.project)
			printed := ""
			for _, args := range [][]string{{"--preview", "--verify"}, {"--preview", "--verify", "--json"}, {"--json"}, {"--events"}, {}} {
				r := d.run(append([]string{"run", "P"}, args...)...)
				if r.code != tt.code {
					t.Errorf("%v: exit code %d, want %d\n%s%s", args, r.code, tt.code, r.out, r.err)
				}
				printed += r.out + r.err
			}
			if tt.never == nil {
				tt.never = []string{tt.secret}
			}
			wantNowhere(t, d, printed, tt.never...)
		})
	}
}

// A sensitive value that is given for the run is as hidden in the plan as one in the vault.
func TestGivenSecretsAreInNoPlan(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "PW=Xylophone-Given", "PLACE=NoSuchPlace")
	d.project(plain + "variables:\n  - {name: Password, type: sensitive}\n  - {name: Place, type: sensitive}\nsteps:\n" +
		strings.Replace(bash("S", "echo '#{Password}'"), "account: none", `account: none, region: "#{Place}"`, 1))
	printed := ""
	for _, args := range [][]string{{"--preview"}, {"--preview", "--json"}, {"--json"}, {"--events"}, {}} {
		r := d.run(append([]string{"run", "P", "--set-env", "Password=PW", "--set-env", "Place=PLACE"}, args...)...)
		printed += r.out + r.err
	}
	wantNowhere(t, d, printed, "Xylophone-Given", "NoSuchPlace")
}
