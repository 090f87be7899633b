package model

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNameKeyFoldsEqualNames(t *testing.T) {
	same := [][2]string{
		{"Website", " website "}, {"STRASSE", "straße"}, {"e\u0301clair", "ÉCLAIR"}, {"ΣΊΣΥΦΟΣ", "σίσυφος"},
	}
	for _, pair := range same {
		if NameKey(pair[0]) != NameKey(pair[1]) {
			t.Errorf("%q and %q have different keys", pair[0], pair[1])
		}
	}
	if long := NameKey("ſé"); NameKey(" AZ~@[`09 ") != "az~@[`09" || long != "sé" { // the quick way and the long one
		t.Errorf("%q", long)
	}
	if NameKey("a b") == NameKey("ab") {
		t.Error("inner spaces must count")
	}
}

func TestCheckName(t *testing.T) {
	for name, wants := range map[string]string{
		"Website": "", "日本 – x": "", "": "name.empty", "  ": "name.empty", "a\tb": "name.control", "a\u202eb": "name.control",
		"a\u200bb": "name.control", "a\ufeff": "name.control", "क्\u200dष": "",
		"None": "name.reserved", "instance-role": "name.reserved", " SANDBOX ": "", "a\xff": "name.encoding",
		strings.Repeat("é", MaxName): "", strings.Repeat("é", MaxName+1): "name.long",
	} {
		if got := ErrorCode(CheckName("step", name)); got != wants {
			t.Errorf("CheckName(%q) = %q, want %q", name, got, wants)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"Website", "aws.account", "Rotate"}
	for typed, wants := range map[string]string{"websit": "Website", "AWS.Acount": "aws.account", "Rotat": "Rotate", "zzzzzzzzz": ""} {
		if got := Nearest(typed, names); got != wants {
			t.Errorf("Nearest(%q) = %q, want %q", typed, got, wants)
		}
	}
}

func TestErrorMatchesByCode(t *testing.T) {
	cause := errors.New("disk full")
	err := error(NewError("store.full", "No room in %s. Free some.", "/data").Because(cause))
	if !errors.Is(err, cause) || !errors.Is(err, WithCode("store.full")) || errors.Is(err, WithCode("other")) {
		t.Errorf("%v does not match as it should", err)
	}
	if got := err.Error(); got != "No room in /data. Free some. (disk full)" {
		t.Errorf("Error() = %q", got)
	}
}

func TestAccountCheck(t *testing.T) {
	good := Account{Name: "Sandbox", Kind: KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE", Region: "eu-west-1"}
	tests := map[string]struct {
		change func(*Account)
		field  string
	}{
		"complete":                          {func(*Account) {}, ""},
		"no key":                            {func(a *Account) { a.AccessKeyID = "" }, "accessKeyId"},
		"no key in the sandbox":             {func(a *Account) { a.AccessKeyID, a.Endpoint = "", "sandbox" }, ""},
		"a secret pasted as key":            {func(a *Account) { a.AccessKeyID = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }, "accessKeyId"},
		"an MFA device":                     {func(a *Account) { a.MFADevice = "arn:aws:iam::123456789012:mfa/ana" }, ""},
		"a serial number":                   {func(a *Account) { a.MFADevice = "GAHT12345678" }, ""},
		"an MFA code as device":             {func(a *Account) { a.MFADevice = "123 456" }, "mfaDevice"},
		"unknown kind":                      {func(a *Account) { a.Kind = "oidc" }, "kind"},
		"region":                            {func(a *Account) { a.Region = "Ireland" }, "region"},
		"endpoint on loopback":              {func(a *Account) { a.Endpoint = "http://127.0.0.1:4566" }, ""},
		"plain endpoint on another machine": {func(a *Account) { a.Endpoint = "http://192.168.1.1:4566" }, "endpoint"},
		"endpoint with a password":          {func(a *Account) { a.Endpoint = "https://u:p@host" }, "endpoint"},
		"endpoint that isn't a URL":         {func(a *Account) { a.Endpoint = "localhost:4566" }, "endpoint"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := good
			tt.change(&a)
			wantProblem(t, a.Check(), tt.field)
		})
	}
}

func TestAccountCheckByKind(t *testing.T) {
	good := map[AccountKind]Account{
		KindProfile: {Profile: "dev"},
		KindIdentityCenter: {StartURL: "https://d-1234567890.awsapps.com/start", SignInRegion: "eu-west-1", AWSID: "123456789012",
			RoleName: "ReadOnlyAccess"},
		KindConsole: {SignInRegion: "us-west-2"},
		KindProcess: {Process: `helper --profile "a b"`},
	}
	tests := []struct {
		kind   AccountKind
		name   string
		change func(*Account)
		field  string
	}{
		{KindProfile, "complete", func(*Account) {}, ""},
		{KindProfile, "no name", func(a *Account) { a.Profile = " " }, "profile"},
		{KindProfile, "two lines", func(a *Account) { a.Profile = "a\nb" }, "profile"},
		{KindProfile, "a key", func(a *Account) { a.AccessKeyID = "AKIAIOSFODNN7EXAMPLE" }, "accessKeyId"},
		{KindProfile, "the run's sandbox", func(a *Account) { a.Endpoint = Sandbox }, "endpoint"},
		{KindIdentityCenter, "complete", func(*Account) {}, ""},
		{KindIdentityCenter, "this computer", func(a *Account) { a.StartURL = "http://127.0.0.1:4566/start" }, ""},
		{KindIdentityCenter, "no start URL", func(a *Account) { a.StartURL = "" }, "startUrl"},
		{KindIdentityCenter, "plain http", func(a *Account) { a.StartURL = "http://example.com/start" }, "startUrl"},
		{KindIdentityCenter, "a password in the URL", func(a *Account) { a.StartURL = "https://u:p@example.com/start" }, "startUrl"},
		{KindIdentityCenter, "no region", func(a *Account) { a.SignInRegion = "" }, "signInRegion"},
		{KindIdentityCenter, "an alias as account", func(a *Account) { a.AWSID = "website" }, "awsAccount"},
		{KindIdentityCenter, "an ARN as role", func(a *Account) { a.RoleName = "arn:aws:iam::123456789012:role/x" }, "role"},
		{KindIdentityCenter, "no role", func(a *Account) { a.RoleName = "" }, "role"},
		{KindConsole, "complete", func(*Account) {}, ""},
		{KindConsole, "no region", func(a *Account) { a.SignInRegion = "" }, "signInRegion"},
		{KindConsole, "a city", func(a *Account) { a.SignInRegion = "Oregon" }, "signInRegion"},
		{KindConsole, "an expression", func(a *Account) { a.SignInRegion = "#{R}" }, "signInRegion"},
		{KindConsole, "a start URL", func(a *Account) { a.StartURL = "https://example.com" }, "startUrl"},
		{KindProcess, "complete", func(*Account) {}, ""},
		{KindProcess, "empty", func(a *Account) { a.Process = "" }, "process"},
		{KindProcess, "two lines", func(a *Account) { a.Process = "a\nb" }, "process"},
		{KindAccessKey, "a profile", func(a *Account) { a.AccessKeyID, a.Profile = "AKIAIOSFODNN7EXAMPLE", "dev" }, "profile"},
	}
	for _, tt := range tests {
		t.Run(string(tt.kind)+" "+tt.name, func(t *testing.T) {
			a := good[tt.kind]
			a.Name, a.Kind = "A", tt.kind
			tt.change(&a)
			wantProblem(t, a.Check(), tt.field)
			if tt.field != "" && tt.name == "a start URL" && a.OnlyOwnFields().Check() != nil {
				t.Error("OnlyOwnFields leaves a field of another kind")
			}
		})
	}
	for _, kind := range AccountKinds() {
		if _, ok := good[kind]; !ok && kind != KindAccessKey {
			t.Errorf("no account of kind %s is tested", kind)
		}
	}
}

// One sign-in serves all accounts of a portal; a console sign-in is the account's own.
func TestSignInKey(t *testing.T) {
	a := Account{ID: "1", Kind: KindIdentityCenter, StartURL: "https://Example.awsapps.com/start/#/", SignInRegion: "eu-west-1"}
	b := Account{ID: "2", Kind: KindIdentityCenter, StartURL: " https://example.awsapps.com/start", SignInRegion: "EU-west-1 ", RoleName: "x"}
	if a.SignInKey() != b.SignInKey() {
		t.Errorf("%q and %q", a.SignInKey(), b.SignInKey())
	}
	for _, account := range []Account{a, {ID: "1", Kind: KindConsole}} {
		elsewhere := account
		elsewhere.Endpoint = "https://example.com"
		if elsewhere.SignInKey() == account.SignInKey() {
			t.Errorf("another endpoint gets the tokens of %q", account.SignInKey())
		}
	}
	c, d := Account{ID: "1", Kind: KindConsole}, Account{ID: "2", Kind: KindConsole}
	keys := map[string]bool{a.SignInKey(): true, c.SignInKey(): true, d.SignInKey(): true}
	if len(keys) != 3 || (Account{Kind: KindAccessKey}).SignInKey() != "" {
		t.Errorf("keys are %v", keys)
	}
}

func TestProjectCheck(t *testing.T) {
	good := func() Project {
		step := NewStep("Who")
		step.AWS = StepAWS{Account: "aws.account", Region: "#{AWS.Region}"}
		step.Script.Body = "aws sts get-caller-identity"
		return Project{
			Name: "Website", Environments: []string{"Staging", "Production"},
			Variables: []Variable{
				{Name: "aws.account", Type: TypeAWSAccount, Value: "Sandbox"},
				{Name: "aws.account", Type: TypeAWSAccount, Value: InstanceRole, Scope: []string{"Production"}, Expect: "123456789012"},
				{Name: "AWS.Region", Type: TypeText, Value: "eu-west-1"},
			},
			Steps: []Step{step},
		}
	}
	role := &AssumeRole{ARN: "arn:aws:iam::123456789012:role/team/deployer", Duration: 3600}
	tests := map[string]struct {
		change func(*Project)
		field  string
	}{
		"complete":                   {func(*Project) {}, ""},
		"no name":                    {func(p *Project) { p.Name = "" }, "project"},
		"environment twice":          {func(p *Project) { p.Environments = append(p.Environments, "STAGING") }, "environments[2]"},
		"scope of another project":   {func(p *Project) { p.Variables[1].Scope = []string{"Test"} }, "variables[1].scope[0]"},
		"two values without scope":   {func(p *Project) { p.Variables[1].Scope = nil }, "variables[1].scope"},
		"two values in one scope":    {func(p *Project) { p.Variables[0].Scope = []string{"staging", "production"} }, "variables[1].scope"},
		"sensitive in plain text":    {func(p *Project) { p.Variables[2].Type = TypeSensitive }, "variables[2].value"},
		"unknown type":               {func(p *Project) { p.Variables[2].Type = "number" }, "variables[2].type"},
		"name that ends expressions": {func(p *Project) { p.Variables[2].Name = "a}b" }, "variables[2].name"},
		"expect on text":             {func(p *Project) { p.Variables[2].Expect = "123456789012" }, "variables[2].expect"},
		"select without options": {func(p *Project) {
			p.Variables[2].Prompt = &Prompt{Control: ControlSelect}
		}, "variables[2].prompt.options"},
		"step name twice":     {func(p *Project) { p.Steps = append(p.Steps, p.Steps[0]); p.Steps[1].Name = "WHO" }, "steps[1].name"},
		"no account":          {func(p *Project) { p.Steps[0].AWS.Account = "" }, "steps[0].aws.account"},
		"none without region": {func(p *Project) { p.Steps[0].AWS = StepAWS{Account: "None"} }, ""},
		"none with a role":    {func(p *Project) { p.Steps[0].AWS = StepAWS{Account: "none", AssumeRole: role} }, "steps[0].aws.assumeRole"},
		"no region":           {func(p *Project) { p.Steps[0].AWS.Region = "" }, "steps[0].aws.region"},
		"role":                {func(p *Project) { p.Steps[0].AWS.AssumeRole = role }, ""},
		"role that is a user": {func(p *Project) { p.Steps[0].AWS.AssumeRole = &AssumeRole{ARN: "arn:aws:iam::123456789012:user/ana"} },
			"steps[0].aws.assumeRole.arn"},
		"session too short": {func(p *Project) { r := *role; r.Duration = 60; p.Steps[0].AWS.AssumeRole = &r },
			"steps[0].aws.assumeRole.duration"},
		"session name with blanks": {func(p *Project) { r := *role; r.SessionName = "my session"; p.Steps[0].AWS.AssumeRole = &r },
			"steps[0].aws.assumeRole.sessionName"},
		"policy": {func(p *Project) { r := *role; r.Policy = "allow"; p.Steps[0].AWS.AssumeRole = &r },
			"steps[0].aws.assumeRole.policy"},
		"no script":   {func(p *Project) { p.Steps[0].Script.Body = " \n" }, "steps[0].script.body"},
		"python":      {func(p *Project) { p.Steps[0].Script.Language = Python }, ""},
		"perl":        {func(p *Project) { p.Steps[0].Script.Language = "perl" }, "steps[0].script.language"},
		"python file": {func(p *Project) { p.Steps[0].Script = Script{Source: SourceFolder, Folder: "/a", File: "a.PY"} }, ""},
		"perl file": {func(p *Project) { p.Steps[0].Script = Script{Source: SourceFolder, Folder: "/a", File: "a.pl"} },
			"steps[0].script.file"},
		"folder missing": {func(p *Project) { p.Steps[0].Script = Script{Source: SourceFolder, File: "a.sh"} },
			"steps[0].script.folder"},
		"folder with a line break": {func(p *Project) { p.Steps[0].Script = Script{Source: SourceFolder, Folder: "/a\nb", File: "a.sh"} },
			"steps[0].script.folder"},
		"folder without a file":   {func(p *Project) { p.Steps[0].Script = Script{Source: SourceFolder, Folder: "/a"} }, "steps[0].script.file"},
		"folder of an expression": {func(p *Project) { p.Steps[0].Script = Script{Source: SourceFolder, Folder: "/a/#{B}", File: "a.sh"} }, ""},
		"package without a file": {func(p *Project) {
			p.Steps[0].Script = Script{Source: SourcePackage, Package: "Acme.Scripts"}
		}, "steps[0].script.file"},
		"package with a file of unknown language": {func(p *Project) {
			p.Steps[0].Script = Script{Source: SourcePackage, Package: "Acme.Scripts", File: "read.me"}
		}, "steps[0].script.file"},
		"negative timeout":          {func(p *Project) { p.Steps[0].Options.Timeout = -time.Second }, "steps[0].options.timeout"},
		"start with the previous":   {func(p *Project) { p.Steps[0].Options.Start = StartWithPrevious }, ""},
		"start of another word":     {func(p *Project) { p.Steps[0].Options.Start = "now" }, "steps[0].options.start"},
		"condition always":          {func(p *Project) { p.Steps[0].Options.Condition = ConditionAlways }, ""},
		"condition of another word": {func(p *Project) { p.Steps[0].Options.Condition = "never" }, "steps[0].options.condition"},
		"condition by an expression": {func(p *Project) {
			p.Steps[0].Options.Condition, p.Steps[0].Options.ConditionExpression = ConditionVariable, "#{Deploy}"
		}, ""},
		"condition without its expression": {func(p *Project) { p.Steps[0].Options.Condition = ConditionVariable },
			"steps[0].options.conditionExpression"},
		"retries":          {func(p *Project) { p.Steps[0].Options.Retries = MaxRetries }, ""},
		"too many retries": {func(p *Project) { p.Steps[0].Options.Retries = MaxRetries + 1 }, "steps[0].options.retries"},
		"negative retries": {func(p *Project) { p.Steps[0].Options.Retries = -1 }, "steps[0].options.retries"},
		"negative pause":   {func(p *Project) { p.Steps[0].Options.RetryPause = -time.Second }, "steps[0].options.retryPause"},
		"expression that nothing reads": {func(p *Project) { p.Steps[0].Options.ConditionExpression = "#{Deploy}" },
			"steps[0].options.conditionExpression"},
		"fresh credentials": {func(p *Project) { p.Steps[0].Options.FreshCredentials = "yes" }, "steps[0].options.freshCredentials"},
		"required":          {func(p *Project) { p.Steps[0].Options.Required = true }, ""},
		"leave background":  {func(p *Project) { p.Steps[0].Options.LeaveBackground = true }, ""},
		"value with a scope": {func(p *Project) {
			p.Steps[0].Values = []Variable{{Name: "a", Type: TypeText, Scope: []string{"Staging"}}}
		}, "steps[0].values[0].scope"},
		"two values of a name": {func(p *Project) {
			p.Steps[0].Values = []Variable{{Name: "a", Type: TypeText}, {Name: "A", Type: TypeText}}
		}, "steps[0].values[1].name"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := good()
			tt.change(&p)
			wantProblem(t, p.Check(), tt.field)
		})
	}
}

func wantProblem(t *testing.T, got []Problem, field string) {
	t.Helper()
	switch {
	case field == "" && len(got) > 0:
		t.Errorf("unexpected problem at %s: %v", got[0].Field, got[0].Err)
	case field != "" && len(got) != 1:
		t.Errorf("want one problem at %s, got %v", field, got)
	case field != "" && got[0].Field != field:
		t.Errorf("the problem is at %s, want %s: %v", got[0].Field, field, got[0].Err)
	}
	for _, p := range got {
		if ErrorCode(p.Err) == "" {
			t.Errorf("%s: %v is not a model.Error", p.Field, p.Err)
		}
	}
}

func TestRegionsOfEveryPartitionPass(t *testing.T) {
	for _, code := range []string{"eu-west-1", "us-gov-east-1", "cn-north-1", "us-iso-east-1", "us-isob-east-1", "eusc-de-east-1",
		"ap-southeast-7", "", "#{AWS.Region}", " eu-west-1 "} {
		if err := CheckRegion(code); err != nil {
			t.Errorf("%q: %v", code, err)
		}
	}
	for _, code := range []string{"EU-West-1", "Ireland", "eu_west_1", "eu-west", "eu-west-1a", "eu-west-1;x"} {
		if CheckRegion(code) == nil {
			t.Errorf("%q passed", code)
		}
	}
}

func TestVariableAppliesTo(t *testing.T) {
	scoped := Variable{Scope: []string{"Staging"}}
	if !scoped.AppliesTo("STAGING") || scoped.AppliesTo("Production") || scoped.AppliesTo("") || !(Variable{}).AppliesTo("") {
		t.Error("scope is not honoured")
	}
}

func TestAWSAccountMatches(t *testing.T) {
	a := AWSAccount{ID: "123456789012", Label: "Website-prod"}
	for typed, wants := range map[string]bool{"123456789012": true, " website-PROD ": true, "": false, "Website": false,
		"12345678901": false} {
		if a.Matches(typed) != wants {
			t.Errorf("Matches(%q) is not %v", typed, wants)
		}
	}
	if (AWSAccount{ID: "123456789012"}).Matches("") {
		t.Error("an account without a label matches an empty text")
	}
}

func TestVariableKey(t *testing.T) {
	v := Variable{Name: "Grüße", Scope: []string{"Staging", "Production"}}
	for name, tt := range map[string]struct {
		other Variable
		same  bool
	}{
		"itself":                      {v, true},
		"another order":               {Variable{Name: "Grüße", Scope: []string{"Production", "Staging"}}, true},
		"case and blanks":             {Variable{Name: " GRÜSSE ", Scope: []string{"PRODUCTION", " staging"}}, true},
		"not composed":                {Variable{Name: "Gru\u0308ße", Scope: []string{"Staging", "Production"}}, true},
		"the same environment twice":  {Variable{Name: "Grüße", Scope: []string{"Staging", "Production", "staging"}}, true},
		"another value":               {Variable{Name: "Grüße", Value: "x", Type: TypeSensitive, Scope: v.Scope}, true},
		"fewer environments":          {Variable{Name: "Grüße", Scope: []string{"Staging"}}, false},
		"no scope":                    {Variable{Name: "Grüße"}, false},
		"another name":                {Variable{Name: "Grusse", Scope: v.Scope}, false},
		"name and scope run together": {Variable{Name: "GrüßeStaging", Scope: []string{"Production"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tt.other.Key() == v.Key(); got != tt.same {
				t.Errorf("%+v and %+v have the same key: %v", v, tt.other, got)
			}
		})
	}
}

// What an import must not change in an account that exists, whatever its kind.
func TestDifferentFields(t *testing.T) {
	one := Account{
		Name: "A", Kind: KindIdentityCenter, AccessKeyID: "k", MFADevice: "m", Profile: "p", StartURL: "s", SignInRegion: "r", AWSID: "1",
		RoleName: "n", Process: "c", Endpoint: "e",
	}
	if keys := one.DifferentFields(one); len(keys) != 0 {
		t.Errorf("from itself it differs by %q", keys)
	}
	for _, f := range one.kindFields() {
		before := *f.value
		other := one
		*f.value = before + "x"
		if keys := other.DifferentFields(one); len(keys) != 1 || keys[0] != f.key || !strings.Contains(one.Identity(), before+"x") {
			t.Errorf("%s: differs by %q, %s", f.key, keys, one.Identity())
		}
		*f.value = before
	}
	box := Account{Kind: KindAccessKey, AccessKeyID: "AKIA", Endpoint: Sandbox}
	if keys := box.DifferentFields(Account{Kind: KindAccessKey, Endpoint: Sandbox}); len(keys) != 0 {
		t.Errorf("a key made for the sandbox is different: %q", keys)
	}
	if keys := box.DifferentFields(Account{Kind: KindProfile}); len(keys) != 1 || keys[0] != "kind" {
		t.Errorf("another kind is %q", keys)
	}
}
