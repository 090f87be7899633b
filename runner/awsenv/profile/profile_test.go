package profile_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
)

// write creates the two files; an empty text leaves one out.
func write(t testing.TB, configuration, credentials string) profile.Files {
	t.Helper()
	dir := t.TempDir()
	f := profile.Files{Config: filepath.Join(dir, "config"), Credentials: filepath.Join(dir, "credentials")}
	for path, text := range map[string]string{f.Config: configuration, f.Credentials: credentials} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

const everyForm = `
[default]
region = eu-west-1
[profile role]
role_arn = arn:aws:iam::111111111111:role/deployer
source_profile = default
external_id = our/id
duration_seconds = 7200
role_session_name = me
region = eu-central-1
[profile chain]   ; a role of a role
role_arn = arn:aws:iam::222222222222:role/auditor
source_profile = role
mfa_serial = arn:aws:iam::000000000000:mfa/me
[profile process]
credential_process = "/opt/my tool" --account 12 --note "a # b"
[profile instance]
role_arn = arn:aws:iam::111111111111:role/deployer
credential_source = Ec2InstanceMetadata
[profile sign in]
sso_session = ours
sso_account_id = 111111111111
sso_role_name = Admin
region = us-east-2
[sso-session ours]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-north-1
sso_registration_scopes = sso:account:access
[profile old-sso]
sso_start_url = https://old.awsapps.com/start
sso_region = us-east-1
sso_account_id = 111111111111
sso_role_name = Reader
[profile login]
login_session = arn:aws:iam::111111111111:user/me
region = us-west-2
[profile above-login]
role_arn = arn:aws:iam::111111111111:role/deployer
source_profile = login
external_id = x1
[profile above-above-login]
role_arn = arn:aws:iam::111111111111:role/reader
source_profile = above-login
[profile token]
web_identity_token_file = /var/run/token
role_arn = arn:aws:iam::111111111111:role/pod
[profile above-token]
role_arn = arn:aws:iam::111111111111:role/deployer
source_profile = token
[profile own]
role_arn = arn:aws:iam::111111111111:role/deployer
source_profile = own
aws_access_key_id = AKIAOWN
aws_secret_access_key = own/secret
[profile keys-and-role]
role_arn = arn:aws:iam::111111111111:role/other
source_profile = default
aws_access_key_id = AKIAKAR
aws_secret_access_key = kar/secret
[profile above-keys-and-role]
role_arn = arn:aws:iam::111111111111:role/deployer
source_profile = keys-and-role
[profile sso-role]
sso_session = ours
sso_account_id = 111111111111
sso_role_name = Admin
role_arn = arn:aws:iam::111111111111:role/deployer
[profile local]
aws_access_key_id = AKIALOCAL
aws_secret_access_key = local/secret
endpoint_url = http://127.0.0.1:4566
[services x]
sts =
  endpoint_url = http://127.0.0.1:1
[plugins]
x = y
`

const keyFile = `
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = default/secret
[temporary]
aws_access_key_id = ASIATEMP
aws_secret_access_key = temporary/secret
aws_session_token = temporary/token
`

func TestResolve(t *testing.T) {
	f := write(t, everyForm, keyFile)
	const role = "arn:aws:iam::111111111111:role/"
	deployer := profile.Role{Profile: "role", ARN: role + "deployer", SessionName: "me", ExternalID: "our/id", Duration: 7200,
		Region: "eu-central-1"}
	aboveLogin := profile.Role{Profile: "above-login", ARN: role + "deployer", ExternalID: "x1"}
	static := profile.Source{Kind: profile.StaticKeys, Profile: "default", Region: "eu-west-1",
		Keys: profile.Keys{AccessKeyID: "AKIADEFAULT", SecretKey: "default/secret"}}
	login := profile.Source{Kind: profile.LoginSession, Profile: "login", Region: "us-west-2",
		LoginSession: "arn:aws:iam::111111111111:user/me"}
	token := profile.Source{Kind: profile.WebIdentity, Profile: "token",
		WebIdentity: profile.Token{File: "/var/run/token", RoleARN: role + "pod"}}
	ours := profile.SignIn{Session: "ours", StartURL: "https://example.awsapps.com/start", Region: "eu-north-1", AccountID: "111111111111",
		Role: "Admin"}
	old := profile.SignIn{StartURL: "https://old.awsapps.com/start", Region: "us-east-1", AccountID: "111111111111", Role: "Reader"}
	for name, want := range map[string]profile.Plan{
		"default": {Chain: []string{"default"}, Region: "eu-west-1", Source: static},
		"temporary": {Chain: []string{"temporary"}, Source: profile.Source{Kind: profile.StaticKeys, Profile: "temporary",
			Keys: profile.Keys{AccessKeyID: "ASIATEMP", SecretKey: "temporary/secret", SessionToken: "temporary/token"}}},
		"role": {Chain: []string{"role", "default"}, Region: "eu-central-1", Source: static, Roles: []profile.Role{deployer}},
		"chain": {Chain: []string{"chain", "role", "default"}, Source: static, Roles: []profile.Role{deployer,
			{Profile: "chain", ARN: "arn:aws:iam::222222222222:role/auditor", MFASerial: "arn:aws:iam::000000000000:mfa/me"}}},
		"process": {Chain: []string{"process"}, Source: profile.Source{Kind: profile.Process, Profile: "process",
			Process: `"/opt/my tool" --account 12 --note "a # b"`}},
		"instance": {Chain: []string{"instance"}, Source: profile.Source{Kind: profile.Surroundings, Profile: "instance",
			From: profile.FromInstance}, Roles: []profile.Role{{Profile: "instance", ARN: role + "deployer"}}},
		"sign in": {Chain: []string{"sign in"}, Region: "us-east-2", Source: profile.Source{Kind: profile.SSOSession, Profile: "sign in",
			Region: "us-east-2", SSO: ours}},
		"old-sso":     {Chain: []string{"old-sso"}, Source: profile.Source{Kind: profile.SSO, Profile: "old-sso", SSO: old}},
		"login":       {Chain: []string{"login"}, Region: "us-west-2", Source: login},
		"above-login": {Chain: []string{"above-login", "login"}, Source: login, Roles: []profile.Role{aboveLogin}},
		"above-above-login": {Chain: []string{"above-above-login", "above-login", "login"}, Source: login,
			Roles: []profile.Role{aboveLogin, {Profile: "above-above-login", ARN: role + "reader"}}},
		"token": {Chain: []string{"token"}, Source: token},
		"above-token": {Chain: []string{"above-token", "token"}, Source: token,
			Roles: []profile.Role{{Profile: "above-token", ARN: role + "deployer"}}},
		"own": {Chain: []string{"own"}, Roles: []profile.Role{{Profile: "own", ARN: role + "deployer"}},
			Source: profile.Source{Kind: profile.StaticKeys, Profile: "own", Keys: profile.Keys{AccessKeyID: "AKIAOWN", SecretKey: "own/secret"}}},
		"above-keys-and-role": {Chain: []string{"above-keys-and-role", "keys-and-role"},
			Roles: []profile.Role{{Profile: "above-keys-and-role", ARN: role + "deployer"}},
			Source: profile.Source{Kind: profile.StaticKeys, Profile: "keys-and-role",
				Keys: profile.Keys{AccessKeyID: "AKIAKAR", SecretKey: "kar/secret"}}},
		"sso-role": {Chain: []string{"sso-role"}, Source: profile.Source{Kind: profile.SSOSession, Profile: "sso-role", SSO: ours},
			Roles: []profile.Role{{Profile: "sso-role", ARN: role + "deployer"}}},
		"local": {Chain: []string{"local"}, Endpoint: "http://127.0.0.1:4566", Source: profile.Source{Kind: profile.StaticKeys, Profile: "local",
			Endpoint: "http://127.0.0.1:4566", Keys: profile.Keys{AccessKeyID: "AKIALOCAL", SecretKey: "local/secret"}}},
	} {
		want.Profile = name
		got, err := profile.Resolve(context.Background(), f, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Source != want.Source || !slices.Equal(got.Roles, want.Roles) || !slices.Equal(got.Chain, want.Chain) ||
			got.Region != want.Region || got.Endpoint != want.Endpoint || got.Profile != name {
			t.Errorf("%s: %+v (%s), want %+v", name, got, got.Source.Keys.AccessKeyID, want)
		}
	}
}

func TestDevicesAndChain(t *testing.T) {
	p, err := profile.Resolve(context.Background(), write(t, everyForm, keyFile), "chain")
	if err != nil || p.String() != "chain → role → default" || !slices.Equal(p.Devices(), []string{"arn:aws:iam::000000000000:mfa/me"}) {
		t.Errorf("%v, %v, %v", p, p.Devices(), err)
	}
}

// A file that a process would write shows that none ran.
func TestList(t *testing.T) {
	ran := filepath.Join(t.TempDir(), "ran")
	f := write(t, everyForm+"[profile runs]\ncredential_process = touch '"+ran+"'\n[stray]\nregion = eu-west-1\n", keyFile)
	entries, err := profile.List(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Profile)
		if e.Profile != "stray" && e.Err != nil {
			t.Errorf("%s: %v", e.Profile, e.Err)
		}
		if e.Source.Keys != (profile.Keys{}) {
			t.Errorf("%s: the list has keys", e.Profile)
		}
		if e.Profile == "chain" && (e.String() != "chain → role → default" || e.Source.Kind != profile.StaticKeys || len(e.Roles) != 2) {
			t.Errorf("%+v", e.Plan)
		}
		if e.Profile == "stray" && model.ErrorCode(e.Err) != "profile.prefix" {
			t.Errorf("stray: %v", e.Err)
		}
	}
	want := "above-above-login above-keys-and-role above-login above-token chain default instance keys-and-role local login old-sso own " +
		"process role runs sign in sso-role stray temporary token"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("listed are %s", got)
	}
	if alone, err := profile.Names(context.Background(), f); err != nil || !slices.Equal(alone, names) {
		t.Errorf("the names are %q, %v", alone, err)
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("listing ran a process")
	}
}

// What the aws command writes for a name with a blank: quoted in one file, and not in the other.
const blankName = `
[profile 'a b']
role_arn = arn:aws:iam::111111111111:role/deployer
source_profile = base c
[profile "base c"]
region = eu-west-1
[profile portal]
sso_session = my sign in
sso_account_id = 111111111111
sso_role_name = Admin
[sso-session 'my sign in']
sso_start_url = https://example.awsapps.com/start
sso_region = eu-north-1
`

const blankKeys = `
[a b]
aws_access_key_id = AKIAWRONG
aws_secret_access_key = wrong/secret
[base c]
aws_access_key_id = AKIABASE
aws_secret_access_key = base/secret # its comment
aws_session_token = 'base/token'
`

func TestNamesInQuotes(t *testing.T) {
	f := write(t, blankName, blankKeys)
	p, err := profile.Resolve(context.Background(), f, "a b")
	want := profile.Keys{AccessKeyID: "AKIABASE", SecretKey: "base/secret", SessionToken: "base/token"}
	if err != nil || p.String() != "a b → base c" || len(p.Roles) != 1 || p.Source.Keys != want || p.Source.Region != "eu-west-1" {
		t.Errorf("%+v, %v", p, err)
	}
	p, err = profile.Resolve(context.Background(), f, "portal")
	if err != nil || p.Source.SSO.Session != "my sign in" || p.Source.SSO.Region != "eu-north-1" {
		t.Errorf("%+v, %v", p, err)
	}
	names, err := profile.Names(context.Background(), f)
	if err != nil || !slices.Equal(names, []string{"a b", "base c", "portal"}) {
		t.Errorf("%q, %v", names, err)
	}
}

// A head that the SDK overlooks must not give its keys to the profile above it.
func TestHeadsThatTheSDKOverlooks(t *testing.T) {
	const keys = "aws_access_key_id = AKIABELOW\naws_secret_access_key = below/secret\n"
	const arn = "role_arn = arn:aws:iam::111111111111:role/x\n"
	for head, code := range map[string]string{"[profile b#c]": "profile.name", "[profile 'b;c' ]": "profile.name", "[profile b] more": ""} {
		f := write(t, "[profile above]\nregion = eu-west-1\n"+head+"\n"+keys+"[profile upon]\nsource_profile = b#c\n"+arn, "")
		if p, err := profile.Resolve(context.Background(), f, "above"); model.ErrorCode(err) != "profile.empty" {
			t.Errorf("%s: the profile above has %s, %v", head, p.Source.Keys.AccessKeyID, err)
		}
		list, err := profile.List(context.Background(), f)
		if err != nil || len(list) != 3 || !strings.HasPrefix(list[1].Profile, "b") || model.ErrorCode(list[1].Err) != code {
			t.Errorf("%s: %v, %v", head, list, err)
		}
	}
	f := write(t, "[profile b#c]\n"+keys+"[profile upon]\nsource_profile = b#c\n"+arn, "")
	if _, err := profile.Resolve(context.Background(), f, "upon"); model.ErrorCode(err) != "profile.name" {
		t.Error(err)
	}
}

func TestCommandLines(t *testing.T) {
	for value, want := range map[string]string{
		`"/opt/my prog" "a b"`: "", `'/opt/my prog' 'a b'`: "", `"/opt/my prog"`: "", `prog "a ; b" 'c # d'`: "", `prog a#b;c`: "",
		`"C:\Program Files\x.exe" "y z"`: "", `prog "say \"hi\" # x"`: "",
		`prog # a comment`: "prog", `"my prog" "a" ; a comment`: `"my prog" "a"`, "prog \"a\"\t# b": `prog "a"`,
		"prog\n  more words": "prog more words",
	} {
		if want == "" {
			want = value
		}
		for _, separator := range []string{" = ", "=", ": "} {
			f := write(t, "[profile p]\ncredential_process"+separator+value+"\nregion = eu-west-1\n", "")
			p, err := profile.Resolve(context.Background(), f, "p")
			if err != nil || p.Source.Process != want || p.Region != "eu-west-1" {
				t.Errorf("%s: %s, %v", value, p.Source.Process, err)
			}
		}
	}
}

func TestNoFiles(t *testing.T) {
	f := write(t, "", "")
	for name, f := range map[string]profile.Files{"missing": f, "no paths": {}, "null device": {Config: os.DevNull, Credentials: os.DevNull}} {
		if list, err := profile.List(context.Background(), f); err != nil || len(list) != 0 {
			t.Errorf("%s: %v, %v", name, list, err)
		}
		if _, err := profile.Resolve(context.Background(), f, "default"); model.ErrorCode(err) != "profile.unknown" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBrokenProfiles(t *testing.T) {
	const arn = "role_arn = arn:aws:iam::111111111111:role/x\n"
	for name, row := range map[string]struct {
		configuration string
		code          string
		says          []string
	}{
		"unknown":        {"[profile other]\nregion = eu-west-1\n", "profile.unknown", nil},
		"nothing in it":  {"[profile p]\nregion = eu-west-1\n", "profile.empty", nil},
		"role alone":     {"[profile p]\n" + arn, "profile.empty", nil},
		"source missing": {"[profile p]\nsource_profile = gone\n" + arn, "profile.source.missing", []string{`"gone"`}},
		"source of it": {"[profile p]\nsource_profile = q\n" + arn + "[profile q]\nsource_profile = gone\n" + arn,
			"profile.source.missing", []string{`"gone"`}},
		"source empty": {"[profile p]\nsource_profile = q\n" + arn + "[profile q]\nregion = x\n", "profile.empty", []string{`"q"`}},
		"itself empty": {"[profile p]\nsource_profile = p\n" + arn, "profile.loop", nil},
		"loop":         {"[profile p]\nsource_profile = q\n" + arn + "[profile q]\nsource_profile = p\n" + arn, "profile.loop", nil},
		"loop below": {"[profile p]\nsource_profile = q\n" + arn + "[profile q]\nsource_profile = r\n" + arn +
			"[profile r]\nsource_profile = q\n" + arn, "profile.loop", []string{`"q"`}},
		"two sources":     {"[profile p]\nsource_profile = q\ncredential_source = Environment\n" + arn + "[profile q]\n", "profile.sources", nil},
		"no role":         {"[profile p]\nsource_profile = q\n[profile q]\n", "profile.role.missing", []string{"source_profile"}},
		"half a key":      {"[profile p]\naws_access_key_id = AKIAX\n", "profile.keys.partial", nil},
		"odd source":      {"[profile p]\ncredential_source = Moon\n" + arn, "profile.credentialsource", nil},
		"no such session": {"[profile p]\nsso_session = gone\n", "profile.sso.section", nil},
		"half a session": {"[profile p]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\nsso_region = eu-west-1\n",
			"profile.sso.incomplete", []string{"sso_start_url"}},
		"half the old keys": {"[profile p]\nsso_start_url = https://x\n", "profile.sso.incomplete",
			[]string{"sso_region, sso_account_id, sso_role_name"}},
		"says it twice": {"[profile p]\nsso_session = s\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\n" +
			"[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://x\n", "profile.sso.differs", nil},
		"not an ARN": {"[profile p]\nrole_arn = deployer\ncredential_source = Environment\n", "profile.role", []string{"deployer"}},
		"duration":   {"[profile p]\nduration_seconds = an hour\ncredential_source = Environment\n" + arn, "profile.role", nil},
		"retry mode": {"[profile p]\nretry_mode = never\naws_access_key_id = A\naws_secret_access_key = hidden/secret\n",
			"profile.invalid", []string{"retry_mode"}},
		"control in name": {"[profile p]\nsource_profile = a\x1b[31mb\n" + arn, "profile.source.missing", nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := write(t, row.configuration, "")
			_, err := profile.Resolve(context.Background(), f, "p")
			if model.ErrorCode(err) != row.code {
				t.Fatalf("%v (%s), want %s", err, model.ErrorCode(err), row.code)
			}
			for _, text := range append(row.says, `"p"`, f.Config) {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("it does not say %s: %v", text, err)
				}
			}
			if strings.ContainsAny(err.Error(), "\x1b\n") || strings.Contains(err.Error(), "hidden/secret") {
				t.Errorf("it is not safe to show: %q", err)
			}
			if name == "unknown" {
				return
			}
			list, err := profile.List(context.Background(), f)
			at := slices.IndexFunc(list, func(e profile.Entry) bool { return e.Profile == "p" })
			if err != nil || at < 0 || model.ErrorCode(list[at].Err) != row.code {
				t.Errorf("the list has %v, %v", list, err)
			}
		})
	}
}

func TestUnreadableFiles(t *testing.T) {
	good := "[profile p]\naws_access_key_id = A\naws_secret_access_key = s\n"
	folder := t.TempDir()
	for name, row := range map[string]struct {
		files profile.Files
		code  string
	}{
		"UTF-16":          {write(t, "\xff\xfe[\x00p\x00", ""), "profile.file.encoding"},
		"Latin-1":         {write(t, good, "[gr\xfcn]\n"), "profile.file.encoding"},
		"byte order mark": {write(t, "\ufeff"+good, ""), "profile.file.encoding"},
		"a folder":        {profile.Files{Config: folder}, "profile.file.kind"},
		"not a path":      {profile.Files{Credentials: "a\x00b"}, "profile.file.read"},
		"large":           {write(t, strings.Repeat("#", 9<<20), ""), "profile.file.large"},
	} {
		_, err := profile.List(context.Background(), row.files)
		_, alone := profile.Resolve(context.Background(), row.files, "p")
		if model.ErrorCode(err) != row.code || model.ErrorCode(alone) != row.code {
			t.Errorf("%s: %v, %v", name, err, alone)
		}
	}
}

func TestKeysPrintHidden(t *testing.T) {
	p, err := profile.Resolve(context.Background(), write(t, "", keyFile), "temporary")
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if text := fmt.Sprintf(verb, p) + fmt.Sprintf(verb, p.Source.Keys) + fmt.Sprintf(verb, &p); strings.Contains(text, "temporary/") {
			t.Errorf("%s prints %s", verb, text)
		}
	}
	if got := p.Source.Keys.Secrets(); !slices.Equal(got, []string{"temporary/secret", "temporary/token"}) {
		t.Errorf("to be masked: %d", len(got))
	}
}

// Whatever is in the files, a profile that is listed as usable resolves to the same.
func FuzzList(f *testing.F) {
	f.Add(everyForm, keyFile)
	f.Add("[profile a]\nsource_profile=a\nrole_arn=x\n", "[a]\n")
	f.Add("[ profile  x y ] # z\ncredential_process = a\n b\n", "[profile x]\n[]\n")
	f.Add("[profile a]\n  x\n = \n[profile]\n[profile ]\n", "[\n]\r\n[default]\r\n")
	f.Fuzz(func(t *testing.T, configuration, credentials string) {
		files := write(t, configuration, credentials)
		list, err := profile.List(context.Background(), files)
		if err != nil {
			if model.ErrorCode(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		for _, e := range list {
			if model.ErrorCode(e.Err) == "profile.prefix" {
				continue
			}
			got, err := profile.Resolve(context.Background(), files, e.Profile)
			if model.ErrorCode(err) != model.ErrorCode(e.Err) || model.ErrorCode(err) == "profile.unknown" {
				t.Fatalf("%q: %v, listed with %v", e.Profile, err, e.Err)
			}
			if err == nil && (got.Source.Kind != e.Source.Kind || len(got.Roles) != len(e.Roles) || got.String() != e.String()) {
				t.Fatalf("%q: %+v, listed as %+v", e.Profile, got, e.Plan)
			}
		}
	})
}

// A thousand profiles are listed while a person waits.
func BenchmarkList(b *testing.B) {
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, "[profile account-%d]\nsso_session = ours\nsso_account_id = %012d\nsso_role_name = Admin\nregion = eu-west-1\n", i, i)
	}
	text.WriteString("[sso-session ours]\nsso_start_url = https://x\nsso_region = eu-west-1\n")
	f := write(b, text.String(), "")
	for b.Loop() {
		if list, err := profile.List(context.Background(), f); err != nil || len(list) != 1000 {
			b.Fatal(len(list), err)
		}
	}
}
