package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/command"
	"github.com/stepdeck/stepdeck/runner/engine"
)

var writeGolden = flag.Bool("write-golden", false, "write testdata/records.golden: only when a record gets another field")

// shapes maps each kind of record to its fields and their JSON types.
type shapes map[string]*shape

type shape struct {
	objects int
	fields  map[string]map[string]int // path, JSON type, how often
}

// take adds the records that a command printed. A record with a type is a kind of its own.
func (s shapes) take(t *testing.T, source, out string) {
	t.Helper()
	r := result{t: t, out: out}
	objects := r.objects()
	if len(objects) == 0 {
		t.Errorf("%s printed no record", source)
	}
	for _, o := range objects {
		name := source
		if kind, ok := o["type"].(string); ok {
			name += ": " + kind
		}
		s.add(name, o)
	}
}

func (s shapes) add(name string, value any) {
	if o, ok := value.(map[string]any); ok {
		if s[name] == nil {
			s[name] = &shape{fields: map[string]map[string]int{}}
		}
		s[name].objects++
		s[name].object("", o)
	}
}

func (s *shape) object(prefix string, o map[string]any) {
	for field, value := range o {
		s.value(prefix+field, value)
	}
}

func (s *shape) value(path string, value any) {
	kind := "null"
	switch value := value.(type) {
	case string:
		kind = "string"
	case bool:
		kind = "boolean"
	case float64:
		kind = "number"
	case map[string]any:
		kind = "object"
		s.object(path+".", value)
	case []any:
		kind = "array"
		for _, item := range value {
			s.value(path+"[]", item)
		}
	}
	if s.fields[path] == nil {
		s.fields[path] = map[string]int{}
	}
	s.fields[path][kind]++
}

// of returns how often the object that contains a path was seen.
func (s *shape) of(path string) (n int) {
	at := strings.LastIndex(path, ".")
	if at < 0 {
		return s.objects
	}
	return s.fields[path[:at]]["object"]
}

func (s shapes) String() string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintln(&text, name)
		for _, path := range slices.Sorted(maps.Keys(s[name].fields)) {
			seen := 0
			for _, n := range s[name].fields[path] {
				seen += n
			}
			sometimes := ""
			if seen < s[name].of(path) && !strings.HasSuffix(path, "[]") {
				sometimes = ", not always"
			}
			fmt.Fprintf(&text, "\t%s %s%s\n", path, strings.Join(slices.Sorted(maps.Keys(s[name].fields[path])), "|"), sometimes)
		}
	}
	return text.String()
}

// recordsProject has a step of each kind, and produces everything that a run can report.
const recordsProject = sandboxed + `  - {name: Password, type: sensitive, value: {env: PW}}
  - {name: Plain, value: x}
steps:
  - name: Role
    aws: {account: aws.account, region: eu-west-1, expect: "000000000000", assumeRole: {arn: "arn:aws:iam::000000000000:role/deployer",
      then: [{arn: "arn:aws:iam::000000000000:role/reader"}]}}
    script:
      language: bash
      body: |
        echo "#{Nope} $(get_octopusvariable Plain)"; echo two >&2
        set_octopusvariable Plain 5
        set_octopusvariable Secret "$(get_octopusvariable Password)"
        echo "##octopus[progress percentage='NTA=' message='SGFsZiBXYXk=']"
        write_highlight done; get_octopusvariable Password >kept; new_octopusartifact kept; new_octopusartifact none
        echo "##octopus[resultMessage message='ZG9uZQ==']"
  - name: Packaged
    aws: {account: none}
    script: {source: package, package: acme, version: '1.0', file: run.sh}
`

// deniedCall prints what a rehearsal lists.
const deniedCall = `echo 'An error occurred (AccessDenied) when calling the PutObject operation: User: arn:aws:sts::1:assumed-role/r/s ` +
	`is not authorized to perform: s3:PutObject on resource: "arn:b" because no session policy allows the s3:PutObject action'`

// recorded is what a command printed.
type recorded struct {
	command string
	schema  string // as stepdeck schema calls it
	out     string
}

// record runs all commands that print JSON.
func record(t *testing.T) (all []recorded) {
	t.Helper()
	d := newDesk(t)
	d.environ = append(d.environ, "PW=swordfish-swordfish")
	d.file("scripts/run.sh", "echo folder\n")
	d.ok("package", "import", d.zipped("Acme.1.0.0.zip", "echo packaged"))
	d.project(recordsProject + inFolder("Folder", "./scripts", "run.sh") + bash("Fails", "exit 4") + bash("Skipped", ":"))
	d.project("stepdeck: 1\nproject: Leaves\nsteps:\n" + bash("S", "sleep 60 &"))
	d.project("stepdeck: 1\nproject: Refused\nsteps:\n" +
		strings.Replace(bash("S", "true"), "account: none", "account: nowhere, region: eu-west-1", 1))
	d.project(strings.Replace(sandboxed, "project: P", "project: Wrong", 1) + "steps:\n" +
		strings.Replace(bash("S", "true"), "account: none", `account: aws.account, region: eu-west-1, expect: "123456789012"`, 1))

	tried := strings.Replace(bash("S", deniedCall), "account: none", `account: aws.account, region: eu-west-1, assumeRole: `+
		`{arn: "arn:aws:iam::000000000000:role/reader"}`, 1)
	d.project(strings.Replace(sandboxed, "project: P", "project: Tried", 1) + "steps:\n" + tried)

	add := func(command, schema, out string) { all = append(all, recorded{command, schema, out}) }
	of := func(code int, schema, command string, args ...string) {
		add(command, schema, d.run(args...).wants(code).out)
	}
	of(4, "run", "run --json", "run", "P", "--json")
	of(4, "events", "run --events", "run", "P", "--events")
	of(0, "run", "run --json", "run", "Leaves", "--json")
	of(3, "run", "run --json", "run", "Wrong", "--json")
	rehearse := []string{"run", "Tried", "--json", "--rehearse", "--rehearse-policy-arn", "arn:aws:iam::aws:policy/AmazonS3FullAccess"}
	of(0, "run", "run --json", rehearse...)
	of(0, "preview", "run --preview --json", append(rehearse, "--preview")...)
	of(0, "runs", "runs show --json", "runs", "show", "5", "--json")
	for _, project := range []string{"P", "Refused", "Wrong"} {
		code := map[bool]int{true: 3}[project == "Refused"]
		of(code, "preview", "run --preview --json", "run", project, "--preview", "--json")
	}
	for _, project := range []string{"P", "Wrong"} {
		code := map[bool]int{true: 3}[project == "Wrong"]
		of(code, "preview", "run --preview --verify --json", "run", project, "--preview", "--verify", "--json")
	}
	of(0, "runs", "runs list --json", "runs", "list", "--json")
	of(0, "runs", "runs show --json", "runs", "show", "1", "--json")
	of(0, "artifacts", "runs artifacts --json", "runs", "artifacts", "1", "--json")
	of(0, "export", "runs export --format jsonl", "runs", "export", "1", "--format", "jsonl")
	d.withAWS(`echo '[["a","One"]]'`)
	d.project(choosing)
	of(0, "choices", "choices --json", "choices", "Choosing", "Bucket", "--json")
	d.ok("settings", "set", "tool.aws", "")
	of(0, "projects", "projects list --json", "projects", "list", "--json")
	of(0, "accounts", "account list --json", "account", "list", "--json")
	d.signedIn(of)
	d.ok("aws-account", "set", "123456789012", "--label", "Website-prod", "--colour", "red", "--protected")
	of(0, "aws-accounts", "aws-account list --json", "aws-account", "list", "--json")
	template := d.file("template.json", `{"Name":"T","ActionType":"Octopus.Script",
		"Properties":{"Octopus.Action.Script.ScriptBody":"$OctopusReleaseNumber"},
		"Parameters":[{"Name":"P","DisplaySettings":{"Octopus.ControlType":"Sensitive"}}]}`)
	of(0, "import", "import --json", "import", "--json", "--dry-run", template)
	of(0, "settings", "settings list --json", "settings", "list", "--json")
	of(0, "packages", "package list --json", "package", "list", "--json")
	of(0, "package-files", "package files --json", "package", "files", "acme", "--json")
	add("doctor --json", "doctor", d.run("doctor", "--json").out)
	of(0, "version", "version --json", "version", "--json")
	add("version --check --json", "update", d.newest())
	record, _ := d.sandboxed()
	add("sandbox", "sandbox", record)
	in := "nonsense\n" + `{"type":"dance"}` + "\n"
	add("run --events", "events", d.output(in, "run", "Leaves", "--events"))
	add("run --events", "events", d.output("", "run", "Leaves", "--events", "--secrets-stdin"))
	return all
}

// signedIn runs the commands that need a sign-in or profiles.
func (d *desk) signedIn(of func(code int, schema, command string, args ...string)) {
	d.t.Helper()
	c := newCloud(d.t)
	d.addPortal(c, "Team", "ReadOnlyAccess")
	d.addConsole(c, "Mine")
	for _, name := range []string{"Team", "Mine"} {
		d.inBrowser(c, nil, "account", "login", name).wants(0)
	}
	d.addConsole(c, "Nobody")
	d.project("stepdeck: 1\nproject: Waits\nvariables:\n  - {name: who, type: aws-account, value: Nobody}\nsteps:\n" +
		strings.Replace(bash("S", "true"), "account: none", "account: who, region: eu-west-1", 1))
	of(3, "run", "run --json", "run", "Waits", "--json", "--sign-in-wait", "1ms")
	of(3, "events", "run --events", "run", "Waits", "--events", "--sign-in-wait", "1ms")
	d.environ = append(d.environ, "AWS_CONFIG_FILE="+d.file("aws-config", "[profile dev]\nregion = eu-west-1\ncredential_process = x\n"))
	of(0, "sign-ins", "account sign-ins --json", "account", "sign-ins", "--json")
	of(0, "profiles", "account profiles --json", "account", "profiles", "--json")
	of(0, "portal-roles", "account roles --json", "account", "roles", "Team", "--json")
}

// newest returns what `version --check --json` prints.
func (d *desk) newest() string {
	d.t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"tag_name":"v2.0.0","html_url":"https://github.com/stepdeck/stepdeck/releases/tag/v2.0.0"}`)
	}))
	defer server.Close()
	var out bytes.Buffer
	world := command.IO{Out: &out, Err: &bytes.Buffer{}, Updates: settings.Updates{URL: server.URL, Client: server.Client()}}
	command.Main(d.t.Context(), world, []string{"version", "--check", "--json"}, "1.0.0", "")
	return out.String()
}

// sandboxed returns what `sandbox` prints to standard output and error.
func (d *desk) sandboxed() (record, told string) {
	d.t.Helper()
	ctx, cancel := context.WithCancel(d.t.Context())
	out, errs := &untilWritten{cancel: cancel}, &bytes.Buffer{}
	command.Main(ctx, command.IO{Out: out, Err: errs, Environ: d.environ}, []string{"sandbox"}, "1.2.3", "")
	return out.String(), errs.String()
}

func TestTheSandboxSaysHowToTryEachRole(t *testing.T) {
	d := newDesk(t)
	var s struct{ Endpoint, MetadataEndpoint string }
	record, told := d.sandboxed()
	if err := json.Unmarshal([]byte(record), &s); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Instance: AWS_EC2_METADATA_SERVICE_ENDPOINT=" + s.MetadataEndpoint + " AWS_ENDPOINT_URL=" + s.Endpoint,
		"role/partner with the external ID stepdeck\n", "arn:aws:iam::111111111111:role/deployer\n",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not in\n%s", want, told)
		}
	}
}

type untilWritten struct {
	bytes.Buffer
	cancel context.CancelFunc
}

func (w *untilWritten) Write(p []byte) (int, error) {
	w.cancel()
	return w.Buffer.Write(p)
}

// output returns what a command prints that reads in.
func (d *desk) output(in string, args ...string) string {
	d.t.Helper()
	var out bytes.Buffer
	command.Main(d.t.Context(), command.IO{In: strings.NewReader(in), Out: &out, Err: &bytes.Buffer{}, Environ: d.environ}, args, "1.2.3",
		"abcdef")
	return out.String()
}

// Other people's scripts read these records: no field goes away or changes its type.
func TestRecords(t *testing.T) {
	requireTool(t, "bash")
	all := record(t)
	t.Run("come from each command", func(t *testing.T) { wantEach(t, all) })
	t.Run("keep their fields", func(t *testing.T) {
		s := shapes{}
		for _, r := range all {
			s.take(t, r.command, r.out)
		}
		s.matches(t, filepath.Join("testdata", "records.golden"))
	})
	t.Run("are as their schema says", func(t *testing.T) {
		d := newDesk(t)
		for _, r := range all {
			d.valid(r.schema, r.out)
		}
		secrets := engine.Secrets{MasterKey: []byte{1}, Given: []engine.GivenRecord{{Name: "a", Value: []byte("b")}}}
		d.valid("commands", commandsOf(t, secrets, engine.Stop{}, engine.Kill{}))
		d.valid("commands", commandsOf(t, engine.Secrets{}))
	})
}

// wantEach fails for a command with --json, or a schema, of which there is no record.
func wantEach(t *testing.T, all []recorded) {
	t.Helper()
	for _, path := range command.JSONCommands() {
		if !slices.ContainsFunc(all, func(r recorded) bool { return r.command == path+" --json" }) {
			t.Errorf("record doesn't run %q: add it there, then: go test ./command -run Records -write-golden", path+" --json")
		}
	}
	for _, name := range command.SchemaNames() {
		const readNotPrinted = "commands" // valid is given them by the test
		if name != readNotPrinted && !slices.ContainsFunc(all, func(r recorded) bool { return r.schema == name }) {
			t.Errorf("record runs nothing of the schema %q: add a command that prints it", name)
		}
	}
}

func (s shapes) matches(t *testing.T, golden string) {
	t.Helper()
	got := s.String()
	if *writeGolden {
		must(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	if got != string(want) {
		gone, more := apart(string(want), got), apart(got, string(want))
		t.Errorf("records have other fields; if people's scripts can bear it, write %s again:\n"+
			"go test ./command -run Records -write-golden\ngone:\n%s\nnew:\n%s",
			golden, strings.Join(gone, "\n"), strings.Join(more, "\n"))
	}
}

// apart returns the lines of one golden text that are not in another, each with its record.
func apart(one, other string) (lines []string) {
	record := func(text string) (list []string) {
		name := ""
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "\t") {
				name = strings.TrimSpace(line)
			}
			list = append(list, name+" "+strings.TrimSpace(line))
		}
		return list
	}
	known := record(other)
	for _, line := range record(one) {
		if !slices.Contains(known, line) {
			lines = append(lines, line)
		}
	}
	return lines
}
