package command_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

func TestOutputGoesWhereTheScriptPrintedIt(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "echo out\necho err >&2\nprintf 'no end'"))
	r := d.run("run", "P").wants(0)
	r.prints("out\nno end")
	r.says("err\n", "warning", "Run 1")
	if strings.Contains(r.err, "out\n") {
		t.Errorf("stdout of the script stands in stderr: %q", r.err)
	}
}

func TestExitCodes(t *testing.T) {
	tests := map[string]struct {
		steps string
		args  []string
		code  int
		says  []string
	}{
		"success":                     {bash("S", "true"), nil, 0, []string{"succeeded"}},
		"the script's own code":       {bash("S", "exit 7"), nil, 7, []string{"exit code 7"}},
		"the first failed step's":     {bash("A", "exit 3") + bash("B", "exit 4"), nil, 3, []string{"B: skipped"}},
		"a signal has no code":        {bash("S", "kill -9 $$"), nil, 1, []string{"SIGKILL"}},
		"error output fails the step": {bash("S", "echo x >&2", "options: {stderr: fail}"), nil, 1, []string{"error stream"}},
		"error output is information": {bash("S", "echo x >&2", "options: {stderr: info}"), nil, 0, []string{"S: succeeded"}},
		"error output as errors":      {bash("S", "echo x >&2", "options: {stderr: error}"), nil, 0, []string{"S: succeeded"}},
		"time limit of the run":       {bash("S", "sleep 60"), []string{"--timeout", "300ms"}, 124, []string{"timedout"}},
		"time limit of the step":      {bash("S", "sleep 60", "options: {timeout: 300ms}"), nil, 124, []string{"300ms"}},
		"one step of two":             {bash("A", "exit 3") + bash("B", "echo b"), []string{"b"}, 0, []string{"B: succeeded"}},
		"unknown step":                {bash("Rotate", "true"), []string{"rotat"}, 2, []string{`Did you mean "Rotate"`}},
		"unknown value":               {bash("S", "true"), []string{"--set", "X=1"}, 2, []string{`no variable "X"`}},
		"environment of none":         {bash("S", "true"), []string{"--environment", "E"}, 2, []string{"no environments"}},
		"stops at the first failure":  {bash("S", "false\necho on", "options: {stopOnFirstFailure: true}"), nil, 1, nil},
		"no trap undoes fail_step":    {bash("S", "trap 'exit 0' EXIT\nfail_step 'the queue is full'"), nil, 1, []string{"the queue is full"}},
		"fail_step without streams":   {bash("S", "exec 1>&- 2>&-\nfail_step 'the queue is full'"), nil, 1, []string{"the queue is full"}},
		"nearly the helper's name":    {bash("S", "fail_stepp 'the queue is full'; echo on"), nil, 1, []string{"fail_stepp"}},
		"goes on after a failure":     {bash("S", "false\necho on"), nil, 0, []string{"on"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.project(plain + "steps:\n" + tt.steps)
			d.run(append([]string{"run", "P"}, tt.args...)...).wants(tt.code).says(tt.says...)
		})
	}
}

func TestATruncatedListSaysSo(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "true"))
	for range 3 {
		d.ok("run", "P")
	}
	for _, c := range []struct {
		args []string
		says string // empty: nothing
	}{
		{nil, ""}, {[]string{"--limit", "3"}, ""}, {[]string{"--limit", "0"}, ""}, {[]string{"--limit", "2", "--status", "failed"},
			"No runs match"},
		{[]string{"--limit", "2"}, "These are the newest 2 of 3 runs. --limit 0 lists all of them."},
		{[]string{"--limit", "1", "--json", "--project", "P"}, "These are the newest 1 of 3 runs."},
	} {
		r := d.ok(append([]string{"runs", "list"}, c.args...)...)
		if c.says == "" && r.err != "" {
			t.Errorf("%v says %q", c.args, r.err)
		}
		r.says(c.says)
	}
}

func TestRefusedBeforeAnythingRuns(t *testing.T) {
	key := sandbox.NewKey()
	server, err := sandbox.Start(t.Context(), sandbox.Options{Keys: []sandbox.Key{key}})
	if err != nil {
		t.Fatal(err)
	}
	wrong := sandbox.NewKey().SecretKey // a changed letter of the right one may be the letter that was there
	custom := fmt.Sprintf(`stepdeck: 1
project: P
accounts:
  - {name: Key, accessKeyId: %s, endpoint: "%s", secretKey: {env: KEY}}
variables:
  - {name: aws.account, type: aws-account, value: Key}
steps:
`, key.AccessKeyID, server.Endpoint())
	ran := bash("First", "touch ran")
	step := func(aws, script string) string {
		return ran + "  - name: S\n    aws: " + aws + "\n    script: " + script + "\n"
	}
	const inline = "{language: bash, body: 'true'}"
	tests := map[string]struct {
		project string
		secret  string
		args    []string
		code    int
		says    []string
	}{
		"right secret": {custom + step("{account: aws.account, region: eu-west-1}", inline), key.SecretKey, nil, 0,
			[]string{"ENDPOINT " + server.Endpoint()}},
		"wrong secret": {custom + step("{account: aws.account, region: eu-west-1}", inline), wrong, nil, 3, []string{"refused", "Key"}},
		"missing secret": {custom + step("{account: aws.account, region: eu-west-1}", inline), "", nil, 3,
			[]string{"no secret key on this computer", `stepdeck account add "Key" --access-key`}},
		"wrong external ID": {sandboxed + "steps:\n" +
			step(`{account: aws.account, region: eu-west-1, assumeRole: {arn: "arn:aws:iam::000000000000:role/partner", externalId: wrong}}`,
				inline),
			"", nil, 3, []string{"AWS-LOGIN-ERROR-0004", "partner"}},
		"right external ID": {sandboxed + "steps:\n" +
			step(`{account: aws.account, region: eu-west-1, assumeRole: {arn: "arn:aws:iam::000000000000:role/partner", externalId: stepdeck}}`,
				inline),
			"", nil, 0, []string{"assumed-role/partner"}},
		"another AWS account than expected": {sandboxed + "steps:\n" + step(`{account: aws.account, region: eu-west-1, expect: "123456789012"}`,
			inline),
			"", nil, 3, []string{"000000000000", "123456789012"}},
		"unknown account variable": {sandboxed + "steps:\n" + step("{account: aws.acount, region: eu-west-1}", inline), "", nil,
			3, []string{`Did you mean "aws.account"`}},
		"an account's name instead of a variable's": {sandboxed + "steps:\n" + step("{account: Sandbox, region: eu-west-1}", inline), "", nil, 3,
			[]string{"No account variable"}},
		"expression that names an account": {sandboxed + "  - {name: Which, value: Sandbox}\nsteps:\n" +
			step(`{account: "#{Which}", region: eu-west-1}`, inline), "", nil, 0, nil},
		"expression of an account variable": {sandboxed + "steps:\n" + step(`{account: "#{aws.account}", region: eu-west-1}`, inline), "",
			nil, 0, nil},
		"expression that names nothing": {sandboxed + "  - {name: Which, value: nobody}\nsteps:\n" +
			step(`{account: "#{Which}", region: eu-west-1}`, inline), "", nil, 3, []string{"nobody"}},
		"expression that names none": {sandboxed + "  - {name: Which, value: none}\nsteps:\n" +
			step(`{account: "#{Which}", region: eu-west-1}`, inline), "", nil, 3, []string{"neither"}},
		"undefined region": {sandboxed + "steps:\n" + step(`{account: aws.account, region: "#{Nowhere}"}`, inline), "",
			nil, 3, []string{"Nowhere"}},
		"region that is none": {sandboxed + "  - {name: R, value: Ireland}\nsteps:\n" +
			step(`{account: aws.account, region: "#{R}"}`, inline), "", nil, 3, []string{"Ireland"}},
		"no such package": {plain + "steps:\n" + step("{account: none}",
			"{source: package, package: Acme, file: x.sh}"), "", nil, 3, []string{"Acme"}},
		"filter that can't be applied": {plain + "variables:\n  - {name: X, value: \"?\"}\nsteps:\n" + step("{account: none}",
			`{language: bash, body: "echo #{X | FromBase64}"}`), "", nil, 3, []string{"Line 1", "FromBase64", `"?"`}},
		"protected": {sandboxed + "steps:\n" + step("{account: aws.account, region: eu-west-1}", inline), "",
			[]string{"protect"}, 3, []string{"protected", "--confirm 000000000000"}},
		"protected and confirmed": {sandboxed + "steps:\n" + step("{account: aws.account, region: eu-west-1}", inline), "",
			[]string{"protect", "--confirm", "play"}, 0, nil},
		"protected and another one confirmed": {sandboxed + "steps:\n" + step("{account: aws.account, region: eu-west-1}", inline), "",
			[]string{"protect", "--confirm", "nope"}, 3, []string{`"nope" is neither`}},
		"NUL in a value that the script reads": {plain + "variables:\n  - {name: V, value: \"a\\0b\"}\nsteps:\n" + step("{account: none}",
			`{language: bash, body: "touch ran; get_octopusvariable V"}`), "", nil, 3, []string{`"V"`, "NUL"}},
		"NUL in a value that it doesn't": {plain + "variables:\n  - {name: V, value: \"a\\0b\"}\nsteps:\n" + step("{account: none}", inline),
			"", nil, 0, []string{`"V"`, "NUL"}},
		"required prompt": {plain + "variables:\n  - {name: V, prompt: {label: How many, required: true}}\nsteps:\n" + step("{account: none}",
			inline), "", nil, 3, []string{"How many", "--set V=VALUE"}},
		"answered prompt": {plain + "variables:\n  - {name: V, prompt: {label: How many, required: true}}\nsteps:\n" + step("{account: none}",
			inline), "",
			[]string{"--set", "V=3"}, 0, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			if tt.secret != "" {
				d.environ = append(d.environ, "KEY="+tt.secret)
			}
			marker := filepath.Join(d.dir, "ran")
			d.project(strings.ReplaceAll(tt.project, "touch ran", "touch "+marker))
			args := []string{"run", "P"}
			for _, a := range tt.args {
				if a == "protect" {
					d.ok("aws-account", "set", "000000000000", "--protected", "--label", "Play")
					continue
				}
				args = append(args, a)
			}
			r := d.run(args...).wants(tt.code).says(tt.says...)
			_, err := os.Stat(marker)
			if ranFirst := err == nil; ranFirst != (tt.code == 0) {
				t.Errorf("the first step ran: %v", ranFirst)
			}
			for _, secret := range []string{key.SecretKey, tt.secret} {
				if secret != "" && strings.Contains(r.out+r.err, secret) {
					t.Errorf("a secret is printed")
				}
			}
			if tt.code == 3 {
				if run := d.show("1"); run["status"] != "failed" || run["exitCode"] != 3.0 || run["message"] == "" {
					t.Errorf("the record says %v", run)
				}
			}
		})
	}
}

func TestTwoAccountsInOneRun(t *testing.T) {
	requireTool(t, "aws")
	d := newDesk(t)
	first, second := sandbox.Key{AccessKeyID: "AKIAFIRSTFIRSTFIRST1", SecretKey: strings.Repeat("a1B2", 10), AWSID: "111111111111"},
		sandbox.Key{AccessKeyID: "AKIASECONDSECONDSEC2", SecretKey: strings.Repeat("c3D4", 10), AWSID: "222222222222"}
	server, err := sandbox.Start(t.Context(), sandbox.Options{Keys: []sandbox.Key{first, second}})
	if err != nil {
		t.Fatal(err)
	}
	d.environ = append(d.environ, "FIRST="+first.SecretKey, "SECOND="+second.SecretKey)
	const who = `{language: bash, body: 'aws --endpoint-url "$AWS_ENDPOINT_URL" sts get-caller-identity --query Account --output text; ` +
		`echo $AWS_REGION $AWS_DEFAULT_REGION'}`
	d.project(fmt.Sprintf(`stepdeck: 1
project: P
accounts:
  - {name: First, accessKeyId: %s, endpoint: "%s", secretKey: {env: FIRST}}
  - {name: Second, accessKeyId: %s, endpoint: "%s", secretKey: {env: SECOND}}
variables:
  - {name: one, type: aws-account, value: First}
  - {name: two, type: aws-account, value: Second, expect: "222222222222"}
steps:
  - {name: A, aws: {account: one, region: eu-west-1}, script: %s}
  - {name: B, aws: {account: two, region: us-east-2}, script: %s}
`, first.AccessKeyID, server.Endpoint(), second.AccessKeyID, server.Endpoint(), who, who))
	d.ok("run", "P").prints("111111111111\neu-west-1 eu-west-1\n222222222222\nus-east-2 us-east-2\n")
	d.ok("aws-account", "list").says("111111111111", "222222222222")
}

func TestSample(t *testing.T) {
	requireTool(t, "aws")
	d := newDesk(t)
	sample := filepath.Join("..", "assets", "sample", "sample.stepdeck")
	d.ok("import", "--yes", sample)
	args := []string{"run", "Sample"}
	if !hasPowerShell(t) {
		args = append(args, "Who am I", "Fill a bucket", "Report")
	}
	d.ok(args...).says("assumed-role/deployer", "SANDBOX", "The bucket stepdeck-sample got 3 objects.", "make_bucket: stepdeck-sample")
	// Twice changes nothing.
	d.ok("import", "--yes", sample).says("no changes")
}

func TestPowerShellStep(t *testing.T) {
	if !hasPowerShell(t) {
		t.Skip("there is no pwsh on the PATH")
	}
	d := newDesk(t)
	d.project(sandboxed + `  - {name: Word, value: "it's \"quoted\" $x"}
steps:
  - name: A
    aws: {account: aws.account, region: eu-west-1}
    script:
      language: powershell
      body: |
        param([string]$Name, [int]$Count)
        Write-Output "$Name $Count $env:AWS_REGION $($OctopusParameters['Word'])"
        Set-OctopusVariable -name Result -value "done $Count"
      parameters: -Name "O'Brien" -Count 3
  - name: B
    aws: {account: none}
    script: {language: powershell, body: 'Write-Output "#{Octopus.Action[A].Output.Result}|#{Result}"; exit 5'}
`)
	d.run("run", "P").wants(5).prints("O'Brien 3 eu-west-1 it's \"quoted\" $x\ndone 3|done 3\n")
}

func TestOutputsReachLaterSteps(t *testing.T) {
	d := newDesk(t)
	d.project(sandboxed + "steps:\n" + bash("A", `set_octopusvariable Role deployer`) + `
  - name: B
    aws:
      account: aws.account
      region: eu-west-1
      assumeRole: {arn: "arn:aws:iam::000000000000:role/#{Octopus.Action[A].Output.Role}"}
    script: {language: bash, body: 'echo "#{Role} $(get_octopusvariable Role)"'}
`)
	d.ok("run", "P").prints("deployer deployer\n").says("assumed-role/deployer")
	// Without the step that sets it, nothing runs.
	d.run("run", "P", "B").wants(3).says("Octopus.Action[A].Output.Role")
}

// TestAnOutputChangesWhoALaterStepIs: what was found out before the first step is asked again where an output stands before
// the project's value.
func TestAnOutputChangesWhoALaterStepIs(t *testing.T) {
	d := newDesk(t)
	d.project(sandboxed + "  - {name: Role, value: deployer}\nsteps:\n" + bash("A", "set_octopusvariable Role reader") + `
  - name: B
    aws: {account: aws.account, region: eu-west-1, assumeRole: {arn: "arn:aws:iam::000000000000:role/#{Role}"}}
    script: {language: bash, body: 'echo "#{Role}"'}
`)
	d.ok("run", "P").prints("reader\n").says("assumed-role/deployer", "assumed-role/reader")
	d.ok("runs", "show", "1").says("assumed-role/reader")
}

func TestValues(t *testing.T) {
	d := newDesk(t)
	big := strings.Repeat("0123456789abcdef", 65536) // 1 MiB
	d.project(`stepdeck: 1
project: P
environments: [Staging, Production]
variables:
  - {name: Tier, value: unscoped}
  - {name: Tier, value: scoped, scope: [Production]}
  - {name: Own, value: project}
  - {name: Big, value: small}
  - {name: Nested, value: "<#{Tier}>"}
steps:
  - name: S
    values: [{name: Own, value: step}]
    aws: {account: none}
    script:
      language: bash
      body: |
        echo "#{Tier} $(get_octopusvariable Tier) #{Own} #{Nested} ##{Tier} #{Undefined}"
        big=$(get_octopusvariable Big); echo ${#big}; printf %s "$big" | cksum
`)
	d.run("run", "P").wants(2).says("several environments", "--environment")
	d.run("run", "P", "-e", "staging").wants(0).says("unscoped unscoped step <unscoped> #{Tier} #{Undefined}", "line 1", `"Undefined"`)
	d.run("run", "P", "-e", "Production", "--set", "Own=given").wants(0).says("scoped scoped given <scoped>")
	r := d.run("run", "P", "-e", "Production", "--set-file", "Big="+d.file("big", big)).wants(0)
	lines := strings.Split(r.out, "\n")
	if len(lines) < 3 || lines[1] != "1048576" {
		t.Fatalf("the script got %q", lines)
	}
	sum := d.run("run", "P", "-e", "Production", "--set-file", "Big="+d.file("big2", big[1:]+"x")).wants(0)
	if strings.Split(sum.out, "\n")[2] == lines[2] {
		t.Error("another value has the same checksum")
	}
}

func TestPackagedScript(t *testing.T) {
	d := newDesk(t)
	pkg := filepath.Join("..", "runner", "archive", "testdata", "Contoso.AwsSteps.1.4.2.nupkg")
	if _, err := os.Stat(pkg); err != nil {
		t.Fatal(err)
	}
	d.ok("package", "import", pkg).says("Contoso.AwsSteps", "1.4.2")
	d.ok("package", "import", pkg) // the same bytes are the same package
	files := d.ok("package", "files", "contoso.awssteps").out
	if !strings.Contains(files, "list-buckets.sh") || strings.Contains(files, "nuspec") {
		t.Errorf("files are\n%s", files)
	}
	d.project(plain + `steps:
  - name: S
    aws: {account: none}
    script: {source: package, package: contoso.awssteps, version: 1.4.2.0, file: 'TOOLS\nothing.sh'}
`)
	d.run("run", "P").wants(3).says("nothing.sh")
	d.run("package", "remove", "Contoso.AwsSteps", "1.4.2").wants(2).says("S")
}

func TestPreviewHidesSecretsAndChangesNothing(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "PW=hunter2-hunter2")
	d.project(sandboxed + `  - {name: Password, type: sensitive, value: {env: PW}}
steps:
  - name: S
    aws: {account: aws.account, region: eu-west-1}
    script: {language: bash, body: "echo #{Password}", parameters: "--password #{Password}"}
`)
	r := d.ok("run", "P", "--preview", "--verify").says("echo ********", "AWS_ACCESS_KEY_ID", "SANDBOX",
		"arn:aws:iam::000000000000:user/sandbox")
	if strings.Contains(r.out+r.err, "hunter2") {
		t.Error("the preview tells the secret")
	}
	plan := d.ok("run", "P", "--preview", "--json").objects()[0]
	if plan["type"] != "plan" || strings.Contains(fmt.Sprint(plan), "hunter2") {
		t.Errorf("plan is %v", plan)
	}
	d.ok("runs", "list").says("No runs match")
	d.run("run", "P", "--set", "Password=x").wants(2).says("--set-env")
}

func TestJSON(t *testing.T) {
	d := newDesk(t)
	d.project(sandboxed + `steps:
  - name: S
    aws: {account: aws.account, region: eu-west-1}
    script:
      language: bash
      body: |
        echo one; echo two >&2
        set_octopusvariable N 5
        echo "##octopus[progress percentage='NTA=' message='SGFsZiBXYXk=']"
        exit 4
`)
	var types []string
	for _, o := range d.run("run", "P", "--json").wants(4).objects() {
		kind := fmt.Sprint(o["type"])
		types = append(types, kind)
		switch kind {
		case "line":
			if o["n"] == nil || o["time"] == nil || o["stream"] == nil || o["level"] == nil {
				t.Errorf("line is %v", o)
			}
		case "step":
			if id, ok := o["identity"].(map[string]any); !ok || id["awsAccount"] != "000000000000" {
				t.Errorf("step is %v", o)
			}
		case "progress":
			if o["percent"] != 50.0 || o["message"] != "Half Way" {
				t.Errorf("progress is %v", o)
			}
		case "output":
			if o["name"] != "N" || o["value"] != "5" {
				t.Errorf("output is %v", o)
			}
		case "result":
			if o["status"] != "failed" || o["exitCode"] != 4.0 {
				t.Errorf("result is %v", o)
			}
		}
	}
	for _, want := range []string{"run", "step", "line", "progress", "output", "stepresult", "result"} {
		if !slices.Contains(types, want) {
			t.Errorf("no object of type %s in %v", want, types)
		}
	}
	events := d.run("run", "P", "--events").wants(4)
	if strings.Contains(events.out, `"text"`) || !strings.Contains(events.out, `"upTo"`) {
		t.Errorf("events are\n%s", events.out)
	}
}

// requireTool skips a test that needs a program, or fails it where all programs must be there.
func requireTool(t *testing.T, name string) {
	t.Helper()
	for dir := range strings.SplitSeq(os.Getenv("PATH"), string(os.PathListSeparator)) {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return
		}
	}
	if os.Getenv("STEPDECK_REQUIRE_TOOLS") == "1" {
		t.Fatalf("there is no %s on the PATH", name)
	}
	t.Skipf("there is no %s on the PATH", name)
}

func hasPowerShell(t *testing.T) bool {
	t.Helper()
	for dir := range strings.SplitSeq(os.Getenv("PATH"), string(os.PathListSeparator)) {
		for _, name := range []string{"pwsh", "pwsh.exe"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				return true
			}
		}
	}
	if os.Getenv("STEPDECK_REQUIRE_PWSH") == "1" || runtime.GOOS == "windows" {
		t.Fatal("there is no pwsh on the PATH")
	}
	return false
}

// The instance role, on an instance that the test plays: the endpoints count because both lead to this computer.
func TestInstanceRole(t *testing.T) {
	server, err := sandbox.Start(t.Context(), sandbox.Options{Metadata: &sandbox.Metadata{}})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.project(`stepdeck: 1
project: P
variables:
  - {name: aws.account, type: aws-account, value: instance-role}
steps:
  - name: S
    aws: {account: aws.account, region: eu-west-1}
    script: {language: bash, body: 'echo "${AWS_SESSION_TOKEN:+token} ${AWS_CREDENTIAL_EXPIRATION:+expires} $AWS_EC2_METADATA_DISABLED"'}
`)
	d.environ = append(d.environ, "AWS_EC2_METADATA_SERVICE_ENDPOINT="+server.MetadataEndpoint(), "AWS_ENDPOINT_URL="+server.Endpoint())
	d.ok("run", "P").prints("token expires true\n").says("assumed-role/", "ENDPOINT "+server.Endpoint())
}

func TestEditionOfAnotherSystemIsRefusedByLine(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has it")
	}
	d := newDesk(t)
	d.run("import", "--yes", d.file("p.stepdeck", plain+"steps:\n"+bash("S", "true",
		"options: {edition: desktop}"))).wants(2).says("p.stepdeck:10:15", "desktop")
}
