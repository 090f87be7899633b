//go:build unix

package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/vault"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// clock is a time that goes on, and that tests move.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// computer is a data folder on which several processes work in simulated time, with the sandbox as AWS.
type computer struct {
	t     *testing.T
	dir   string
	home  string // with the files of the aws command
	clock *clock
	aws   *sandbox.Server
}

func newComputer(t *testing.T, o sandbox.Options) *computer {
	t.Helper()
	c := &computer{t: t, dir: t.TempDir(), home: t.TempDir(), clock: &clock{}}
	quick, err := os.ReadFile(filepath.Join("..", "model", "vault", "testdata", "vault-quick"))
	if err == nil {
		err = os.WriteFile(filepath.Join(c.dir, vault.FileName), quick, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	o.Now, o.SigningNow = c.clock.now, time.Now
	c.aws = startAWS(t, o)
	return c
}

// process returns the services of another process.
func (c *computer) process() *Services {
	c.t.Helper()
	s, err := Open(c.t.Context(), Options{
		DataDir: c.dir, Version: NewVersion("1.2.3", "abcdef"), now: c.clock.now,
		Environ: []string{"STEPDECK_PASSPHRASE=correct horse battery staple", "PATH=" + os.Getenv("PATH"), "HOME=" + c.home},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = s.Close() })
	return s
}

func (c *computer) save(s *Services, a model.Account, secrets model.AccountSecrets) model.Account {
	c.t.Helper()
	if err := s.Accounts().Save(c.t.Context(), &a, secrets); err != nil {
		c.t.Fatal(err)
	}
	return a
}

func (c *computer) console(s *Services) model.Account {
	c.t.Helper()
	return c.save(s, model.Account{
		Name: "Ann", Kind: model.KindConsole, SignInRegion: "eu-west-1", Endpoint: c.aws.RegionEndpoint("eu-west-1"),
	}, model.AccountSecrets{})
}

func (c *computer) signIn(s *Services, a model.Account) {
	c.t.Helper()
	if _, err := s.SignIns().SignIn(c.t.Context(), a, model.SignInHere, ann(c.t), nil); err != nil {
		c.t.Error(err)
	}
}

// waiter is a person who sees what a run waits for.
type waiter struct {
	listener
	waits   chan runner.Wait
	answers []bool
	lines   func(text string)
}

func newWaiter() *waiter { return &waiter{waits: make(chan runner.Wait, 8)} }

func (w *waiter) Waiting(step model.StepRun, wait runner.Wait) {
	if step.Message != wait.Message || step.Identity.Account != wait.Account.Name {
		w.answers = append(w.answers, false) // the row says it too
	}
	w.waits <- wait
}

func (w *waiter) Waited(_ model.StepRun, _ runner.Wait, answered bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers = append(w.answers, answered)
}

func (w *waiter) Lines(s model.StepRun, n int64, b model.LogBatch) {
	w.listener.Lines(s, n, b)
	if w.lines != nil {
		w.lines(string(b.Bytes))
	}
}

// running is a run that goes on.
type running struct {
	t *testing.T
	*waiter
	stopper *runner.Stopper
	done    chan model.Run
}

// start runs a Bash step for each script as the account. Somebody can be asked for limit.
func (c *computer) start(s *Services, a model.Account, limit time.Duration, o model.Options, scripts ...string) running {
	c.t.Helper()
	return c.startWith(newWaiter(), s, a, limit, o, scripts...)
}

func (c *computer) startWith(w *waiter, s *Services, a model.Account, limit time.Duration, o model.Options, scripts ...string) running {
	c.t.Helper()
	p := model.Project{Name: "P", Variables: []model.Variable{{Name: "who", Type: model.TypeAWSAccount, Value: a.Name}}}
	for i, body := range scripts {
		step := model.NewStep(fmt.Sprint("Step ", i+1))
		step.AWS, step.Script.Body, step.Options = model.StepAWS{Account: "who", Region: "eu-west-1"}, body, o
		p.Steps = append(p.Steps, step)
	}
	r := running{c.t, w, runner.NewStopper(), make(chan model.Run, 1)}
	go func() {
		req := runner.Request{Project: p, SignInWait: limit}
		run, err := s.Runs().Runner().Run(context.WithoutCancel(c.t.Context()), req, r.waiter, r.stopper)
		if err != nil {
			c.t.Error(err)
		}
		r.done <- run
	}()
	return r
}

// asks returns what the run waits for.
func (r running) asks() runner.Wait {
	r.t.Helper()
	select {
	case w := <-r.waits:
		return w
	case run := <-r.done:
		r.t.Fatalf("the run asks nothing and is %s: %s\n%s", run.Status, run.Message, r.log())
	case <-time.After(time.Minute):
		r.t.Fatalf("the run asks nothing:\n%s", r.log())
	}
	return runner.Wait{}
}

func (r running) log() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func (r running) ends(status model.Status, parts ...string) model.Run {
	r.t.Helper()
	return r.endsWithin(time.Minute, status, parts...)
}

func (r running) endsWithin(limit time.Duration, status model.Status, parts ...string) model.Run {
	r.t.Helper()
	select {
	case run := <-r.done:
		if run.Status != status {
			r.t.Fatalf("the run is %s, want %s: %s\n%s", run.Status, status, run.Message, r.log())
		}
		said := r.log() + run.Message
		for _, s := range run.Steps {
			said += "\n" + s.Message
		}
		for _, part := range parts {
			if !strings.Contains(said, part) {
				r.t.Errorf("%q is missing:\n%s", part, said)
			}
		}
		return run
	case <-time.After(limit):
		r.t.Fatalf("the run doesn't end:\n%s", r.log())
	}
	return model.Run{}
}

const whoAmI = "aws sts get-caller-identity --query Arn --output text"

// A run waits at the start of a step, and goes on once another process has signed in.
func TestARunWaitsForASignIn(t *testing.T) {
	c := newComputer(t, sandbox.Options{Console: &sandbox.Console{}})
	here, elsewhere := c.process(), c.process()
	a := c.console(here)
	r := c.start(here, a, runner.DefaultSignInWait, model.DefaultOptions(), whoAmI)
	w := r.asks()
	if _, ok := w.Question.(runner.SignInNeeded); !ok || w.Until.Sub(c.clock.now()).Round(time.Minute) != runner.DefaultSignInWait {
		t.Errorf("it asks %+v", w)
	}
	for _, part := range []string{`"Step 1" waits`, `sign in for account "Ann"`, "(15 minutes)", model.LocalTime(w.Until)} {
		if !strings.Contains(w.Message, part) {
			t.Errorf("%q is missing in %q", part, w.Message)
		}
	}
	c.clock.pass(10 * time.Minute)
	c.signIn(elsewhere, a)
	run := r.ends(model.Succeeded, "user/ann")
	if run.Steps[0].Message != "" || len(r.answers) != 1 || !r.answers[0] {
		t.Errorf("message %q, answers %v", run.Steps[0].Message, r.answers)
	}
}

// A later step waits too: its log says for what, and how long it took.
func TestALaterStepWaitsForASignIn(t *testing.T) {
	c := newComputer(t, sandbox.Options{Console: &sandbox.Console{Session: 20 * time.Minute}})
	here, elsewhere := c.process(), c.process()
	a := c.console(here)
	c.signIn(here, a)
	o := model.DefaultOptions()
	o.FreshCredentials = model.FreshNever // so that the first step asks nothing
	r := c.start(here, a, time.Minute, o, "echo begun; until [ -e "+c.dir+"/later ]; do sleep 0.05; done", whoAmI)
	r.begun(t)
	c.clock.pass(time.Hour)
	c.touch("later")
	r.asks()
	c.clock.pass(30 * time.Second)
	c.signIn(elsewhere, a)
	r.ends(model.Succeeded, `"Step 2" waits for somebody to sign in for account "Ann", until`, "has ended",
		`Somebody signed in for account "Ann" after 3`, " seconds. The step goes on.", "user/ann")
}

func (c *computer) touch(name string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), nil, 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// begun waits until the script has printed begun.
func (r running) begun(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(r.log(), "begun"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the script doesn't begin; %d questions; the log:\n%s", len(r.waits), r.log())
		}
	}
}

func TestTheTimeToSignInIsLimited(t *testing.T) {
	c := newComputer(t, sandbox.Options{Console: &sandbox.Console{}})
	s := c.process()
	a := c.console(s)
	r := c.start(s, a, time.Minute, model.DefaultOptions(), "echo never")
	r.asks()
	c.clock.pass(time.Minute)
	run := r.ends(model.Failed, `Nobody signed in for account "Ann" within 1 minute.`, "Nobody has signed in for account")
	if run.ExitCode != runner.ExitRefused || len(r.answers) != 1 || r.answers[0] {
		t.Errorf("exit code %d, answers %v", run.ExitCode, r.answers)
	}
	r = c.start(s, a, 0, model.DefaultOptions(), "echo never")
	if run := r.ends(model.Failed, "Nobody has signed in"); run.ExitCode != runner.ExitRefused || len(r.waits) > 0 {
		t.Errorf("exit code %d, %d waits though nobody can be asked", run.ExitCode, len(r.waits))
	}
}

func TestAStopEndsTheWaitForASignIn(t *testing.T) {
	c := newComputer(t, sandbox.Options{Console: &sandbox.Console{}})
	s := c.process()
	r := c.start(s, c.console(s), time.Hour, model.DefaultOptions(), "echo never")
	r.asks()
	r.stopper.Stop()
	r.ends(model.Stopped)
}

// Three runs wait for one code.
func TestThreeRunsWaitForOneCode(t *testing.T) {
	key, phone := sandbox.NewKey(), sandbox.NewMFADevice()
	c := newComputer(t, sandbox.Options{Keys: []sandbox.Key{key}, MFADevices: []sandbox.MFADevice{phone}})
	here, elsewhere := c.process(), c.process()
	a := c.save(here, model.Account{
		Name: "Ann", Kind: model.KindAccessKey, AccessKeyID: key.AccessKeyID, MFADevice: phone.Serial, Region: "eu-west-1",
		Endpoint: c.aws.Endpoint(),
	}, model.AccountSecrets{SecretKey: key.SecretKey})
	var runs []running
	for _, s := range []*Services{here, here, c.process()} {
		r := c.start(s, a, time.Hour, model.DefaultOptions(), whoAmI)
		if w := r.asks(); !strings.Contains(w.Message, `enter a code of the MFA device of account "Ann"`) {
			t.Error(w.Message)
		}
		runs = append(runs, r)
	}
	asked := 0
	_, err := elsewhere.Runs().Runner().EnterCode(t.Context(), a, func(context.Context, string, error) (string, error) {
		asked++
		return phone.Code(c.clock.now()), nil
	})
	if err != nil || asked != 1 {
		t.Fatalf("%v after %d questions", err, asked)
	}
	for _, r := range runs {
		r.ends(model.Succeeded, "arn:aws:iam::")
	}
}
