package command_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model/vault"
)

// spied is a person's computer on which every secret is noticed that goes to AWS or comes from there.
type spied struct {
	*desk
	cloud    cloud
	tap      *wiretap
	endpoint string // of AWS, past the tap
	printed  string
}

// TestNoSecretOfAnyKindOfAccountIsLeftAnywhere signs in, runs a script that prints what it has, fails and is killed, with every kind of
// account. No secret that went to AWS, or came from there, may stand in a file of the data folder, in a cell of the database, in what
// was printed, or in the arguments and environment of a process that is not meant to have it.
func TestNoSecretOfAnyKindOfAccountIsLeftAnywhere(t *testing.T) {
	requireTool(t, "aws")
	tests := map[string]struct {
		add  func(s *spied) // an account called A, and who signs in
		sees []string       // kinds of secrets that have to go through the tap
	}{
		"access key with MFA": {func(s *spied) {
			s.addKeyAt(s.endpoint, "--mfa-device", s.cloud.MFA.Serial)
			s.keep(s.inBrowser(s.cloud, []string{wrongCode(s.cloud), s.cloud.MFA.Code(time.Now())}, "account", "login", "A").wants(0))
		}, []string{"mfa code", "secretaccesskey", "sessiontoken"}},
		"role": {func(s *spied) {
			s.addKeyAt(s.endpoint)
		}, []string{"secretaccesskey", "sessiontoken", "x-amz-security-token"}},
		"Identity Center": {func(s *spied) {
			s.addPortalAt(s.endpoint)
			s.keep(s.inBrowser(s.cloud, nil, "account", "login", "A").wants(0))
		}, []string{"clientsecret", "codeverifier", "accesstoken", "refreshtoken", "x-amz-sso_bearer_token", "sessiontoken"}},
		"Identity Center with a code": {func(s *spied) {
			s.addPortalAt(s.endpoint)
			s.keep(s.overSSH(s.cloud, "account", "login", "A").wants(0))
		}, []string{"devicecode", "accesstoken", "refreshtoken", "clientsecret"}},
		"console": {func(s *spied) {
			s.addConsoleAt(s.endpoint)
			s.keep(s.inBrowser(s.cloud, nil, "account", "login", "A").wants(0))
		}, []string{"dpop", "code", "codeverifier", "refreshtoken", "idtoken", "secretaccesskey", "sessiontoken"}},
		"console elsewhere": {func(s *spied) {
			s.addConsoleAt(s.endpoint)
			s.keep(s.overSSH(s.cloud, "account", "login", "A").wants(0))
		}, []string{"dpop", "code", "codeverifier", "refreshtoken", "idtoken"}},
		"profile": {func(s *spied) {
			s.profileOf("aws_access_key_id = " + s.cloud.Key.AccessKeyID + "\naws_secret_access_key = " + s.cloud.Key.SecretKey +
				"\n[a]\nsource_profile = base\nrole_arn = arn:aws:iam::000000000000:role/reader\nregion = eu-west-1\nendpoint_url = " + s.endpoint)
		}, []string{"secretaccesskey", "sessiontoken"}},
		"process": {func(s *spied) {
			s.ok("account", "add", "A", "--kind", "process", "--process", "cat "+s.temporaryKeys(), "--endpoint", s.endpoint)
		}, []string{"secretaccesskey", "sessiontoken"}},
		"container": {func(s *spied) {
			s.environ = append(s.environ, "AWS_ENDPOINT_URL="+s.endpoint, "AWS_CONTAINER_AUTHORIZATION_TOKEN="+s.cloud.ContainerToken(),
				"AWS_CONTAINER_CREDENTIALS_FULL_URI="+s.tap.before(t, s.cloud.ContainerEndpoint()))
		}, []string{"authorization", "secretaccesskey", "token"}},
		"instance": {func(s *spied) {
			s.environ = append(s.environ, "AWS_ENDPOINT_URL="+s.endpoint,
				"AWS_EC2_METADATA_SERVICE_ENDPOINT="+s.tap.before(t, s.cloud.MetadataEndpoint()))
		}, []string{"metadata token", "secretaccesskey", "token"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &spied{desk: newDesk(t), cloud: newCloud(t), tap: newWiretap()}
			s.t = t
			s.endpoint = s.tap.before(t, s.cloud.Endpoint())
			s.tap.add("secret key", s.cloud.Key.SecretKey)
			tt.add(s)
			s.runs(name)
			for _, what := range tt.sees {
				if !s.tap.saw(what) {
					t.Errorf("no %s went through the tap", what)
				}
			}
			s.search()
		})
	}
}

func (s *spied) keep(r result) { s.printed += r.out + r.err }

func (s *spied) addKeyAt(endpoint string, more ...string) {
	s.t.Helper()
	without := s.environ
	s.environ = append(slices.Clone(without), "KEY="+s.cloud.Key.SecretKey)
	s.keep(s.ok(append([]string{"account", "add", "A", "--access-key", s.cloud.Key.AccessKeyID, "--secret-key-env", "KEY",
		"--endpoint", endpoint}, more...)...))
	s.environ = without
}

func (s *spied) addPortalAt(endpoint string) {
	s.t.Helper()
	s.keep(s.ok("account", "add", "A", "--kind", "identity-center", "--start-url", s.cloud.StartURL(), "--sign-in-region", s.cloud.Region,
		"--aws-account", s.cloud.AWSAccount, "--role", "ReadOnlyAccess", "--endpoint", endpoint))
}

func (s *spied) addConsoleAt(endpoint string) {
	s.t.Helper()
	s.keep(s.ok("account", "add", "A", "--kind", "console", "--sign-in-region", s.cloud.Region, "--endpoint", endpoint))
}

// profileOf makes the account one of a profile a, above a profile base with these lines.
func (s *spied) profileOf(lines string) {
	s.t.Helper()
	s.environ = append(s.environ, "AWS_SHARED_CREDENTIALS_FILE="+s.file("credentials", "[base]\n"+lines+"\n"))
	s.keep(s.ok("account", "add", "A", "--kind", "profile", "--profile", "a"))
}

// temporaryKeys writes what a program prints that has temporary keys of AWS, and returns the file.
func (s *spied) temporaryKeys() string {
	s.t.Helper()
	other := &spied{desk: newDesk(s.t), cloud: s.cloud, tap: s.tap}
	other.addKeyAt(s.endpoint)
	keys := other.ok("credentials", "A", "--role", "arn:aws:iam::000000000000:role/reader", "--format", "process").out
	return s.file("keys.json", keys)
}

// spying is what a script does that tells its secrets: it prints what it has, asks AWS, and writes down the arguments and
// environments of the processes that it is under.
const spying = `env | sort
tr '\0' '\n' </proc/self/environ
export -p
pid=$$
while [ "$pid" -gt 1 ]; do
  tr '\0' ' ' </proc/$pid/cmdline >>PLACE/arguments
  [ "$pid" = $$ ] || tr '\0' '\n' </proc/$pid/environ >>PLACE/above
  pid=$(awk '/^PPid/ { print $2 }' /proc/$pid/status)
done
env >>PLACE/environment
`

// debugging is a call of AWS in which aws tells as much as it can.
const debugging = `aws --endpoint-url "$AWS_ENDPOINT_URL" sts get-caller-identity --debug 2>&1
`

// runs runs scripts as the account, one of which fails and one of which is killed with its engine.
func (s *spied) runs(kind string) {
	s.t.Helper()
	account := "A"
	if kind == "container" || kind == "instance" {
		account = "instance-role"
	}
	spying := strings.ReplaceAll(spying, "PLACE", s.dir)
	step := func(name, fresh, body string) string {
		return strings.Replace(bash(name, body, "options: {freshCredentials: "+fresh+"}"), "account: none",
			"account: who, region: us-east-1, assumeRole: {arn: \"arn:aws:iam::000000000000:role/deployer\"}", 1)
	}
	keys := spying
	if kind == "role" { // aws tells the same with the keys of any kind
		keys += debugging
	}
	head := plain + "variables:\n  - {name: who, type: aws-account, value: " + account + "}\nsteps:\n"
	s.project(head + step("Keys", "never", keys) + step("Fresh", "always", spying+debugging) + step("Fails", "never", spying+"exit 7\n"))
	s.keep(s.run("run", "P", "--timestamps").wants(7))
	s.keep(s.run("run", "P", "Fails", "--json").wants(7))
	s.keep(s.run("run", "P", "--preview", "--verify").wants(0))

	s.project(strings.Replace(head, "project: P", "project: Killed", 1) + step("Waits", "always", spying+"touch "+s.dir+"/waits\nsleep 60\n"))
	var out syncBuffer
	engine := s.start("run", "Killed", "--events")
	engine.Stdout, engine.Stderr = &out, &out
	must(s.t, engine.Start())
	until(s.t, "the script waits", func() bool { _, err := os.Stat(filepath.Join(s.dir, "waits")); return err == nil })
	must(s.t, engine.Process.Kill())
	_ = engine.Wait()
	s.printed += out.String()
	s.keep(s.ok("runs", "list"))
	for _, number := range []string{"1", "2", "3"} {
		s.keep(s.ok("runs", "show", number, "--json"))
		s.keep(s.ok("runs", "log", number))
	}
	s.keep(s.ok("account", "list", "--json"))
}

// search looks for what the tap has seen wherever it should not be.
func (s *spied) search() {
	s.t.Helper()
	s.served()
	s.tap.add("private key", "PRIVATE KEY-----")
	places := map[string][]byte{"what is printed": []byte(s.printed)}
	read := func(path string) []byte {
		data, err := os.ReadFile(path)
		must(s.t, err)
		return data
	}
	places["the arguments of processes"] = read(filepath.Join(s.dir, "arguments"))
	places["the environment of the processes above the script"] = s.withoutOwn(read(filepath.Join(s.dir, "above")))
	places["the script's environment"] = s.withoutOwn(withoutMeant(read(filepath.Join(s.dir, "environment"))))
	err := filepath.WalkDir(s.home, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if places[path] = read(path); bytes.HasPrefix(places[path], []byte("SQLite format 3\x00")) {
				places[path+" (cells)"] = cells(s.t, path)
			}
		}
		return err
	})
	must(s.t, err)
	if len(places[filepath.Join(s.home, vault.FileName)]) == 0 {
		s.t.Error("there is no vault")
	}
	for place, data := range places {
		for secret, what := range s.tap.by {
			if at := bytes.Index(data, []byte(secret)); at >= 0 {
				s.t.Errorf("a secret (%s) stands in %s: …%q", what, place, data[max(0, at-60):min(len(data), at+len(secret)+20)])
			}
		}
		for _, code := range s.tap.codes { // no part of a longer number or of a time
			if at := regexp.MustCompile(`(^|[^0-9.])` + code + `([^0-9]|$)`).FindIndex(data); at != nil {
				s.t.Errorf("the code %s stands in %s: …%q", code, place, data[max(0, at[0]-60):min(len(data), at[1]+20)])
			}
		}
	}
}

// meant are the variables in which a script has secrets.
var meant = regexp.MustCompile(`(?m)^(AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_CONTAINER_AUTHORIZATION_TOKEN)=(.*)$`)

func withoutMeant(environ []byte) []byte { return meant.ReplaceAll(environ, nil) }

// withoutOwn takes out what the person has set: Stepdeck's engine is started with that.
func (s *spied) withoutOwn(environ []byte) []byte {
	for _, entry := range s.environ {
		environ = bytes.ReplaceAll(environ, []byte(entry+"\n"), nil)
	}
	return environ
}

// served adds the token of the endpoint at which scripts get fresh credentials, which no request to AWS has.
func (s *spied) served() {
	s.t.Helper()
	environ, err := os.ReadFile(filepath.Join(s.dir, "environment"))
	must(s.t, err)
	tokens := 0
	for _, found := range meant.FindAllSubmatch(environ, -1) {
		if string(found[1]) == "AWS_CONTAINER_AUTHORIZATION_TOKEN" {
			tokens++
		}
		s.tap.add(string(found[1]), string(found[2]))
	}
	if tokens != 2 {
		s.t.Errorf("%d scripts have had an endpoint with fresh credentials, want 2:\n%s", tokens, environ)
	}
}
