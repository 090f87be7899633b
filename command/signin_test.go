package command_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/app/sandbox"
	"github.com/stepdeck/stepdeck/command"
)

// cloud is the sandbox as AWS.
type cloud struct {
	sandbox.Sandbox
	t *testing.T
}

func newCloud(t *testing.T) cloud {
	t.Helper()
	return newCloudWith(t, sandbox.Options{})
}

func newCloudWith(t *testing.T, o sandbox.Options) cloud {
	t.Helper()
	s, err := sandbox.Start(t.Context(), o)
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return cloud{s, t}
}

// answer answers a page and returns the last one.
func (c cloud) answer(page, code string) string {
	text, err := answerPage(page, code)
	if err != nil {
		c.t.Error(err)
	}
	return text
}

// open is a browser of this computer. Every program can read its argument, which is no sign-in's address therefore.
func (c cloud) open(_ context.Context, _, argument string) error {
	if strings.ContainsAny(argument, "?=") || strings.HasPrefix(argument, c.Endpoint()) {
		c.t.Errorf("the browser's argument is %s", argument)
	}
	go c.answer(argument, "")
	return nil
}

// answerPage answers a page, or the one that its address leads on to, as a person does who may sign in, follows the browser back, and
// returns the last page.
func answerPage(page, code string) (string, error) {
	_, to, err := load(http.MethodGet, page, "")
	if err != nil {
		return "", err
	}
	form := url.Values{"user": {"ann"}, "decision": {"allow"}, "user_code": {code}}.Encode()
	body := ""
	for method, to := http.MethodPost, cmp.Or(to, page); to != ""; method = http.MethodGet {
		if body, to, err = load(method, to, form); err != nil {
			return "", err
		}
	}
	return body, nil
}

// load returns a page, and where it sends the browser.
func load(method, page, form string) (body, to string, err error) {
	browser := &http.Client{
		Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	r, err := http.NewRequestWithContext(context.Background(), method, page, strings.NewReader(form))
	if err != nil {
		return "", "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := browser.Do(r)
	if err != nil {
		return "", "", err
	}
	text, err := io.ReadAll(answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("HTTP %d of %s: %s", answer.StatusCode, page, text)
	}
	return string(text), answer.Header.Get("Location"), err
}

// elsewhere is the standard error of a command, read by a person who opens its page on another computer.
type elsewhere struct {
	bytes.Buffer
	cloud cloud
	shown string // page that shows a text to paste
}

var (
	pageLine = regexp.MustCompile(`^  (http\S+)\n$`)
	codeLine = regexp.MustCompile(`shows the code (\S+):\n$`)
	pageText = regexp.MustCompile(`<code id="code">([^<]+)</code>`)
)

func (e *elsewhere) Write(line []byte) (int, error) {
	if page := pageLine.FindSubmatch(line); page != nil {
		if code := codeLine.FindSubmatch(e.Bytes()); code != nil {
			go e.cloud.answer(string(page[1]), string(code[1]))
		} else {
			e.shown = string(page[1])
		}
	}
	return e.Buffer.Write(line)
}

// paste signs in on the page and returns the text that it then shows.
func (e *elsewhere) paste() (string, error) {
	text := pageText.FindStringSubmatch(e.cloud.answer(e.shown, ""))
	if text == nil {
		return "", errors.New("the page shows no text")
	}
	return html.UnescapeString(text[1]), nil
}

// inBrowser runs the command on a computer with a browser, for a person at a terminal who answers.
func (d *desk) inBrowser(c cloud, secrets []string, args ...string) result {
	d.t.Helper()
	return d.answering(c, func() (string, error) {
		if len(secrets) == 0 {
			return "", errors.New("nobody answers")
		}
		answer := secrets[0]
		secrets = secrets[1:]
		return answer, nil
	}, args...)
}

// answering is inBrowser with a person who is asked by a function.
func (d *desk) answering(c cloud, ask func() (string, error), args ...string) result {
	d.t.Helper()
	var out, errs bytes.Buffer
	world := command.IO{
		In: strings.NewReader(""), Out: &out, Err: &errs, Terminal: true, Environ: append(slices.Clone(d.environ), "NO_COLOR=1", "DISPLAY=:0"),
		OpenURL: c.open,
		ReadSecret: func(prompt string) (string, error) {
			errs.WriteString(prompt + "\n")
			return ask()
		},
	}
	code := command.Main(d.t.Context(), world, args, "1.2.3", "abcdef")
	return result{d.t, code, out.String(), errs.String()}
}

// overSSH runs the command for a person who has a browser on another computer only.
func (d *desk) overSSH(c cloud, args ...string) result {
	d.t.Helper()
	var out bytes.Buffer
	errs := &elsewhere{cloud: c}
	world := command.IO{
		In: strings.NewReader(""), Out: &out, Err: errs, Terminal: true,
		Environ:    append(slices.Clone(d.environ), "NO_COLOR=1", "DISPLAY=:0", "SSH_CONNECTION=there"),
		OpenURL:    func(context.Context, string, string) error { d.t.Error("a browser opened here"); return nil },
		ReadSecret: func(string) (string, error) { return errs.paste() },
	}
	code := command.Main(d.t.Context(), world, args, "1.2.3", "abcdef")
	return result{d.t, code, out.String(), errs.String()}
}

func (d *desk) addConsole(c cloud, name string) {
	d.t.Helper()
	d.ok("account", "add", name, "--kind", "console", "--sign-in-region", c.Region, "--endpoint", c.Endpoint())
}

func (d *desk) addPortal(c cloud, name, role string) {
	d.t.Helper()
	d.ok("account", "add", name, "--kind", "identity-center", "--start-url", c.StartURL(), "--sign-in-region", c.Region,
		"--aws-account", c.AWSAccount, "--role", role, "--endpoint", c.Endpoint())
}

func (d *desk) addKey(c cloud, name string) {
	d.t.Helper()
	d.environ = append(d.environ, "KEY="+c.Key.SecretKey)
	d.ok("account", "add", name, "--access-key", c.Key.AccessKeyID, "--secret-key-env", "KEY", "--mfa-device", c.MFA.Serial,
		"--endpoint", c.Endpoint())
}

// runsAs imports a project with a step for each account.
func (d *desk) runsAs(accounts ...string) {
	d.t.Helper()
	text, steps := plain+"variables:\n", "steps:\n"
	for _, name := range accounts {
		text += "  - {name: " + name + ", type: aws-account, value: " + name + "}\n"
		steps += strings.Replace(bash("As "+name, "echo "+name), "account: none", "account: "+name+", region: eu-west-1", 1)
	}
	d.project(text + steps)
}

func (r result) silentOn(parts ...string) result {
	r.t.Helper()
	for _, p := range parts {
		if strings.Contains(r.out, p) || strings.Contains(r.err, p) {
			r.t.Errorf("%q is printed\nstdout:\n%s\nstderr:\n%s", p, r.out, r.err)
		}
	}
	return r
}

func TestSigningInWithTheConsole(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addConsole(c, "Mine")
	d.runsAs("Mine")
	d.ok("account", "list").says("sign in")
	d.ok("account", "sign-ins").says("Nobody has signed in")
	d.run("run", "P").wants(3).says(`Sign in with: stepdeck account login "Mine"`).prints("")
	d.run("credentials", "Mine").wants(3).says(`Sign in with: stepdeck account login "Mine"`).prints("")
	d.inBrowser(c, nil, "account", "login", "Mine").wants(0).says("Signed in as arn:aws", "/ann until")
	d.ok("account", "list").silentOn("sign in")
	d.ok("account", "sign-ins").says("Mine", "console", c.Region, "/ann")
	d.ok("run", "P").prints("Mine\n")
	d.ok("run", "P", "--preview", "--verify").says("Keys: renewed while the script runs: those of a console sign-in live for minutes", "until")
	d.ok("account", "logout", "Mine").says("Signed out")
	d.ok("account", "logout", "Mine").says("Nobody is signed in")
	d.ok("account", "list").says("sign in")
	d.run("run", "P").wants(3)
}

func TestSigningInElsewhere(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addConsole(c, "Mine")
	d.addPortal(c, "Team", "ReadOnlyAccess")
	d.overSSH(c, "account", "login", "Mine").wants(0).says("copy the text", "Signed in as arn:aws")
	d.overSSH(c, "account", "login", "Team").wants(0).says("check that it shows the code", "Signed in.")
	d.ok("account", "sign-ins").says("renewed until AWS ends it")
	d.runsAs("Mine", "Team")
	d.ok("run", "P").prints("Mine\nTeam\n")
	// Without a terminal nobody can paste a text; a code needs none.
	d.run("account", "login", "Mine", "--other-browser").wants(3).says("without a terminal")
}

// The way with a code can be chosen, though there is a browser.
func TestSigningInWithACode(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addPortal(c, "Team", "ReadOnlyAccess")
	errs := &elsewhere{cloud: c}
	world := command.IO{
		Out: io.Discard, Err: errs, Environ: append(slices.Clone(d.environ), "DISPLAY=:0"),
		OpenURL: func(context.Context, string, string) error { t.Error("a browser opened here"); return nil },
	}
	if code := command.Main(t.Context(), world, []string{"account", "login", "Team", "--other-browser"}, "1.2.3", ""); code != 0 {
		t.Errorf("exit code %d:\n%s", code, errs)
	}
}

func TestABrowserThatDoesNotStart(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addPortal(c, "Team", "ReadOnlyAccess")
	errs := &elsewhere{cloud: c} // a person who opens the page that is printed
	world := command.IO{
		Out: io.Discard, Err: errs, Environ: append(slices.Clone(d.environ), "DISPLAY=:0"),
		OpenURL: func(context.Context, string, string) error {
			go c.answer(errs.shown, "")
			return errors.New("no browser")
		},
	}
	code := command.Main(t.Context(), world, []string{"account", "login", "Team"}, "1.2.3", "")
	result{t, code, "", errs.String()}.wants(0).says("could not be started", "Signed in.")
}

func TestWhatAPortalLeadsTo(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addPortal(c, "Team", "ReadOnlyAccess")
	d.run("account", "roles", "Team").wants(3).says("stepdeck account login")
	d.inBrowser(c, nil, "account", "roles", "Team").wants(0).says("Signed in.", "Shared Services", "Deployer", "production@example.com")
	d.ok("account", "roles", "Team", "--json").says(`{"awsAccount":"222222222222","name":"Shared Services","email":"shared@example.com",` +
		`"role":"ReadOnlyAccess"}`)
	d.addPortal(c, "Other", "AdministratorAccess")
	d.ok("account", "logout", "Team").says("The same sign-in served: Other")
}

func TestProfilesAreListed(t *testing.T) {
	d := newDesk(t)
	d.ok("account", "profiles").says("no profiles").prints("")
	config := d.file("aws-config", "[profile dev]\nregion = eu-west-1\ncredential_process = touch "+d.dir+"/ran\n"+
		"[profile half]\nrole_arn = x\n")
	d.environ = append(d.environ, "AWS_CONFIG_FILE="+config)
	d.ok("account", "profiles").says("dev", "eu-west-1", "a program", "half")
	list := d.ok("account", "profiles", "--json").objects()
	if len(list) != 2 || list[0]["name"] != "dev" || list[0]["problem"] != "" || list[1]["problem"] == "" {
		t.Errorf("profiles are %v", list)
	}
	if _, err := os.Stat(d.dir + "/ran"); err == nil {
		t.Error("listing ran a process")
	}
}

// What is known of a computer that has no role is said although, or because, there are no keys.
func TestNoticesOfAnAccountThatFails(t *testing.T) {
	d := newDesk(t)
	d.environ = append(d.environ, "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1", "AWS_EC2_METADATA_DISABLED=true")
	d.project(plain + "variables:\n  - {name: who, type: aws-account, value: instance-role}\nsteps:\n" +
		strings.Replace(bash("As", "true"), "account: none", "account: who, region: eu-west-1", 1))
	for _, args := range [][]string{
		{"account", "test", "instance-role"}, {"credentials", "instance-role"}, {"account", "console", "instance-role", "--print"},
		{"account", "shell", "instance-role"}, {"run", "P", "--preview", "--verify"},
	} {
		r := d.run(args...).says("AWS_EC2_METADATA_SERVICE_ENDPOINT is ignored")
		if r.code == 0 {
			t.Errorf("%v works", args)
		}
	}
}

// A profile's sign-in is the aws command's: the error is a command to copy.
func TestWhoSignsInForAProfile(t *testing.T) {
	d := newDesk(t)
	const sso = "sso_account_id = 123456789012\nsso_role_name = Admin\n"
	config := d.file("aws-config", "[profile my work]\nsso_session = acme\n"+sso+
		"[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n"+
		"[profile old]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n"+sso+
		"[profile console]\nlogin_session = arn:aws:iam::123456789012:user/ana\nregion = eu-west-1\n"+
		"[profile above]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = console\n")
	d.environ = append(d.environ, "AWS_CONFIG_FILE="+config)
	for profile, want := range map[string]string{
		"my work": `not signed in at https://acme.awsapps.com/start. Run aws sso login --profile "my work".`,
		"old":     `Run aws sso login --profile "old".`,
		"console": `not signed in as arn:aws:iam::123456789012:user/ana. Run aws login --profile "console".`,
		"above":   `Run aws login --profile "console".`,
	} {
		d.ok("account", "add", profile, "--kind", "profile", "--profile", profile, "--region", "eu-west-1")
		d.run("account", "test", profile).wants(3).says(want).silentOn("Sign in again", "stepdeck account login")
	}
}

// A person at a terminal signs in once for all accounts with one sign-in.
func TestTheTerminalAsksToSignInOnce(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addPortal(c, "Team", "ReadOnlyAccess")
	d.addPortal(c, "Admin", "AdministratorAccess")

	d.runsAs("Team", "Admin")
	r := d.inBrowser(c, nil, "run", "P").wants(0).prints("Team\nAdmin\n")
	if n := strings.Count(r.err, "To sign in for"); n != 1 {
		t.Errorf("asked %d times:\n%s", n, r.err)
	}
	d.inBrowser(c, nil, "run", "P").wants(0).silentOn("To sign in")
}

func wrongCode(c cloud) string {
	if c.MFA.Code(time.Now()) == "000000" {
		return "000001"
	}
	return "000000"
}

func TestTheTerminalAsksForACodeOnce(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addKey(c, "Key")
	d.runsAs("Key")
	d.run("run", "P").wants(3).says("--mfa-code-env", `stepdeck account login "Key"`)
	d.inBrowser(c, nil, "run", "P").wants(3)
	secrets := []string{wrongCode(c), c.MFA.Code(time.Now())}
	d.inBrowser(c, secrets, "run", "P").wants(0).prints("Key\n").says("Code of the MFA device "+c.MFA.Serial, "doesn't accept the code")
	d.ok("run", "P").prints("Key\n") // the session is kept
	d.ok("account", "logout", "Key").says("no session")
	d.run("run", "P").wants(3)
}

func TestACodeFromTheEnvironment(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addKey(c, "Key")
	d.runsAs("Key")
	plainEnviron := d.environ
	d.environ = append(slices.Clone(plainEnviron), "CODE="+wrongCode(c))
	d.run("account", "login", "Key", "--mfa-code-env", "CODE").wants(2).says("doesn't accept the code")
	d.run("run", "P", "--mfa-code-env", "CODE").wants(3).says("doesn't accept the code").prints("")
	d.run("account", "login", "Key", "--mfa-code-env", "NOTHING").wants(2).says("NOTHING is not set")
	d.run("account", "login", "Key").wants(3).says("--mfa-code-env")
	d.environ = append(slices.Clone(plainEnviron), "CODE="+c.MFA.Code(time.Now()))
	d.run("run", "P", "--mfa-code-env", "CODE").wants(0).prints("Key\n")
	d.ok("account", "login", "Key").says("until")
}

// The test of an account asks a person for what is missing, and says with its exit code that nobody was there.
func TestTestingAnAccountThatNeedsAPerson(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addKey(c, "Key")
	d.addConsole(c, "Mine")
	d.run("account", "test", "Key").wants(3).says("--mfa-code-env").prints("")
	d.run("account", "test", "Mine").wants(3).says(`stepdeck account login "Mine"`).prints("")
	plainEnviron := d.environ
	d.environ = append(slices.Clone(plainEnviron), "CODE="+wrongCode(c))
	d.run("account", "test", "Key", "--mfa-code-env", "CODE").wants(1).says("doesn't accept the code").prints("")
	d.environ = append(slices.Clone(plainEnviron), "CODE="+c.MFA.Code(time.Now()))
	if r := d.ok("account", "test", "Key", "--mfa-code-env", "CODE"); !strings.Contains(r.out, "arn:aws:") {
		t.Errorf("prints %q", r.out)
	}
	d.ok("account", "test", "Key") // the session is kept
	if r := d.inBrowser(c, nil, "account", "test", "Mine").wants(0).says("Signed in as"); !strings.Contains(r.out, "/ann") {
		t.Errorf("prints %q", r.out)
	}
}

// Each command that can do with a code has the flag that its error recommends.
func TestWhatNeedsACodeHasItsFlag(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addKey(c, "Key")
	d.runsAs("Key")
	for _, args := range [][]string{
		{"account", "test", "Key"}, {"account", "login", "Key"}, {"account", "shell", "Key"}, {"account", "console", "Key", "--print"},
		{"credentials", "Key"}, {"run", "P"}, {"run", "P", "--preview", "--verify"}, {"runs", "again", "1"},
	} {
		d.run(args...).wants(3).says("--mfa-code-env")
		d.run(append(args, "--mfa-code-env", "NOTHING")...).says("NOTHING is not set")
	}
	d.environ = append(d.environ, "CODE="+c.MFA.Code(time.Now()))
	d.ok("run", "P", "--preview", "--verify", "--mfa-code-env", "CODE").silentOn("REFUSED")
}

func TestRefusalsOfSigningIn(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.environ = append(d.environ, "CODE=123456", "KEY="+c.Key.SecretKey)
	d.addConsole(c, "Mine")
	d.ok("account", "add", "Key", "--access-key", c.Key.AccessKeyID, "--secret-key-env", "KEY", "--endpoint", c.Endpoint())
	d.ok("account", "add", "Tool", "--kind", "process", "--process", "helper --profile x")
	d.ok("account", "add", "Mine", "--kind", "console", "--description", "again") // what is left out is the same
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"account", "add", "X", "--kind", "dance"}, "access-key, profile, identity-center, console, process"},
		{[]string{"account", "add", "X", "--kind", "instance-role"}, "not a kind of account that can be added"},
		{[]string{"account", "add", "X", "--kind", "console"}, "region in which you sign in"},
		{[]string{"account", "add", "X", "--kind", "profile"}, "names no AWS profile"},
		{[]string{"account", "add", "X", "--kind", "process"}, "names no program"},
		{[]string{"account", "add", "X", "--kind", "identity-center", "--start-url", "https://example.com/start", "--sign-in-region",
			"eu-west-1", "--role", "R"}, "AWS account"},
		{[]string{"account", "add", "X", "--kind", "console", "--start-url", "https://example.com"}, "has no --start-url"},
		{[]string{"account", "add", "X", "--kind", "profile", "--profile", "p", "--secret-key-env", "KEY"}, "has no --secret-key-env"},
		{[]string{"account", "add", "X", "--kind", "process", "--process", "p", "--session-token-env", "KEY"}, "has no --session-token-env"},
		{[]string{"account", "add", "X", "--profile", "p"}, "has no --profile"},
		{[]string{"account", "add", "Tool", "--kind", "process", "--process", "other"}, `--process "helper --profile x"`},
		{[]string{"account", "add", "Tool", "--kind", "profile", "--profile", "other"}, `--kind "process"`},
		{[]string{"account", "add", "Mine", "--kind", "console", "--sign-in-region", "eu-north-1"}, `--sign-in-region "` + c.Region},
		{[]string{"account", "login", "Nobody"}, "Nobody"},
		{[]string{"account", "login", "Key"}, "has no MFA device"},
		{[]string{"account", "login", "Tool"}, "has no MFA device"},
		{[]string{"account", "login", "instance-role"}, "has no MFA device"},
		{[]string{"account", "login", "Key", "--other-browser"}, "--other-browser"},
		{[]string{"account", "login", "Mine", "--mfa-code-env", "CODE"}, "--mfa-code-env"},
		{[]string{"account", "logout", "Nobody"}, "Nobody"},
		{[]string{"account", "roles", "Mine"}, "no access portal"},
		{[]string{"credentials", "Nobody"}, "Nobody"},
		{[]string{"credentials", "Key", "--format", "csh"}, "fish"},
		{[]string{"credentials", "Key", "--role", "deployer"}, "not a role ARN"},
		{[]string{"credentials", "Key", "--format", "env", "--profile-lines"}, "profile-lines"},
	} {
		d.run(tt.args...).wants(2).says(tt.says).prints("")
	}
}

func TestRolesOfAPortalWithoutAnAccountNeedATerminal(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.run("account", "roles", "--start-url", c.StartURL(), "--sign-in-region", c.Region, "--endpoint", c.Endpoint()).wants(3).
		says("run this command at a terminal").silentOn("account login")
}
