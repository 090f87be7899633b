package awsenv_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/credentialprocess"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// TestProfilesAsTheAWSCommand compares who a profile is with what the real aws says, by the forms that aws can use
// without a person, the internet or an instance.
func TestProfilesAsTheAWSCommand(t *testing.T) {
	key, other := sandbox.NewKey(), sandbox.NewKey()
	other.User = "other"
	s := startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key, other}, AllowAnyRole: true})
	jwt, err := s.WebIdentityToken("pod", "sts.amazonaws.com", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	answer := write(t, fmt.Sprintf(`{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}`, other.AccessKeyID, other.SecretKey))
	role := func(name string) string { return "role_arn = " + rolePath + name + "\nrole_session_name = me\n" }
	keys := "aws_access_key_id = " + other.AccessKeyID + "\naws_secret_access_key = " + other.SecretKey + "\n"
	text := configuration(key, "[profile role]\nsource_profile = base\n"+role("one")+
		"[profile chain]\nsource_profile = role\n"+role("two")+
		"[profile process]\ncredential_process = cat \""+answer+"\"\n"+
		"[profile above-process]\nsource_profile = process\n"+role("three")+
		"[profile environment]\ncredential_source = Environment\n"+role("four")+
		"[profile token]\nweb_identity_token_file = "+write(t, jwt)+"\n"+role("five")+
		"[profile own]\nsource_profile = own\n"+keys+role("six")+"[profile keys-and-role]\nsource_profile = base\n"+keys+role("seven")+
		"[profile above-keys-and-role]\nsource_profile = keys-and-role\n"+role("eight")+
		"[profile both]\naws_access_key_id = A\naws_secret_access_key = B\n")
	files := profile.Files{Config: write(t, text), Credentials: write(t, "[both]\n"+keys)}
	environ := []string{
		"AWS_CONFIG_FILE=" + files.Config, "AWS_SHARED_CREDENTIALS_FILE=" + files.Credentials, "HOME=" + t.TempDir(),
		"AWS_DEFAULT_REGION=eu-west-1",
		"AWS_ENDPOINT_URL=" + s.Endpoint(), "PATH=" + os.Getenv("PATH"), "AWS_ACCESS_KEY_ID=" + key.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY=" + key.SecretKey,
	}
	programs := heedingEndpoints(t)
	for _, name := range []string{
		"chain", "above-process", "environment", "token", "own", "keys-and-role", "above-keys-and-role", "both",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := awsenv.Resolve(context.Background(), awsenv.Request{
				Account: model.Account{Name: "Ours", Kind: model.KindProfile, Profile: name}, Region: "eu-west-1", Endpoint: s.Endpoint(),
				Profiles: files, Environ: environ, Network: network(t, environ...),
			})
			if err != nil {
				t.Fatal(err)
			}
			for which, program := range programs {
				if arn := whoIs(t, program, name, environ); arn != got.Identity.ARN {
					t.Errorf("%s aws is %s, Stepdeck %s", which, arn, got.Identity.ARN)
				}
			}
		})
	}
}

// TestProfileNamesAsTheAWSCommand compares whose key a profile has with what the real aws says. The aws command itself writes such
// names with quotes into one file and without into the other.
func TestProfileNamesAsTheAWSCommand(t *testing.T) {
	keys := func(id string) string {
		return "aws_access_key_id = " + id + "\naws_secret_access_key = secret/" + id + "\n"
	}
	files := profile.Files{
		Config: write(t, "[profile 'a b']\nregion = eu-west-1\n[profile \"c d\"]\n"+keys("CD")+"[profile e\\ f]\n"+keys("EF")+
			"[profile 'x']\n"+keys("FIRST")+"[profile x]\n"+keys("LAST")+"[profile 'tw  o']\n"+keys("TWO")+
			"[profile above]\n"+keys("ABOVE")+"[profile junk] behind\n"+keys("JUNK")+"[profile \"it's\"]\n"+keys("ITS")+
			"[profile \"say \\\"hi\\\"\"]\n"+keys("HI")+"[profile 'quoted']\n"+keys("INSIDE")+"[profile g h]\n"+keys("UNSEEN")+
			"[profile 'g h']\n"+keys("SEEN")+"[ profile 'g h']\n"+keys("SPACED")),
		Credentials: write(t, "[a b]\n"+keys("AB")+"['a b']\n"+keys("OTHER")),
	}
	environ := []string{"AWS_CONFIG_FILE=" + files.Config, "AWS_SHARED_CREDENTIALS_FILE=" + files.Credentials, "HOME=" + t.TempDir(),
		"PATH=" + os.Getenv("PATH")}
	for which, program := range awsPrograms(t) {
		for _, name := range []string{
			"a b", "'a b'", "c d", "e f", "x", "tw  o", "above", "junk", "it's", `say "hi"`, "quoted", "g h",
		} {
			c := exec.Command(program, "configure", "get", "aws_access_key_id", "--profile", name)
			c.Env, c.Dir = environ, filepath.Dir(program)
			out, err := c.Output()
			want := strings.TrimSpace(string(out))
			if err != nil || want == "" {
				t.Fatalf("%s aws: %s: %q, %v", which, name, out, err)
			}
			got, err := profile.Resolve(context.Background(), files, name)
			if err != nil || got.Source.Keys.AccessKeyID != want || got.Source.Keys.SecretKey != "secret/"+want {
				t.Errorf("%s: %s and its secret %t, %v; %s aws says %s", name, got.Source.Keys.AccessKeyID,
					got.Source.Keys.SecretKey == "secret/"+want, err, which, want)
			}
		}
	}
}

// TestTwiceAsTheAWSCommand compares what is refused because it is twice in a file.
func TestTwiceAsTheAWSCommand(t *testing.T) {
	const good = "[profile p]\naws_access_key_id = A\naws_secret_access_key = B\n"
	programs := awsPrograms(t)
	for name, row := range map[string]struct{ configuration, credentials, says string }{
		"profile":           {good + "[profile p]\nregion = x\n", "", "[profile p] twice, in lines 1 and 4"},
		"another profile":   {good + "[profile q]\n\n[profile q] # again\n", "", "lines 4 and 6"},
		"of the keys":       {good, "[q]\n[r]\n[q]\n", "lines 1 and 3"},
		"setting":           {good + "region = x\nREGION : y\n", "", "region twice in the section [profile p], in lines 4 and 5"},
		"in another":        {good + "[plugins]\nx = 1\nx = 2\n", "", "lines 5 and 6"},
		"other quotes":      {good + "[profile 'p']\naws_access_key_id = A\naws_secret_access_key = B\n", "", ""},
		"indented":          {good + "[profile q]\nregion = x\n  [profile q]\n", "", ""},
		"nested setting":    {good + "s3 =\n  a = b\n  a = c\n", "", ""},
		"comment":           {good + "#region = x\n#region = y\n;region = z\n;region = z\n", "", ""},
		"defaults":          {good + "[DEFAULT]\n[DEFAULT]\n", "", ""},
		"both files":        {good, "[p]\naws_access_key_id = A\naws_secret_access_key = C\n", ""},
		"as default itself": {good + "[default]\n[profile default]\n", "", ""},
	} {
		files := profile.Files{Config: write(t, row.configuration), Credentials: write(t, row.credentials)}
		_, err := profile.Resolve(context.Background(), files, "p")
		if (row.says != "") != (model.ErrorCode(err) == "profile.file.twice") || err != nil && !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", name, err)
		}
		if _, listed := profile.List(context.Background(), files); model.ErrorCode(listed) != model.ErrorCode(err) {
			t.Errorf("%s: listed with %v", name, listed)
		}
		for which, program := range programs {
			c := exec.Command(program, "configure", "get", "aws_access_key_id", "--profile", "p")
			c.Dir = filepath.Dir(program)
			c.Env = []string{"AWS_CONFIG_FILE=" + files.Config, "AWS_SHARED_CREDENTIALS_FILE=" + files.Credentials, "HOME=" + t.TempDir(),
				"PATH=" + os.Getenv("PATH")}
			if out, failed := c.CombinedOutput(); (failed != nil) != (err != nil) {
				t.Errorf("%s: %s aws says %v: %s", name, which, failed, out)
			}
		}
	}
}

// TestProcessesAsTheAWSCommand compares the arguments that a credential_process gets, which the program answers in its key's id.
func TestProcessesAsTheAWSCommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program is a script of sh")
	}
	program := filepath.Join(t.TempDir(), "my prog")
	const script = "#!/bin/sh\n" + `printf '{"Version":1,"AccessKeyId":"%s|%s|%s|%s","SecretAccessKey":"x"}' $# "$1" "$2" "$3"`
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	programs := exportingCredentials(t)
	for _, arguments := range []string{"", ` "a b"`, ` "a b" c`, ` 'a b' "c d"`, ` "a # b" "c ; d"`, ` a\ b 'c'`, " a\n  b"} {
		for _, quoted := range []string{`"` + program + `"`, "'" + program + "'"} {
			files := profile.Files{Config: write(t, "[profile p]\ncredential_process = "+quoted+arguments+"\n")}
			environ := []string{"AWS_CONFIG_FILE=" + files.Config, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull, "HOME=" + t.TempDir(),
				"PATH=" + os.Getenv("PATH")}
			plan, err := profile.Resolve(context.Background(), files, "p")
			if err != nil {
				t.Fatal(err)
			}
			got, err := credentialprocess.Run(context.Background(), credentialprocess.Request{Command: plan.Source.Process, For: "p",
				Environ: environ})
			for which, aws := range programs {
				if want := exportedKey(t, aws, environ); err != nil || got.AccessKeyID != want {
					t.Errorf("%s%s: %q, %v; %s aws has %q", quoted, arguments, got.AccessKeyID, err, which, want)
				}
			}
		}
	}
}

func exportingCredentials(t *testing.T) map[string]string {
	t.Helper()
	programs := awsPrograms(t)
	for which, program := range programs {
		c := exec.Command(program, "configure", "export-credentials", "help")
		c.Env = append(os.Environ(), "AWS_PAGER=", "PAGER=cat", "MANPAGER=cat")
		if out, err := c.CombinedOutput(); err != nil && strings.Contains(string(out), "nvalid choice") {
			delete(programs, which)
		}
	}
	if len(programs) == 0 {
		t.Skip("NOT SHOWN: no aws is new enough to export the credentials of a profile")
	}
	return programs
}

func exportedKey(t *testing.T, program string, environ []string) string {
	t.Helper()
	c := exec.Command(program, "configure", "export-credentials", "--profile", "p", "--format", "process")
	c.Env, c.Dir = environ, filepath.Dir(program)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var key struct {
		AccessKeyID string `json:"AccessKeyId"`
	}
	if err := json.Unmarshal(out, &key); err != nil {
		t.Fatal(err)
	}
	return key.AccessKeyID
}

// heedingEndpoints returns those aws programs that send all requests to AWS_ENDPOINT_URL: 2.13 and 1.29, and newer.
func heedingEndpoints(t *testing.T) map[string]string {
	t.Helper()
	programs := awsPrograms(t)
	old := regexp.MustCompile(`^aws-cli/(1\.(1?[0-9]|2[0-8])|2\.([0-9]|1[0-2]))\.`)
	for which, program := range programs {
		if version, err := exec.Command(program, "--version").CombinedOutput(); err != nil || old.Match(version) {
			delete(programs, which)
		}
	}
	if len(programs) == 0 {
		t.Skip("NOT SHOWN: no aws is new enough for AWS_ENDPOINT_URL, so profiles were not tried with it")
	}
	return programs
}

func whoIs(t *testing.T, program, name string, environ []string) string {
	t.Helper()
	c := exec.Command(program, "--profile", name, "--output", "json", "sts", "get-caller-identity")
	c.Env, c.Dir = environ, filepath.Dir(program)
	out, err := c.Output()
	if err != nil {
		var exit *exec.ExitError
		errors.As(err, &exit)
		t.Fatalf("%v: %s", err, exit.Stderr)
	}
	var who struct{ Arn string }
	if err := json.Unmarshal(out, &who); err != nil {
		t.Fatal(err)
	}
	return who.Arn
}
