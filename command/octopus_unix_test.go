//go:build !windows

package command_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// ways are the ways in which a script of each language prints a variable.
var ways = map[string]func(name string) string{
	"bash":        func(name string) string { return fmt.Sprintf("echo \"%s=$(get_octopusvariable '%s')\"\n", name, name) },
	"expressions": func(name string) string { return fmt.Sprintf("echo \"%s=#{%s}\"\n", name, name) },
	"powershell":  func(name string) string { return fmt.Sprintf("\"%s=$($OctopusParameters['%s'])\"\n", name, name) },
	"python":      func(name string) string { return fmt.Sprintf("print('%s=' + get_octopusvariable('%s'))\n", name, name) },
}

// written is a step with a script in a language.
func written(t *testing.T, way, name, body string, more ...string) string {
	t.Helper()
	text := bash(name, body, more...)
	switch {
	case way != "powershell" && way != "python":
		return text
	case way == "powershell" && !hasPowerShell(t):
		t.Skip("there is no pwsh on the PATH")
	}
	return strings.Replace(text, "language: bash", "language: "+way, 1)
}

// Octopus's own variables have the values of the run and the step, however a script reads them.
func TestOctopusVariables(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]string{
		{"Octopus.Deployment.Id", "Deployments-2"}, {"Octopus.Deployment.Name", "Deploy to Prod West"},
		{"Octopus.Deployment.CreatedBy.Username", "ana@" + host}, {"Octopus.Deployment.CreatedBy.EmailAddress", "ana@" + host},
		{"Octopus.Task.Id", "ServerTasks-2"}, {"Octopus.Task.Name", "Deploy P to Prod West"},
		{"Octopus.RunbookRun.Id", "RunbookRuns-2"}, {"Octopus.RunbookRun.CreatedBy.DisplayName", "ana@" + host},
		{"Octopus.Project.Name", "P"}, {"Octopus.Project.Slug", "p"}, {"Octopus.Environment.Name", "Prod West"},
		{"Octopus.Environment.Slug", "prod-west"}, {"octopus.environment.sortorder", "1"},
		{"Octopus.Machine.Name", host}, {"Octopus.Machine.Hostname", host},
		{"Octopus.Step.Name", "Two"}, {"Octopus.Step.Number", "2"}, {"Octopus.Action.Name", "Two"}, {"Octopus.Action.Number", "2"},
		{"Octopus.Action.StepName", "Two"}, {"Octopus.Action.Aws.Region", "eu-west-1"}, {"Octopus.Action.Script.ScriptSource", "Inline"},
		{"Octopus.Release.Number", "1.4.0"}, {"Octopus.Web.ServerUri", "https://project"}, {"Octopus.Space.Name", "given"},
		{"Shown", "Deployments-2 in Prod West"},
	}
	for way, read := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			body, shown := "", ""
			for _, w := range want {
				body += read(w[0])
				shown += w[0] + "=" + w[1] + "\n"
			}
			d := newDesk(t)
			d.project(plain + `environments: [Staging, Prod West]
variables:
  - {name: Region, value: eu-west-1}
  - {name: Shown, value: "#{Octopus.Deployment.Id} in #{Octopus.Environment.Name}"}
  - {name: Octopus.Web.ServerUri, value: "https://project"}
  - {name: Octopus.Release.Number, value: 1.4.0}
steps:
` + bash("One", "true\n") + strings.Replace(written(t, way, "Two", body), "{account: none}", `{account: none, region: "#{Region}"}`, 1))
			d.ok("run", "P", "One", "-e", "Staging")
			d.ok("run", "P", "Two", "-e", "Prod West", "--set", "Octopus.Space.Name=given").prints(shown)
			d.ok("run", "P", "Two", "-e", "Prod West", "--preview").says("Octopus.Machine.Name = "+host, "Octopus.Step.Number = 2",
				"Deployments-0 in Prod West")
			d.ok("run", "P", "Two", "-e", "Prod West", "--preview", "--json").says(`"octopusVariables":[{"name":"Octopus.Action`)
			if log := d.ok("runs", "show", "2", "--json").out; strings.Contains(log, `"name":"Octopus.Machine.Name"`) {
				t.Error("what the run sets itself is recorded as if somebody had given it")
			}
		})
	}
}

// What a script uses of Octopus and will not have is told before it runs, and when it does.
func TestWhatAScriptLacks(t *testing.T) {
	bodies := map[string]string{
		"bash": "get_octopusvariable Octopus.Release.Number\nget_octopusvariable Octopus.Deployment.Tenant.Name\n" +
			"get_octopusvariable Octopus.Fun.Name\nget_octopusvariable 'Octopus.Action[Zero].Output.X'\n" +
			"if false; then\nnew_octopustarget x\nfi\n# get_octopusvariable Octopus.Space.Id\nget_octopusvariable role.SecretKey\n",
		"powershell": "$OctopusReleaseNumber\n$OctopusParameters['Octopus.Deployment.Tenant.Name']\n" +
			"$OctopusParameters['Octopus.Fun.Name']\n$OctopusParameters['Octopus.Action[Zero].Output.X']\n" +
			"if ($false) {\nNew-OctopusTarget x\n}\n# $OctopusSpaceId\n$OctopusParameters['role.SecretKey']\n",
		"python": "octopusvariables.get('Octopus.Release.Number')\noctopusvariables.get('Octopus.Deployment.Tenant.Name')\n" +
			"octopusvariables.get('Octopus.Fun.Name')\noctopusvariables.get('Octopus.Action[Zero].Output.X')\n" +
			"if False:\n    new_octopustarget('x')\n    pass\n# get_octopusvariable('Octopus.Space.Id')\noctopusvariables.get('role.SecretKey')\n",
	}
	for way, body := range bodies {
		t.Run(way, func(t *testing.T) {
			d := newDesk(t)
			text := plain + "variables:\n  - {name: role, type: aws-account, value: instance-role}\nsteps:\n" + written(t, way, "S", body)
			d.project(text)
			for _, r := range []result{
				d.ok("run", "P", "--preview"), d.run("import", "--yes", d.file("again.stepdeck", strings.Replace(text, "project: P", "project: Q", 1))),
			} {
				r.says(`line 1: it reads "Octopus.Release.Number", which only an Octopus server knows`,
					`line 2: it reads "Octopus.Deployment.Tenant.Name", which nothing here sets`, `line 3: it reads "Octopus.Fun.Name"`,
					`line 4: it reads "Octopus.Action[Zero].Output.X"`, "line 6: it calls ")
				if strings.Contains(r.out+r.err, `"Octopus.Space.Id"`) {
					t.Errorf("a remark is taken for a use:\n%s%s", r.out, r.err)
				}
			}
			d.ok("run", "P", "--preview").says(`line 9: it reads "role.SecretKey"`)
			d.ok("run", "P")
			d.ok("runs", "log", "1").says(`it reads "Octopus.Release.Number"`)
			d.ok("runs", "list").says("warning")
			d.ok("run", "P", "--preview", "--set", "Octopus.Release.Number=1").silentOn(`"Octopus.Release.Number", which`)
		})
	}
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "get_octopusvariable Octopus.Release.Number\n"))
	d.run("run", "P", "--set", "Octopus.Relase.Number=1").wants(2).says(`Did you mean "Octopus.Release.Number"?`)
	d.ok("run", "P", "--set", "Octopus.Release.Number=1.2").prints("1.2")
	d.ok("runs", "again", "1").prints("1.2")
	d.ok("runs", "again", "1", "--exactly").prints("1.2")
}

// keyed is a project with an account of a key that never changes, and one without.
const keyed = `stepdeck: 1
project: P
accounts:
  - {name: Web, accessKeyId: AKIAIOSFODNN7EXAMPLE, secretKey: {file: key.txt}, region: eu-west-1}
variables:
  - {name: My Account, type: aws-account, value: Web}
  - {name: Which, value: Web}
  - {name: by.expression, type: aws-account, value: "#{Which}"}
  - {name: role, type: aws-account, value: instance-role}
steps:
`

// The properties of an account variable reach the scripts that read them; a secret one is hidden, and never in a plan.
func TestAccountProperties(t *testing.T) {
	want := [][2]string{
		{"My Account", "Web"}, {"my account.accesskey", "AKIAIOSFODNN7EXAMPLE"}, {"My Account.SecretKey", "********"},
		{"My Account.Region", "eu-west-1"}, {"by.expression.SecretKey", "********"},
	}
	for way, read := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			body, shown := "", ""
			for _, w := range want {
				body += read(w[0])
				shown += w[0] + "=" + w[1] + "\n"
			}
			d := newDesk(t)
			d.file("key.txt", awsSecret)
			d.project(keyed + written(t, way, "S", body) + written(t, way, "Other", read("My Account.AccessKey")))
			d.ok("run", "P", "S").prints(shown)
			plan := d.ok("run", "P", "--preview").out + d.ok("run", "P", "--preview", "--json").out + d.ok("runs", "show", "1", "--json").out
			if strings.Contains(plan, awsSecret) {
				t.Errorf("the secret key is shown:\n%s", plan)
			}
			_, other, _ := strings.Cut(d.ok("run", "P", "--preview").out, "Step 2")
			if strings.Contains(other, "My Account.SecretKey") {
				t.Errorf("a script has a secret that it does not read:\n%s", other)
			}
		})
	}
}

// An account variable that leads to its own property has none.
func TestAnAccountVariableInACircle(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "variables:\n  - {name: circle, type: aws-account, value: \"#{circle.AccessKey}\"}\nsteps:\n" +
		bash("S", "get_octopusvariable circle\n"))
	d.ok("run", "P").prints("#{circle.AccessKey}").says(`the name "circle.AccessKey" is not defined`)
}

// The secret really arrives, also by a name that comes into being when the script runs.
func TestTheSecretKeyArrives(t *testing.T) {
	for way, body := range map[string]string{
		"bash":        "[ \"$(get_octopusvariable 'My Account.SecretKey')\" = '" + awsSecret + "' ] && echo right\n",
		"computed":    "n='My Account'; [ \"$(get_octopusvariable \"$n.SecretKey\")\" = '" + awsSecret + "' ] && echo right\n",
		"expressions": "[ '#{My Account.SecretKey}' = '" + awsSecret + "' ] && echo right\n",
		"powershell":  "if ($MyAccountSecretKey -ceq '" + awsSecret + "') { 'right' }\n",
		"python":      "if octopusvariables['my account.secretkey'] == '" + awsSecret + "':\n    print('right')\n",
	} {
		t.Run(way, func(t *testing.T) {
			d := newDesk(t)
			d.file("key.txt", awsSecret)
			d.project(keyed + written(t, way, "S", body))
			d.ok("run", "P").prints("right\n")
		})
	}
}

// An account without its secret on this computer stops the scripts that read it, and no other.
func TestAMissingSecretKey(t *testing.T) {
	d := newDesk(t)
	d.project(strings.Replace(keyed, ", secretKey: {file: key.txt}", "", 1) + bash("S", "get_octopusvariable 'My Account.SecretKey'\n") +
		bash("T", "get_octopusvariable 'My Account.AccessKey'\n"))
	d.run("run", "P", "S").wants(3).says(`The account "Web" has no secret key on this computer`)
	d.ok("run", "P", "T").prints("AKIAIOSFODNN7EXAMPLE")
}

// instance-role can stand in a step directly, however it is spelt.
func TestInstanceRoleInAStep(t *testing.T) {
	for _, name := range []string{"instance-role", "Instance-Role", "INSTANCE-ROLE"} {
		d := newDesk(t)
		d.project(plain + "steps:\n" + strings.Replace(bash("S", "true\n"), "account: none", "account: "+name+", region: eu-west-1", 1))
		d.ok("run", "P", "--preview").says("Account         instance-role", "Octopus.Action.AwsAccount.UseInstanceRole = True")
	}
}

// A secret that is not here stops the scripts that read it, and no other.
func TestMissingSecrets(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "variables:\n  - {name: o, type: sensitive}\n  - {name: Db.Password, type: sensitive}\n" +
		"  - {name: Uses, value: \"#{Db.Password}\"}\nsteps:\n" +
		bash("Hello", "echo hello\n") + bash("Word", "echo password # get_octopusvariable o\n") +
		bash("Reads", "get_octopusvariable o\n") + bash("Loop", "for n in Db.Password; do get_octopusvariable $n; done\n"))
	d.ok("run", "P", "Hello", "Word").prints("hello\npassword\n")
	d.run("run", "P", "Reads").wants(3).says(`"o" has no value`)
	d.run("run", "P", "Loop").wants(3).says(`"Db.Password" has no value`)
}

// In a package the scripts that a script loads count, too.
func TestMissingSecretsOfAPackage(t *testing.T) {
	d := newDesk(t)
	text := plain + "variables:\n  - {name: Password, type: sensitive}\nsteps:\n" +
		"  - {name: S, aws: {account: none}, script: {source: folder, folder: scripts, file: run.sh}}\n"
	d.file("scripts/run.sh", ". ./lib.sh\n")
	d.file("scripts/lib.sh", "echo library\n")
	d.file("scripts/other.sh", "get_octopusvariable Password\n")
	d.project(text)
	d.ok("run", "P").prints("library\n")
	d.file("scripts/lib.sh", "get_octopusvariable Password\n")
	d.run("run", "P").wants(3).says(`"Password" has no value`)
}

// A secret that nobody has to give may be empty.
func TestEmptySecrets(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "EMPTY=")
	d.file("empty.txt", "")
	d.file("line.txt", "\ufeff\r\n")
	d.project(plain + `variables:
  - {name: Optional, type: sensitive, prompt: {control: text}}
  - {name: Env, type: sensitive, value: {env: EMPTY}}
  - {name: File, type: sensitive, value: {file: empty.txt}}
  - {name: Line, type: sensitive, value: {file: line.txt}}
steps:
` + bash("S", `for n in Optional Env File Line; do echo "[$(get_octopusvariable $n)]"; done`))
	d.ok("run", "P").prints("[]\n[]\n[]\n[]\n")
	d.ok("run", "P", "--set-env", "Optional=EMPTY").prints("[]\n[]\n[]\n[]\n")
	if r := d.atTerminal("\n", "run", "P"); r.code != 0 || !strings.Contains(r.out, "[]\n[]") {
		t.Errorf("asked at the terminal: %d %s%s", r.code, r.out, r.err)
	}
	d.run("import", "--yes", d.file("key.stepdeck", withKey)).wants(2).says("key.txt")
	d.file("key.txt", "")
	d.file("token.txt", "x")
	d.run("import", "--yes", d.file("key.stepdeck", withKey)).wants(2).says("key.txt is empty")
}

// A secret key comes in several forms, and in a file that also tells the key's id.
func TestFormsOfASecretKey(t *testing.T) {
	d := newDesk(t)
	csv := "User name,Access key ID,Secret access key\r\nana,AKIAIOSFODNN7EXAMPLE," + awsSecret + "\r\n"
	d.ok("account", "add", "Csv", "--secret-key-file", d.file("accessKeys.csv", csv))
	d.ok("account", "list", "--json").says(`"accessKeyId":"AKIAIOSFODNN7EXAMPLE"`)
	d.run("account", "add", "Other", "--access-key", "AKIAI44QH8DHBEXAMPLE", "--secret-key-file", d.file("accessKeys.csv", csv)).wants(2).
		says("has the access key AKIAIOSFODNN7EXAMPLE, but account")
	profile := "[a]\naws_access_key_id=AKIAI44QH8DHBEXAMPLE\naws_secret_access_key=" + awsSecret + "\n"
	for i, args := range [][]string{{"add", "Stdin", "--access-key", "AKIAI44QH8DHBEXAMPLE"}, {"set", "Stdin"}} {
		args = append([]string{"account"}, append(args, "--secret-key-stdin")...)
		if r := d.reads(strings.NewReader([]string{profile, "\ufeff\"" + awsSecret + "\"\n"}[i]), args...); r.code != 0 {
			t.Errorf("%v: %d %s", args, r.code, r.err)
		}
	}
	for _, name := range []string{"Csv", "Stdin"} {
		if got := d.secret(name, model.Account.SecretKeyRef); got != awsSecret {
			t.Errorf("%s has %q", name, got)
		}
	}
	if r := d.reads(strings.NewReader("\n"), "account", "set", "Stdin", "--secret-key-stdin"); r.code != 2 {
		t.Errorf("nothing on standard input: %d %s", r.code, r.err)
	}
}
