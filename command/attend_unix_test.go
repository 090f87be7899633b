//go:build !windows

package command_test

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/app/sandbox"
	"github.com/stepdeck/stepdeck/command"
)

// The sign-in ends while a script runs. The terminal asks, the person presses Enter, and the script gets keys of the new sign-in.
func TestTheTerminalAsksWhileARunGoesOn(t *testing.T) {
	aws, err := sandbox.Start(t.Context(), sandbox.Options{KeyLifetime: time.Minute}) // always about to end
	must(t, err)
	t.Cleanup(func() { _ = aws.Close() })
	d, c := newDesk(t), cloud{aws, t}
	d.addConsole(c, "Mine")
	d.inBrowser(c, nil, "account", "login", "Mine").wants(0)
	step := bash("Long", `
key() { curl -s -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" "$AWS_CONTAINER_CREDENTIALS_FULL_URI" | grep -o 'ASIA[A-Z0-9]*'; }
first=$(key)
until [ "$(key)" != "$first" ]; do sleep 0.2; done
echo renewed
`)
	d.project(plain + "variables:\n  - {name: who, type: aws-account, value: Mine}\nsteps:\n" +
		strings.Replace(step, "account: none", "account: who, region: us-east-1", 1))
	aws.ChangePassword()
	in, person := io.Pipe()
	var out bytes.Buffer
	errs := &syncBuffer{}
	world := command.IO{
		In: in, Out: &out, Err: errs, Terminal: true, Environ: append(slices.Clone(d.environ), "NO_COLOR=1", "DISPLAY=:0"),
		OpenURL:    c.open,
		ReadSecret: func(string) (string, error) { return "", io.EOF },
	}
	ended := make(chan int, 1)
	go func() { ended <- command.Main(t.Context(), world, []string{"run", "P"}, "1.2.3", "abcdef") }()
	until(t, "the question", func() bool {
		return strings.Contains(errs.String(), `Press Enter to sign in for account "Mine".`) || len(ended) > 0
	})
	_, err = person.Write([]byte("\n"))
	must(t, err)
	result{t, <-ended, out.String(), errs.String()}.wants(0).prints("renewed\n").
		says(`waits for somebody to sign in for account "Mine", until`, "the password was changed", "Signed in as", "The step goes on.")
	if !regexp.MustCompile(`, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(15 minutes\)\.`).MatchString(errs.String()) { // as other times of a run
		t.Errorf("it doesn't say until when:\n%s", errs.String())
	}
	if n := strings.Count(errs.String(), "Press Enter"); n != 1 {
		t.Errorf("asked %d times:\n%s", n, errs.String())
	}
}
