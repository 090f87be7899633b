//go:build unix

package credentialprocess_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/credentialprocess"
)

const secret, token = "the/secret/key/which/is/forty/characters", "the-session-token-which-is-even-longer-than-that"

const good = `{"Version":1,"AccessKeyId":"ASIAPROCESS","SecretAccessKey":"` + secret + `","SessionToken":"` + token +
	`","Expiration":"2099-01-02T03:04:05Z","AccountId":"111111111111"}`

// run runs a script, whose path has a space, with an argument.
func run(t testing.TB, script string, environ ...string) (credentialprocess.Credentials, error) {
	t.Helper()
	return credentialprocess.Run(context.Background(), request(t, script, environ...))
}

func request(t testing.TB, script string, environ ...string) credentialprocess.Request {
	t.Helper()
	file := filepath.Join(t.TempDir(), "my tool")
	if err := os.WriteFile(file, []byte(script+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return credentialprocess.Request{Command: `sh "` + file + `" "an argument"`, For: "Ours",
		Environ: append([]string{"PATH=/usr/bin:/bin"}, environ...)}
}

func TestRun(t *testing.T) {
	got, err := run(t, `[ "$1" = "an argument" ] && [ -z "$2" ] && [ -z "$(cat)" ] && echo 'not for us' >&2 && echo '`+good+`'`)
	want := credentialprocess.Credentials{AccessKeyID: "ASIAPROCESS", SecretKey: secret, SessionToken: token, AccountID: "111111111111",
		Expires: time.Date(2099, 1, 2, 3, 4, 5, 0, time.UTC)}
	if err != nil || got != want {
		t.Errorf("%q %q, %v, %v", got.AccessKeyID, got.AccountID, got.Expires, err)
	}
	if !slices.Equal(got.Secrets(), []string{secret, token}) {
		t.Errorf("%d secrets", len(got.Secrets()))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if text := fmt.Sprintf(verb, got); text != "credentials" {
			t.Errorf("%s prints %s", verb, text)
		}
	}
	long, err := run(t, `echo '{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"x"}'`)
	if err != nil || !long.Expires.IsZero() || len(long.Secrets()) != 1 {
		t.Errorf("without an end: %v, %v", long.Expires, err)
	}
}

func TestFailures(t *testing.T) {
	for name, row := range map[string]struct {
		script string
		code   string
		says   string
	}{
		"fails":             {"echo 'no such card' >&2; exit 3", "process.failed", "no such card"},
		"fails with a code": {"exit 3", "process.failed", "exit code 3"},
		"tells its secrets": {"echo 'got " + good + "' >&2; exit 1", "process.failed", "***"},
		"says much": {"i=0; while [ $i -lt 2000 ]; do echo some words >&2; i=$((i+1)); done; echo the end >&2; exit 1",
			"process.failed", "the end"},
		"colours":         {`printf '\033[31mred\033[0m\n' >&2; exit 1`, "process.failed", "red"},
		"program missing": {"exec no-such-program-here", "process.missing", "full path"},
		"says nothing":    {"", "process.output.form", ""},
		"not JSON":        {"echo 'AWS_SECRET_ACCESS_KEY=" + secret + "'", "process.output.form", ""},
		"of other types":  {`echo '{"Version":"` + secret + `"}'`, "process.output.form", ""},
		"two documents":   {"echo '" + good + good + "'", "process.output.form", ""},
		"version 2":       {`echo '{"Version":2,"AccessKeyId":"A","SecretAccessKey":"` + secret + `"}'`, "process.version", ""},
		"no version":      {`echo '{"AccessKeyId":"A","SecretAccessKey":"` + secret + `"}'`, "process.version", ""},
		"no key":          {`echo '{"Version":1,"SecretAccessKey":"` + secret + `"}'`, "process.incomplete", ""},
		"no secret":       {`echo '{"Version":1,"AccessKeyId":"A"}'`, "process.incomplete", ""},
		"expired": {`echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"` + secret + `","Expiration":"2020-01-15T00:00:00Z"}'`,
			"process.expired", "2020-01-1"},
		"endless": {"while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa || exit; done", "process.output.long", "64 KB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := run(t, row.script)
			if model.ErrorCode(err) != row.code || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), `"Ours"`) {
				t.Fatalf("%v (%s), want %s", err, model.ErrorCode(err), row.code)
			}
			if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), token) || strings.ContainsAny(err.Error(), "\x1b\n") ||
				len(err.Error()) > 700 {
				t.Errorf("it is not safe to show: %q", err)
			}
		})
	}
}

func TestNothingToRun(t *testing.T) {
	for _, line := range []string{"", " \n", "a\x00b"} {
		_, err := credentialprocess.Run(context.Background(), credentialprocess.Request{Command: line})
		if model.ErrorCode(err) != "process.empty" {
			t.Errorf("%q: %v", line, err)
		}
	}
	r := request(t, "echo '"+good+"'")
	r.Dir = filepath.Join(t.TempDir(), "gone")
	if _, err := credentialprocess.Run(context.Background(), r); model.ErrorCode(err) != "process.start" {
		t.Errorf("no folder: %v", err)
	}
}

// A process and all that it started end with the time, and with the context.
func TestEnds(t *testing.T) {
	for name, row := range map[string]struct {
		timeout time.Duration
		code    string
	}{"no more time": {300 * time.Millisecond, "process.timeout"}, "stopped": {0, "aws.stopped"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pipe := filepath.Join(t.TempDir(), "pid")
			r := request(t, "sleep 600 & echo $! > '"+pipe+".new'; mv '"+pipe+".new' '"+pipe+"'; wait")
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if r.Timeout = row.timeout; r.Timeout == 0 {
				go func() {
					defer cancel()
					for _, err := os.Stat(pipe); err != nil; _, err = os.Stat(pipe) {
						time.Sleep(time.Millisecond)
					}
				}()
			}
			_, err := credentialprocess.Run(ctx, r)
			if model.ErrorCode(err) != row.code || row.timeout == 0 && !errors.Is(err, context.Canceled) {
				t.Fatalf("%v, want %s", err, row.code)
			}
			if body, err := os.ReadFile(pipe); err == nil {
				waitGone(t, strings.TrimSpace(string(body)))
			}
		})
	}
}

func TestEnvironment(t *testing.T) {
	r := request(t, `env | cut -d= -f1 | sort | grep -v -e '^_$' -e PWD -e SHLVL | tr '\n' ' ' >&2; exit 1`,
		"STEPDECK_PASSPHRASE=x", "AWS_PROFILE=p", "_MEIPASS2=/tmp/x", "PYINSTALLER_X=1", "_PYI_ARCHIVE_FILE=x", "HOME=/nowhere", "stepdeck_x=1",
		"STEPDECK_HOME=/data", "STEPDECK_PASSPHRASE_FILE=/run/secret")
	_, err := credentialprocess.Run(context.Background(), r)
	const names = "(AWS_PROFILE HOME PATH STEPDECK_CREDENTIAL_PROCESSES STEPDECK_HOME STEPDECK_PASSPHRASE_FILE)"
	if err == nil || !strings.Contains(err.Error(), names) {
		t.Errorf("it got %v", err)
	}
}

// A process that asks for its own credentials again is refused in the process that it starts.
func TestRecursion(t *testing.T) {
	r := request(t, `echo "$STEPDECK_CREDENTIAL_PROCESSES" >&2; exit 1`)
	inherited := func(err error) string {
		text := err.Error()
		return "STEPDECK_CREDENTIAL_PROCESSES=" + text[strings.LastIndex(text, "(")+1:len(text)-1]
	}
	_, err := credentialprocess.Run(context.Background(), r)
	again := r
	again.Environ = append(slices.Clone(r.Environ), inherited(err))
	if _, err := credentialprocess.Run(context.Background(), again); model.ErrorCode(err) != "process.loop" {
		t.Errorf("the same again: %v", err)
	}
	for depth := range 4 { // each runs another, which is no loop until there are too many
		other := r
		other.Command += strings.Repeat(" ", depth) + "x"
		other.Environ = append(slices.Clone(r.Environ), inherited(err))
		if _, err = credentialprocess.Run(context.Background(), other); model.ErrorCode(err) == "process.deep" {
			if depth != 3 {
				t.Errorf("refused at %d", depth)
			}
			return
		}
	}
	t.Error("it has no end")
}

// What a process prints is never in an error.
func FuzzOutput(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"Version":1,"AccessKeyId":"A","SecretAccessKey":"hushhush","Expiration":"hushhush"}`))
	f.Add([]byte("hushhush"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, output []byte) {
		file := filepath.Join(dir, "answer")
		if err := os.WriteFile(file, output, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := credentialprocess.Run(context.Background(), credentialprocess.Request{Command: "cat '" + file + "'", For: "Ours",
			Environ: []string{"PATH=/usr/bin:/bin"}})
		if err == nil && (got.AccessKeyID == "" || got.SecretKey == "") {
			t.Error("it took half an answer")
		}
		if err != nil && (strings.Contains(err.Error(), "hush") || model.ErrorCode(err) == "") {
			t.Error(err)
		}
	})
}
