package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/goccy/go-yaml"
	"github.com/stepdeck/stepdeck/model"
)

// full returns a file in which every honoured field differs from its default.
func full() File {
	prompt := func() *model.Prompt {
		return &model.Prompt{Label: "How many", Help: "a number", Control: model.ControlSelect, Options: []string{"1", "2"},
			Labels: []string{"one", ""}, Required: true}
	}
	ranged := &model.Prompt{Control: model.ControlDate, Min: "2026-01-01", Max: "2026-12-31"}
	fromAWS := func() *model.Prompt {
		return &model.Prompt{Control: model.ControlText, Choices: &model.Choices{
			Of: model.ChooseCommand, Command: []string{"s3api", "list-buckets"}, Query: "Buckets[].Name"}}
	}
	step := model.Step{
		Name: "Roll the web tier", Enabled: false,
		Values: []model.Variable{
			{Name: "Tier", Type: model.TypeText, Value: "web", Prompt: prompt()},
			{Name: "step.account", Type: model.TypeAWSAccount, Value: "Sandbox", Expect: "012345678901"},
			{Name: "Own bucket", Type: model.TypeText, Prompt: fromAWS()},
		},
		EnvVars: []model.EnvVar{{Name: "TIER", Value: "#{Tier}"}, {Name: "TIER_TOKEN", Sensitive: true}},
		AWS: model.StepAWS{
			Account: "aws.account", Expect: "123456789012", Region: "#{AWS.Region}",
			AssumeRole: &model.AssumeRole{ARN: "arn:aws:iam::123456789012:role/deployer", SessionName: "night", Duration: 3600, ExternalID: "x-1",
				Policy: "{\n  \"Statement\": []\n}", PolicyARNs: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}, SourceIdentity: "me",
				Tags: []model.Tag{{Key: "Team", Value: "web", Transitive: true}, {Key: "Cost centre"}},
				Then: []model.AssumeRole{
					{ARN: "arn:aws:iam::210987654321:role/between", SessionName: "day", Tags: []model.Tag{{Key: "Step", Value: "2"}}},
					{ARN: "arn:aws:iam::210987654321:role/reader", Duration: 900, ExternalID: "x-2", Policy: "{}"},
				}},
		},
		Script: model.Script{
			Source: model.SourcePackage, Language: model.PowerShell, Body: "kept: text\n\n\tof: the # editor", Package: "Acme.Scripts",
			Version: "1.2.0", File: "tools/rotate.ps1",
			Arguments: []model.Argument{{Name: "Name", Value: "web 1\nweb 2", As: model.ArgumentList}},
			Packages:  []model.ScriptPackage{{Name: "Tools", Package: "Acme.Tools", Version: "1.0", Extract: true}, {Name: "Raw", Package: "R"}},
		},
		Options: model.Options{
			Timeout: 90 * time.Minute, Stderr: model.ErrorOutputFail, StopOnFirstFailure: true, Edition: model.EditionCore,
			FreshCredentials: model.FreshNever, Condition: model.ConditionSuccess, Start: model.StartAfterPrevious,
		},
	}
	return File{
		Project: model.Project{
			Name: "Website", Description: "Rolls: the \"web\" tier", Environments: []string{"Staging", "no"},
			Variables: []model.Variable{
				{Name: "aws.account", Type: model.TypeAWSAccount, Value: "Sandbox", Scope: []string{"Staging"}, Expect: "123456789012"},
				{Name: "Count", Type: model.TypeText, Value: "3", Prompt: prompt()},
				{Name: "Password", Type: model.TypeSensitive},
				{Name: "Day", Type: model.TypeText, Value: "2026-02-03", Prompt: ranged},
				{Name: "Bucket", Type: model.TypeText, Prompt: fromAWS()},
			},
			EnvVars: []model.EnvVar{{Name: "HTTPS_PROXY", Value: "http://proxy:3128"}},
			Steps:   []model.Step{step},
		},
		Accounts: []Account{{Account: model.Account{
			Name: "Sandbox", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE", Description: "for trying out", Region: "eu-west-1",
			Endpoint: "http://127.0.0.1:4566", MFADevice: "arn:aws:iam::123456789012:mfa/ana",
		}}, {Account: model.Account{Name: "Profile", Kind: model.KindProfile, Profile: "dev"}},
			{Account: model.Account{Name: "Portal", Kind: model.KindIdentityCenter, StartURL: "https://example.awsapps.com/start",
				SignInRegion: "eu-west-1", AWSID: "123456789012", RoleName: "ReadOnly"}},
			{Account: model.Account{Name: "Console", Kind: model.KindConsole, SignInRegion: "us-west-2"}},
			{Account: model.Account{Name: "Helper", Kind: model.KindProcess, Process: "helper --json"}}},
		Variables:  make([]Secret, 5),
		StepValues: [][]Secret{make([]Secret, 3)}, EnvVars: make([]Secret, 1), StepEnvVars: [][]Secret{make([]Secret, 2)},
	}
}

func TestFormatParseRoundTrip(t *testing.T) {
	want := full()
	text, err := Format(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse("full.stepdeck", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	same := reflect.DeepEqual(got.Project, want.Project) && reflect.DeepEqual(got.Accounts, want.Accounts) &&
		reflect.DeepEqual(got.Packages, want.Packages) &&
		reflect.DeepEqual(got.Variables, want.Variables) && reflect.DeepEqual(got.StepValues, want.StepValues) &&
		reflect.DeepEqual(got.EnvVars, want.EnvVars) && reflect.DeepEqual(got.StepEnvVars, want.StepEnvVars)
	if !same || len(got.Incomplete) > 0 {
		t.Errorf("came back as\n%+v\nwant\n%+v\nfile:\n%s", got, want, text)
	}
	checkSchema(t, text, true)
}

// Each honoured field changes the export; local ones don't.
func TestExportHoldsEveryHonouredField(t *testing.T) {
	whole := join(full())
	places := map[string][]any{} // pointers to the values of each path
	fileTable().walk("", &whole, func(f Field, pointer any) { places[f.Path] = append(places[f.Path], pointer) })
	base := exported(t, &whole)
	for _, field := range Fields() {
		switch {
		case field.Path == "accounts[].secretKey" || field.Path == "accounts[].sessionToken": // never exported
			field.Mark = Local
		case field.Path == "accounts[].verified" || strings.HasPrefix(field.Path, "awsAccounts[]"):
			continue // not in a File at all
		}
		differs := false
		for _, pointer := range places[field.Path] {
			undo, ok := change(pointer)
			if !ok {
				t.Fatalf("%s: a %T can't be changed", field.Path, pointer)
			}
			differs = differs || exported(t, &whole) != base
			undo()
		}
		if differs != (field.Mark != Local) {
			t.Errorf("%s (%s): changing it changes the export: %v", field.Path, field.Mark, differs)
		}
	}
}

func exported(t *testing.T, f *file) string {
	t.Helper()
	text, err := Format(f.split())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// change changes the value until undo is called.
func change(pointer any) (undo func(), ok bool) {
	v := reflect.ValueOf(pointer).Elem()
	before := reflect.New(v.Type()).Elem()
	before.Set(v)
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + int64(time.Minute))
	case reflect.Slice:
		v.Set(reflect.Append(v, reflect.ValueOf("more")))
	default:
		return nil, false
	}
	return func() { v.Set(before) }, true
}

// Every field of the model is declared in a table, once.
func TestTablesCoverTheModel(t *testing.T) {
	whole := join(full())
	var aws model.AWSAccount
	declared := map[any]string{}
	visit := func(f Field, pointer any) {
		if other := declared[pointer]; other != "" {
			t.Errorf("%s and %s are the same field", other, f.Path)
		}
		declared[pointer] = f.Path
	}
	fileTable().walk("", &whole, visit)
	awsAccountTable().walk("awsAccounts[].", &aws, visit)

	elsewhere := map[string]bool{
		"Project.Variables": true, "Project.Steps": true, "Step.Values": true, // walked as lists
		"Project.EnvVars": true, "Step.EnvVars": true,
		"Project.ID": true, "Account.ID": true, "Variable.ID": true, "Step.ID": true, "EnvVar.ID": true, // of this computer's database
		"Variable.ValueSet": true, "EnvVar.ValueSet": true, // of this computer's vault
	}
	var walk func(v reflect.Value, scoped bool)
	walk = func(v reflect.Value, scoped bool) {
		for i := range v.NumField() {
			name, f := v.Type().Name()+"."+v.Type().Field(i).Name, v.Field(i)
			_, isDeclared := declared[f.Addr().Interface()]
			switch {
			case isDeclared || elsewhere[name] || name == "Variable.Scope" && !scoped:
			case f.Kind() == reflect.Pointer && f.Type().Elem().Kind() == reflect.Struct:
				if !f.IsNil() {
					walk(f.Elem(), scoped)
				}
			case f.Kind() == reflect.Struct:
				walk(f, scoped)
			case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct:
				for j := range f.Len() {
					walk(f.Index(j), scoped)
				}
			default:
				t.Errorf("%s is in no table: add it in fields.go", name)
			}
		}
	}
	walk(reflect.ValueOf(&whole.project).Elem(), true)
	walk(reflect.ValueOf(&whole.accounts[0].Account).Elem(), true)
	walk(reflect.ValueOf(&aws).Elem(), true)
	for i := range whole.variables {
		walk(reflect.ValueOf(&whole.variables[i].Variable).Elem(), true)
	}
	for i := range whole.envVars {
		walk(reflect.ValueOf(&whole.envVars[i].EnvVar).Elem(), true)
	}
	for i := range whole.steps {
		walk(reflect.ValueOf(&whole.steps[i].Step).Elem(), true)
		for j := range whole.steps[i].values {
			walk(reflect.ValueOf(&whole.steps[i].values[j].Variable).Elem(), false)
		}
		for j := range whole.steps[i].envVars {
			walk(reflect.ValueOf(&whole.steps[i].envVars[j].EnvVar).Elem(), false)
		}
	}
}

func TestDocumentedExample(t *testing.T) {
	data, err := os.ReadFile("testdata/example.stepdeck")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse("example.stepdeck", data)
	if err != nil {
		t.Fatal(err)
	}
	if f.Accounts[0].SecretKey != (Secret{Env: "SANDBOX_SECRET_KEY"}) || f.Variables[4] != (Secret{Env: "APP_PASSWORD"}) {
		t.Errorf("secrets come from %+v and %+v", f.Accounts[0].SecretKey, f.Variables)
	}
	if got := f.Project.Steps[0].Options.Timeout; got != 10*time.Minute {
		t.Errorf("timeout %v", got)
	}
	if f.Project.Variables[1].Expect != "123456789012" || f.Project.Variables[3].Prompt.Label != "How many" {
		t.Errorf("variables are %+v", f.Project.Variables)
	}
	checkSchema(t, data, true)
}

func TestParseRejects(t *testing.T) {
	const head = "stepdeck: 1\nproject: P\n"
	step := head + "steps:\n  - name: S\n    aws: {account: none}\n"
	inline := "    script: {language: bash, body: 'true'}\n"
	tests := map[string]struct {
		text string
		want []string // parts of the error
	}{
		"empty":             {"", []string{"is empty"}},
		"only a comment":    {"# nothing", []string{"is empty"}},
		"not a mapping":     {"- a", []string{"f:1:1", "keys and values"}},
		"syntax":            {"stepdeck: 1\nproject: [", []string{"f:2:"}},
		"two documents":     {head + "---\n" + head, []string{"2 YAML documents"}},
		"newer format":      {"stepdeck: 2\nproject: P", []string{"f:1:", "format 1, not 2"}},
		"no version":        {"project: P", []string{"lacks the key \"stepdeck\""}},
		"no project":        {"stepdeck: 1", []string{"lacks the key \"project\""}},
		"unknown key":       {head + "step: []", []string{"f:3:1", `Did you mean "steps"`}},
		"key twice":         {head + "project: Q", []string{"f:3:1"}},
		"unknown inner key": {step + "    script: {lang: bash}", []string{"f:6:14", `"lang"`, "language"}},
		"unknown word":      {step + "    script: {language: perl, body: x}", []string{"f:6:", "perl"}},
		"folder outside":    {step + "    script: {source: folder, folder: ../x, file: a.sh}", []string{"f:6:", "out of this file's folder"}},
		"folder from the root": {step + "    script: {source: folder, folder: /srv/x, file: a.sh}",
			[]string{"f:6:", "out of this file's folder"}},
		"folder on a drive": {step + "    script: {source: folder, folder: 'C:\\x', file: a.sh}",
			[]string{"f:6:", "out of this file's folder"}},
		"folder by backslashes": {step + "    script: {source: folder, folder: 'a\\..\\..\\x', file: a.sh}",
			[]string{"f:6:", "out of this file's folder"}},
		"package of a script without a name": {step + "    script: {language: bash, body: x, packages: [{id: a}]}", []string{"f:6:", "name"}},
		"packages of a script with one folder": {
			step + "    script: {language: bash, body: x, packages: [{name: a, id: x}, {name: 'A:', id: y}]}", []string{"f:6:", "same folder"}},
		"package of a script that leads out": {step + "    script: {language: bash, body: x, packages: [{name: '..', id: x}]}",
			[]string{"f:6:", "name of a folder"}},
		"policy": {head + "steps:\n  - name: S\n    aws: {account: a, region: eu-west-1, assumeRole: {arn: 'arn:aws:iam::123456789012:role/r', " +
			"policy: allow}}\n" + inline, []string{"f:5:", "not JSON"}},
		"tag": {head + "steps:\n  - name: S\n    aws: {account: a, region: eu-west-1, assumeRole: {arn: 'arn:aws:iam::123456789012:role/r', " +
			"tags: [{key: 'a=b'}]}}\n" + inline, []string{"f:5:", "session tag"}},
		"condition":             {step + inline + "    options: {condition: never}", []string{"f:7:15", "never"}},
		"expression":            {step + inline + "    options: {conditionExpression: x}", []string{"f:7:", "remove the expression"}},
		"freshCredentials":      {step + inline + "    options: {freshCredentials: sometimes}", []string{"f:7:", "always"}},
		"leaveBackground":       {step + inline + "    options: {leaveBackground: perhaps}", []string{"f:7:", "true or false"}},
		"not a boolean":         {step + "    enabled: perhaps\n" + inline, []string{"f:6:", "true or false"}},
		"not a time":            {step + inline + "    options: {timeout: soon}", []string{"f:7:", "10m"}},
		"no language":           {step + "    script: {body: 'true'}", []string{"f:6:", "language"}},
		"unknown kind":          {head + "accounts:\n  - {name: A, kind: oidc}", []string{"f:4:", "oidc"}},
		"field of another kind": {head + "accounts:\n  - {name: A, kind: profile, profile: dev, process: helper}", []string{"f:4:", "process"}},
		"instance-role account": {head + "accounts:\n  - {name: A, kind: instance-role}", []string{"f:4:", "always exists"}},
		"secret in plain text": {head + "accounts:\n  - {name: A, accessKeyId: AKIAEXAMPLE, secretKey: hunter2hunter2}",
			[]string{"f:4:", "is not allowed"}},
		"sensitive in plain":   {head + "variables:\n  - {name: V, type: sensitive, value: hunter2}", []string{"f:4:", "is not allowed"}},
		"source of plain text": {head + "variables:\n  - {name: V, value: {env: X}}", []string{"f:4:", "only a sensitive variable"}},
		"env and file":         {head + "variables:\n  - {name: V, type: sensitive, value: {env: X, file: y}}", []string{"both"}},
		"file outside": {head + "variables:\n  - {name: V, type: sensitive, value: {file: ../../etc/passwd}}",
			[]string{"f:4:", "out of this file's folder"}},
		"package outside":    {head + "packages: [../x.zip]", []string{"f:3:", "out of this file's folder"}},
		"package on a drive": {head + "packages: ['C:\\x.zip']", []string{"out of this file's folder"}},
		"alias":              {head + "description: &a x\nvariables: [{name: *a}]", []string{"anchor"}},
		"scope unknown":      {head + "environments: [Staging]\nvariables:\n  - {name: V, value: x, scope: [Test]}", []string{"f:5:", "Test"}},
		"two values":         {head + "variables:\n  - {name: V, value: x}\n  - {name: v, value: y}", []string{"f:5:", "two values"}},
		"half of UTF-16":     {"\xff\xfes\x00t", []string{"UTF-8"}},
		"windows-1252":       {head + "description: gr\xfcn", []string{"UTF-8"}},
		"several at once":    {head + "step: []\nvariables:\n  - {name: V, typo: x}", []string{"f:3:1", "f:5:15"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("f", []byte(tt.text))
			if err == nil {
				t.Fatal("accepted")
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error contains the secret: %q", err)
			}
			if model.ErrorCode(err) == "" {
				t.Errorf("%v is not a model.Error", err)
			}
		})
	}
}

func TestDefaultsAreAccepted(t *testing.T) {
	f, err := Parse("f", []byte(`stepdeck: 1
project: P
steps:
  - name: S
    aws: {account: a, region: eu-west-1, assumeRole: {arn: "arn:aws:iam::123456789012:role/r", policy: ""}}
    script: {source: inline, language: bash, body: "true", folder: "", packages: []}
    options: {condition: success, required: false, freshCredentials: false, leaveBackground: false,
      isolateAwsConfig: true, edition: auto, stderr: warning, timeout: none}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := model.NewStep("S")
	want.AWS = model.StepAWS{Account: "a", Region: "eu-west-1", AssumeRole: &model.AssumeRole{ARN: "arn:aws:iam::123456789012:role/r"}}
	want.Script.Body = "true"
	if got := f.Project.Steps[0]; !reflect.DeepEqual(got, want) {
		t.Errorf("read as\n%+v\nwant\n%+v", got, want)
	}
}

func TestIncompleteStepsAreAccepted(t *testing.T) {
	f, err := Parse("f", []byte("stepdeck: 1\nproject: P\nsteps: [{name: S}]"))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Incomplete) == 0 || f.Incomplete[0].Field != "steps[0].aws.account" {
		t.Errorf("incomplete: %v", f.Incomplete)
	}
}

func checkSchema(t *testing.T, text []byte, valid bool) {
	t.Helper()
	raw, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("stepdeck.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("stepdeck.json")
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	inst, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(inst); (err == nil) != valid {
		t.Errorf("schema says valid: %v, want %v: %v", err == nil, valid, err)
	}
}

func TestSchemaRejectsUnknownKeys(t *testing.T) {
	checkSchema(t, []byte("stepdeck: 1\nproject: P\nstep: []"), false)
	checkSchema(t, []byte("stepdeck: 2\nproject: P"), false)
	checkSchema(t, []byte("stepdeck: 1\nproject: P\nsteps: [{name: S, options: {edition: other}}]"), false)
}

func FuzzTextsRoundTrip(f *testing.F) {
	for _, s := range []string{"", "a", "a\n", "a\nb", "a\nb\n", "a\n\nb", " a\nb", "a\r\nb", "no", "1e3", "null", "~", "- a", "a: b", "#x",
		"a #b", "\u2028", "a\n\tb\n", "\ta\nb", "a \nb", "---\na", "...", "a\n---\nb", "'", `"`, "\\", "{a}", "\u00a0a", "\x7f", "🚀\nx", "0x1F",
		"012", "a\n  b\n c", "%x", "@x", "`x", "!x", "&x", "*x", "|", ">", "a\n#b\nc"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ToValidUTF8(s, "") != s || strings.ContainsRune(s, 0) {
			t.Skip()
		}
		file := File{Project: model.Project{Name: "P", Description: s, Steps: []model.Step{{Name: "S", Enabled: true,
			AWS:     model.StepAWS{Account: "none"},
			Script:  model.Script{Source: model.SourceInline, Language: model.Bash, Body: s, Parameters: s},
			Options: model.DefaultOptions(),
		}}}}
		text, err := Format(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse("f", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		step := got.Project.Steps[0]
		if got.Project.Description != s || step.Script.Body != s || step.Script.Parameters != s {
			t.Errorf("%q came back as %q, %q, %q\n%s", s, got.Project.Description, step.Script.Body, step.Script.Parameters, text)
		}
	})
}

func FuzzParse(f *testing.F) {
	if data, err := os.ReadFile("testdata/example.stepdeck"); err == nil {
		f.Add(data)
	}
	f.Add([]byte("stepdeck: 1\nproject: {a: [b, &c d]}\nsteps: [[[x]]]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		stuck := time.AfterFunc(20*time.Second, func() { panic(fmt.Sprintf("no end: %q", data)) })
		defer stuck.Stop()
		file, err := Parse("f", data)
		if err != nil {
			if model.ErrorCode(err) == "" {
				t.Errorf("%v is not a model.Error", err)
			}
			return
		}
		if _, err := Format(file); err != nil {
			t.Errorf("what was read can't be written: %v", err)
		}
	})
}
