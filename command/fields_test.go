package command_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
)

func TestDocsNameEveryFieldOfAFile(t *testing.T) {
	doc, err := os.ReadFile("../docs/project-file.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range document.Fields() {
		named := strings.Contains(string(doc), "`"+f.Path+"`")
		switch {
		case f.Mark == document.Local && named:
			t.Errorf("%s is never in a file: remove it from docs/project-file.md", f.Path)
		case f.Mark != document.Local && !named:
			t.Errorf("%s is not in the docs: add a row to docs/project-file.md", f.Path)
		}
	}
}

// Each honoured field of a step makes a difference in the preview. The table holds each field's usual text in the file
// and another one.
func TestPreviewShowsEveryHonouredFieldOfAStep(t *testing.T) {
	const inline, packaged, foldered, asked = "inline", "packaged", "foldered", "asked"
	table := []struct{ path, usual, other, in string }{
		{"steps[].name", "- name: S\n", "- name: T\n", inline},
		{"steps[].enabled", "enabled: true", "enabled: false", inline},
		{"steps[].values[].name", "{name: V,", "{name: W,", inline},
		{"steps[].values[].type", "type: text", "type: sensitive", inline},
		{"steps[].values[].value", "value: one", "value: two", inline},
		{"steps[].values[].expect", `{name: own, type: aws-account, value: Sandbox}`,
			`{name: own, type: aws-account, value: Sandbox, expect: "222222222222"}`, inline},
		{"steps[].values[].prompt.required", "{required: false", "{required: true", inline},
		{"steps[].values[].prompt.label", "label: One", "label: Two", asked},
		{"steps[].values[].prompt.help", "help: one", "help: two", asked},
		{"steps[].values[].prompt.control", "control: text", "control: checkbox", asked},
		{"steps[].values[].prompt.control", "control: text", "control: multiline", asked},
		{"steps[].values[].prompt.options", "options: [a, b]", "options: [a, c]", asked},
		{"steps[].values[].prompt.labels", "labels: [A, B]", "labels: [A, C]", asked},
		{"steps[].values[].prompt.min", `min: "1"`, `min: "2"`, asked},
		{"steps[].values[].prompt.max", `max: "5"`, `max: "6"`, asked},
		{"steps[].environment[].name", "name: TIER", "name: LEVEL", inline},
		{"steps[].environment[].value", "value: web", "value: db", inline},
		{"steps[].environment[].sensitive", "value: web, sensitive: false", "sensitive: true", inline},
		{"steps[].aws.account", "account: own", "account: aws.account", inline},
		{"steps[].aws.expect", `expect: "111111111111"`, `expect: "333333333333"`, inline},
		{"steps[].aws.assumeRole.arn", "role/a", "role/b", inline},
		{"steps[].aws.assumeRole.sessionName", "sessionName: one", "sessionName: two", inline},
		{"steps[].aws.assumeRole.duration", "duration: 900", "duration: 901", inline},
		{"steps[].aws.assumeRole.externalId", "externalId: one", "externalId: two", inline},
		{"steps[].aws.assumeRole.policy", `policy: '{"one": 1}'`, `policy: '{"two": 2}'`, inline},
		{"steps[].aws.assumeRole.policyArns", "policy/One", "policy/Two", inline},
		{"steps[].aws.assumeRole.tags[].key", "key: one", "key: two", inline},
		{"steps[].aws.assumeRole.tags[].value", "value: tag1", "value: tag2", inline},
		{"steps[].aws.assumeRole.tags[].transitive", "value: tag1, transitive: false", "value: tag1, transitive: true", inline},
		{"steps[].aws.assumeRole.sourceIdentity", "sourceIdentity: one", "sourceIdentity: two", inline},
		{"steps[].aws.assumeRole.then[].arn", "role/then", "role/next", inline},
		{"steps[].aws.assumeRole.then[].sessionName", "sessionName: then1", "sessionName: then2", inline},
		{"steps[].aws.assumeRole.then[].duration", "duration: 1800", "duration: 1801", inline},
		{"steps[].aws.assumeRole.then[].externalId", "externalId: then1", "externalId: then2", inline},
		{"steps[].aws.assumeRole.then[].policy", `policy: '{"three": 3}'`, `policy: '{"four": 4}'`, inline},
		{"steps[].aws.assumeRole.then[].policyArns", "policy/Three", "policy/Four", inline},
		{"steps[].aws.assumeRole.then[].tags[].key", "key: three", "key: four", inline},
		{"steps[].aws.assumeRole.then[].tags[].value", "value: tag3", "value: tag4", inline},
		{"steps[].aws.assumeRole.then[].tags[].transitive", "value: tag3, transitive: false", "value: tag3, transitive: true", inline},
		{"steps[].aws.assumeRole.then[].sourceIdentity", `sourceIdentity: "#{V}"`, `sourceIdentity: ""`, inline},
		{"steps[].aws.region", "region: eu-west-1, assume", "region: eu-west-2, assume", inline},
		{"steps[].script.source", "source: inline", "source: package", inline},
		{"steps[].script.language", "language: bash", "language: powershell", inline},
		{"steps[].script.body", "body: echo", "body: printf", inline},
		{"steps[].script.package", "package: Stepdeck.Sample", "package: Other", packaged},
		{"steps[].script.version", "version: latest", "version: 9.9.9", packaged},
		{"steps[].script.folder", "folder: one", "folder: two", foldered},
		{"steps[].script.file", "file: scripts/fill-bucket.sh", "file: lib/aws.sh", packaged},
		{"steps[].script.parameters", "parameters: one", "parameters: two", packaged},
		{"steps[].script.arguments[].name", "name: days", "name: hours", inline},
		{"steps[].script.arguments[].value", "value: seven", "value: eight", inline},
		{"steps[].script.arguments[].as", "as: text", "as: list", inline},
		{"steps[].script.packages[].name", "name: Tools", "name: Kit", packaged},
		{"steps[].script.packages[].id", "id: Stepdeck.Sample", "id: Other", packaged},
		{"steps[].script.packages[].version", `version: "1.0.0"`, "version: 9.9.9", packaged},
		{"steps[].script.packages[].extract", "extract: true", "extract: false", packaged},
		{"steps[].values[].prompt.choices.of", "of: bucket", "of: stack", asked},
		{"steps[].values[].prompt.choices.command", "list-tables", "list-backups", asked},
		{"steps[].values[].prompt.choices.query", "query: one", "query: two", asked},
		{"steps[].options.timeout", "timeout: 1m", "timeout: 2m", inline},
		{"steps[].options.conditionExpression", `condition: success, conditionExpression: ""`,
			`condition: variable, conditionExpression: "#{V}"`, inline},
	}
	numbers := map[string][]string{"retries": {"0", "3"}, "retryPause": {"1s", "2s"}}
	var options []string
	for _, f := range document.Fields() {
		name, isOption := strings.CutPrefix(f.Path, "steps[].options.")
		if !isOption || f.Mark != document.Honoured || name == "timeout" || name == "conditionExpression" {
			continue
		}
		words := f.Words
		if number, isNumber := numbers[name]; isNumber {
			words = number
		}
		if words == nil {
			words = []string{"false", "true"}
		}
		key := ", " + name + ": "
		table = append(table, struct{ path, usual, other, in string }{f.Path, key + words[0], key + words[len(words)-1], inline})
		options = append(options, ", "+name+": "+words[0])
		if name == "condition" {
			options = append(options, `, conditionExpression: ""`)
		}
	}
	files := map[string]string{
		inline: sandboxed + `steps:
  - name: S
    enabled: true
    values:
      - {name: V, type: text, value: one}
      - {name: own, type: aws-account, value: Sandbox}
      - {name: P, prompt: {required: false}}
    environment: [{name: TIER, value: web, sensitive: false}]
    aws: {account: own, expect: "111111111111",
      region: eu-west-1, assumeRole: {arn: "arn:aws:iam::000000000000:role/a", sessionName: one, duration: 900, externalId: one,
        policy: '{"one": 1}', policyArns: ["arn:aws:iam::aws:policy/One"], tags: [{key: one, value: tag1, transitive: false}],
        sourceIdentity: one, then: [{arn: "arn:aws:iam::000000000000:role/then", sessionName: then1, duration: 1800, externalId: then1,
        policy: '{"three": 3}', policyArns: ["arn:aws:iam::aws:policy/Three"], tags: [{key: three, value: tag3, transitive: false}],
        sourceIdentity: "#{V}"}]}}
    script: {source: inline, language: bash, body: echo, package: Stepdeck.Sample, file: lib/aws.sh,
      arguments: [{name: days, value: seven, as: text}]}
    options: {timeout: 1m` + strings.Join(options, "") + `}
`,
		packaged: plain + `steps:
  - name: S
    aws: {account: none}
    script: {source: package, package: Stepdeck.Sample, version: latest, file: scripts/fill-bucket.sh, parameters: one,
      packages: [{name: Tools, id: Stepdeck.Sample, version: "1.0.0", extract: true}]}
`,
		foldered: plain + `steps:
  - name: S
    aws: {account: none}
    script: {source: folder, folder: one, file: run.sh}
`,
		asked: plain + `steps:
  - name: S
    values:
      - {name: V, prompt: {label: One, help: one, control: text}}
      - {name: W, prompt: {control: select, options: [a, b], labels: [A, B]}}
      - {name: N, prompt: {control: number, min: "1", max: "5"}}
      - {name: B, prompt: {choices: {of: bucket}}}
      - {name: T, prompt: {choices: {of: command, command: [dynamodb, list-tables], query: one}}}
    aws: {account: none}
    script: {source: inline, language: bash, body: echo}
`,
	}
	covered := map[string]bool{}
	d := newDesk(t)
	d.ok("package", "import", "../assets/sample/Stepdeck.Sample.1.0.0.nupkg")
	d.file("one/run.sh", "echo same")
	d.file("two/run.sh", "echo same")
	show := func(text string, question bool) string {
		d.ok("import", "--yes", d.file("p.stepdeck", strings.ReplaceAll(text, "type: sensitive, value: one", "type: sensitive")))
		if question { // what only a question at the run shows
			questions, _, _ := strings.Cut("\n"+d.atTerminal("y\n.\n\n\n\n\n", "run", "P").err, "\nRun ")
			return questions
		}
		r := d.run("run", "P", "--preview", "--json")
		return r.out + r.err
	}
	for _, row := range table {
		covered[row.path] = true
		text := files[row.in]
		if strings.Count(text, row.usual) != 1 {
			t.Fatalf("%s: %q stands %d times in the file", row.path, row.usual, strings.Count(text, row.usual))
		}
		if show(text, row.in == asked) == show(strings.Replace(text, row.usual, row.other, 1), row.in == asked) {
			t.Errorf("%s: run --preview --json is the same for %q and %q (runner/engine/plan.go, command/previewrecord.go)",
				row.path, row.usual, row.other)
		}
	}
	for _, f := range document.Fields() {
		if f.Mark == document.Honoured && strings.HasPrefix(f.Path, "steps[].") && !covered[f.Path] {
			t.Errorf("%s is not in this test's table", f.Path)
		}
	}
}

func TestImportAndExport(t *testing.T) {
	d := newDesk(t)
	d.project(sandboxed + "steps:\n" + bash("A", "echo a") + bash("B", "echo b"))
	first := d.ok("export", "P").out
	if strings.Contains(first, "secretKey") {
		t.Errorf("the export tells of secrets:\n%s", first)
	}
	other := newDesk(t)
	other.ok("import", "--yes", other.file("p.stepdeck", first))
	if again := other.ok("export", "P").out; again != first {
		t.Errorf("exported again it is\n%s\nnot\n%s", again, first)
	}
	other.ok("run", "P").prints("a\nb\n")
	// What is not in the file goes, and is named first; a dry run changes nothing.
	less := other.file("less.stepdeck", sandboxed+"steps:\n"+bash("A", "echo changed"))
	other.ok("import", "--dry-run", less).says(`step "B" will be removed`, `step "A" changes`)
	other.ok("run", "P").prints("a\nb\n")
	other.run("import", less).wants(2).says("--yes")
	other.ok("import", "--yes", less)
	other.ok("run", "P").prints("changed\n")
	// A bad file changes nothing and says where; an account is never turned into another.
	bad := other.file("bad.stepdeck", "stepdeck: 1\nproject: P\nstep: []\n")
	other.run("import", "--yes", bad).wants(2).says("bad.stepdeck:3:1", `"steps"`)
	conflict := other.file("else.stepdeck",
		"stepdeck: 1\nproject: Q\naccounts: [{name: sandbox, accessKeyId: AKIAOTHEROTHEROTHER1}]\n")
	other.run("import", "--yes", conflict).wants(2).says("already exists and is not the same")
	other.ok("projects", "list").says("P")
	if strings.Contains(other.ok("projects", "list").out, "Q") {
		t.Error("a refused import left its project")
	}
}

func TestHistory(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "variables:\n  - {name: V, value: first, prompt: {label: Value}}\nsteps:\n" +
		bash("S", "echo \"$(get_octopusvariable V) #{V}\"; echo warn >&2"))
	d.run("run", "P", "--set", "V=given").wants(0).prints("given given\n")
	d.ok("runs", "log", "1", "--level", "error").says("warn")
	if out := d.ok("runs", "log", "1", "--search", "GIVEN").out; !strings.Contains(out, "given given") || strings.Contains(out, "warn") {
		t.Errorf("searched log is %q", out)
	}
	d.ok("runs", "export", "1", "--format", "jsonl").says(`"type":"run"`, `"text":"given given"`)
	d.ok("runs", "show", "1").says("warning")
	// As it is now, with the answers of then; and exactly as it was.
	d.project(plain + "variables:\n  - {name: V, value: second, prompt: {label: Value}}\nsteps:\n" + bash("S", "echo new #{V}"))
	d.ok("runs", "again", "1").prints("new given\n")
	d.ok("runs", "again", "1", "--exactly").prints("given given\n")
	d.ok("runs", "keep", "1")
	d.ok("runs", "show", "1").says("kept")
	d.ok("runs", "delete", "2")
	d.run("runs", "show", "2").wants(2).says("no run 2")
	d.run("runs", "stop", "1").wants(2).says("already ended")
	d.run("runs", "show", "x").wants(2)
}

func TestAccounts(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00")
	d.ok("account", "add", "Play", "--endpoint", "sandbox")
	d.ok("account", "test", "Play").says("000000000000", "user/sandbox")
	d.ok("account", "list").says("Play", "instance-role", model.InstanceRoleTitle, "user/sandbox")
	d.run("account", "add", "Real", "--access-key", "AKIAIOSFODNN7EXAMPLE").wants(2).says("--secret-key-env")
	d.ok("account", "add", "Real", "--access-key", "AKIAIOSFODNN7EXAMPLE", "--secret-key-env", "KEY", "--endpoint", "http://127.0.0.1:9")
	d.run("account", "test", "Real").wants(1).says("127.0.0.1:9")
	d.run("account", "add", "real", "--access-key", "AKIAOTHEROTHEROTHER1", "--secret-key-env", "KEY").wants(2).
		says("already exists with --access-key", "AKIAIOSFODNN7EXAMPLE")
	d.run("account", "add", "Bad", "--access-key", "not a key", "--secret-key-env", "KEY").wants(2).says("not one of AWS's")
	d.run("account", "add", "none", "--access-key", "AKIAIOSFODNN7EXAMPLE", "--secret-key-env", "KEY").wants(2)
	d.ok("account", "remove", "Real")
	d.run("account", "remove", "instance-role").wants(2)
	d.project(strings.ReplaceAll(sandboxed, "Sandbox", "Play") + "steps:\n" + bash("S", "true"))
	d.run("account", "remove", "Play").wants(2).says("P")
	wantNoSecretText(t, d, "wJalrXUtnFEMI")
}

func wantNoSecretText(t *testing.T, d *desk, secret string) {
	t.Helper()
	r := d.ok("account", "list", "--json")
	if strings.Contains(r.out+r.err, secret) {
		t.Error("the list of accounts tells a secret")
	}
}

func TestInvalidArguments(t *testing.T) {
	d := newDesk(t)
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"rum", "P"}, `Did you mean "run"`},
		{[]string{"run"}, "the name of a project"},
		{[]string{"run", "Nothing"}, "no project"},
		{[]string{"run", "P", "--nonsense"}, "--nonsense"},
		{[]string{"runs", "dance"}, `no command "dance"`},
		{[]string{"package", "import", "/nonexistent.zip"}, "/nonexistent.zip"},
		{[]string{"import", "/nonexistent.stepdeck"}, "/nonexistent.stepdeck"},
		{[]string{"settings", "set", "tool.psh", "x"}, `Did you mean "tool.pwsh"`},
		{[]string{"settings", "set", "package.maxEntries", "many"}, "whole number"},
		{[]string{"aws-account", "set", "12"}, "twelve digits"},
		{[]string{"sandbox", "--port", "99999"}, "not a port"},
		{[]string{"sandbox", "--key-lifetime", "10ms"}, "--key-lifetime"},
		{[]string{"run", "P", "--verify"}, "--preview"},
	} {
		d.run(tt.args...).wants(2).says(tt.says)
	}
	d.ok("version").says("1.2.3")
	if v := d.ok("version", "--json").objects()[0]; v["commit"] != "abcdef" || fmt.Sprint(v["sqlite"]) == "" {
		t.Errorf("version is %v", v)
	}
	d.ok("schema").says("json-schema.org")
	d.ok("completion", "bash").says("stepdeck")
}
