package awsenv_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// awsPrograms are the installed ones: Debian's by its path, and another one if there is one.
func awsPrograms(t *testing.T) map[string]string {
	t.Helper()
	programs := map[string]string{}
	if _, err := os.Stat("/usr/bin/aws"); err == nil {
		programs["Debian's"] = "/usr/bin/aws"
	}
	if path, err := exec.LookPath("aws"); err == nil && path != "/usr/bin/aws" {
		programs["another"] = path
	}
	if len(programs) > 0 {
		return programs
	}
	if os.Getenv("STEPDECK_REQUIRE_TOOLS") == "1" {
		t.Fatal("the aws program is not installed, so the script's environment can't be shown to work")
	}
	t.Skip("NOT SHOWN: the aws program is not installed, so the script's environment was not tried with it")
	return nil
}

// witness is a proxy in front of a sandbox that records the region of the last signed request. Two keys are known: the
// step's own, and other, a stray one on the computer.
type witness struct {
	*httptest.Server
	ours, other sandbox.Key

	mu     sync.Mutex
	region string
}

var scope = regexp.MustCompile(`Credential=[^/]+/\d+/([^/]+)/`)

func newWitness(t *testing.T) *witness {
	t.Helper()
	w := &witness{ours: sandbox.NewKey(), other: sandbox.NewKey()}
	w.other.User = "other"
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{w.ours, w.other}, AllowAnyRole: true})
	target, err := url.Parse(s.Endpoint())
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
		if found := scope.FindStringSubmatch(r.In.Header.Get("Authorization")); found != nil {
			w.mu.Lock()
			w.region = found[1]
			w.mu.Unlock()
		}
	}}
	w.Server = httptest.NewServer(http.Handler(proxy))
	t.Cleanup(w.Close)
	return w
}

// ask runs the real aws in an environment and returns the identity and region.
func (w *witness) ask(program string, environ []string) (output, region string, err error) {
	w.mu.Lock()
	w.region = ""
	w.mu.Unlock()
	c := exec.Command(program, "--endpoint-url", w.URL, "--output", "json", "sts", "get-caller-identity")
	c.Env = environ
	out, err := c.CombinedOutput()
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(out), w.region, err
}

// homeOf creates a home folder with another identity in every place where aws looks.
func (w *witness) home(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	for name, text := range map[string]string{
		".aws/credentials": "[default]\naws_access_key_id = " + w.other.AccessKeyID + "\naws_secret_access_key = " + w.other.SecretKey + "\n",
		".aws/config": "[default]\nregion = sa-east-1\n[profile other]\nregion = ca-central-1\noutput = text\naws_access_key_id = " +
			w.other.AccessKeyID + "\naws_secret_access_key = " + w.other.SecretKey + "\n",
		".boto": "[Credentials]\naws_access_key_id = " + w.other.AccessKeyID + "\naws_secret_access_key = " + w.other.SecretKey + "\n",
		"token": "a token",
	} {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// TestInheritedSituations starts the real aws as a script would, with everything that may be left over in an
// environment. For rows marked harmful it also shows that just setting our variables over the inherited ones goes
// wrong.
func TestInheritedSituations(t *testing.T) {
	programs := awsPrograms(t)
	w := newWitness(t)
	home := w.home(t)
	session := w.resolve(t)
	harmful, everything := map[string]string{}, []string(nil)
	for _, row := range []struct {
		name, inherited string
		harmful         bool
	}{
		{"missing profile", "AWS_PROFILE=missing", true},
		{"profile", "AWS_DEFAULT_PROFILE=other", false},
		{"region", "AWS_REGION=af-south-1", false},
		{"empty key", "AWS_ACCESS_KEY_ID=", false},
		{"endpoint", "AWS_ENDPOINT_URL_STS=http://127.0.0.1:1", false},
		{"stale session token", "AWS_SESSION_TOKEN=stale", true},
		{"stale security token", "AWS_SECURITY_TOKEN=stale", true},
		{"web identity", "AWS_WEB_IDENTITY_TOKEN_FILE=" + home + "/token", false},
		{"web identity's role", "AWS_ROLE_ARN=" + rolePath + "x", false},
		{"container credentials", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/", false},
		{"proxy", "HTTP_PROXY=http://127.0.0.1:1", true},
		{"broken configuration", "AWS_CONFIG_FILE=" + home + "/token", true},
		{"broken credentials", "AWS_SHARED_CREDENTIALS_FILE=" + home + "/token", true},
	} {
		everything = append(everything, row.inherited)
		if row.harmful {
			harmful[row.name] = row.inherited
		}
	}
	for name, inherited := range harmful {
		t.Run(name+" harms when it stays", func(t *testing.T) {
			if testing.Short() {
				t.Skip("short")
			}
			overlaid := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), inherited}
			for _, v := range session.Environment {
				overlaid = append(overlaid, v.Name+"="+v.Value)
			}
			for _, program := range programs {
				if out, _, err := w.ask(program, overlaid); err == nil {
					t.Errorf("it is harmless, so this test shows nothing: %s", out)
				}
				break // one is enough
			}
		})
	}
	for name, program := range programs {
		t.Run("everything at once, "+name+" aws", func(t *testing.T) {
			inherited := append([]string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}, everything...)
			w.mustBeOurs(t, program, awsenv.Environ(inherited, session, awsenv.Options{PrivateConfig: privateConfig(t)}))
		})
		// Each place must be closed on its own: the files in ~/.aws, and ~/.boto.
		t.Run("no account, "+name+" aws", func(t *testing.T) {
			inherited := append([]string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "AWS_ACCESS_KEY_ID=" + w.other.AccessKeyID,
				"AWS_SECRET_ACCESS_KEY=" + w.other.SecretKey}, everything...)
			none, err := awsenv.Resolve(context.Background(), awsenv.Request{NoAccount: true, Region: "eu-west-1"})
			if err != nil {
				t.Fatal(err)
			}
			out, region, err := w.ask(program, awsenv.Environ(inherited, none, awsenv.Options{PrivateConfig: privateConfig(t)}))
			if err == nil || region != "" || !strings.Contains(out, "Unable to locate credentials") {
				t.Errorf("without an account it has an identity in %q: %s", region, out)
			}
			open := awsenv.Environ([]string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}, none, awsenv.Options{})
			if out, _, err := w.ask(program, open); err != nil || !strings.Contains(out, "user/other") {
				t.Errorf("a script that may read ~/.aws can't: %v %s", err, out)
			}
		})
	}
}

// privateConfig returns the folder of a script's own AWS configuration.
func privateConfig(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a")
	if err := awsenv.PrivateConfig(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A script can define a profile that assumes a role and use it, and the person's files stay as they are. What the aws command
// keeps of such a session in ~/.aws/cli/cache no variable can prevent: see docs/known-limits.md.
func TestProfileOfTheScript(t *testing.T) {
	w := newWitness(t)
	home, session := w.home(t), w.resolve(t)
	before := readFiles(t, filepath.Join(home, ".aws"))
	for name, program := range heedingEndpoints(t) {
		t.Run(name, func(t *testing.T) {
			dir := privateConfig(t)
			inherited := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "AWS_CONFIG_FILE=" + filepath.Join(home, ".aws", "config")}
			environ := awsenv.Environ(inherited, session, awsenv.Options{PrivateConfig: dir})
			for _, args := range [][]string{
				{"configure", "set", "role_arn", rolePath + "Script", "--profile", "t"},
				{"configure", "set", "credential_source", "Environment", "--profile", "t"},
			} {
				mustRun(t, program, environ, args...)
			}
			out := mustRun(t, program, environ, "--endpoint-url", w.URL, "--output", "text", "--query", "Arn", "sts", "get-caller-identity",
				"--profile", "t")
			if !strings.Contains(out, ":assumed-role/Script/") {
				t.Errorf("the profile's identity: %s", out)
			}
			w.mustBeOurs(t, program, environ)
			if info, err := os.Stat(dir); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
				t.Errorf("the folder: %v, %v", info, err)
			}
		})
	}
	if after := readFiles(t, filepath.Join(home, ".aws")); !maps.Equal(before, after) {
		t.Errorf("the person's files have changed: %v", after)
	}
}

func mustRun(t *testing.T, program string, environ []string, args ...string) string {
	t.Helper()
	c := exec.Command(program, args...)
	c.Env = environ
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("aws %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// readFiles returns the content of the two files in an .aws folder.
func readFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, name := range []string{"config", "credentials"} {
		body, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(body)
	}
	return files
}

func (w *witness) resolve(t *testing.T) awsenv.Session {
	t.Helper()
	session, err := awsenv.Resolve(context.Background(), awsenv.Request{
		Account:   model.Account{Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: w.ours.AccessKeyID},
		SecretKey: w.ours.SecretKey, Region: "eu-west-1", Endpoint: w.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func (w *witness) mustBeOurs(t *testing.T, program string, environ []string) {
	t.Helper()
	out, region, err := w.ask(program, environ)
	if err != nil || region != "eu-west-1" || !strings.Contains(out, `"Arn": "arn:aws:iam::000000000000:user/sandbox"`) {
		t.Errorf("it is not the step's own, %v, in %q: %s", err, region, out)
	}
}
