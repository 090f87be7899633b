//go:build unix

package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// listener collects the lines of a run.
type listener struct {
	runner.Watcher // the calls that follow are all that come
	mu             sync.Mutex
	text           strings.Builder
	questions      []runner.Question
	expires        []time.Time
}

func (l *listener) RunStarted(model.Run, runner.Plan)       {}
func (l *listener) StepStarted(model.StepRun)               {}
func (l *listener) Progress(model.StepRun)                  {}
func (l *listener) Output(model.StepRun, model.Output)      {}
func (l *listener) Stopping(model.StepRun, model.StopEvent) {}
func (l *listener) Waiting(model.StepRun, runner.Wait)      {}
func (l *listener) Waited(model.StepRun, runner.Wait, bool) {}
func (l *listener) RunFinished(model.Run)                   {}
func (l *listener) StepSkipped(model.StepRun)               {}
func (l *listener) StepFinished(s model.StepRun)            { l.Identified(s) }
func (l *listener) Lines(_ model.StepRun, _ int64, b model.LogBatch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(b.Bytes)
}

func (l *listener) Identified(s model.StepRun) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expires = append(l.expires, s.Identity.Expires)
}

func (l *listener) Unanswered(q runner.Question) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.questions = append(l.questions, q)
}

// runAs runs a Bash step as an account, and returns its log.
func runAs(t *testing.T, s *Services, account model.Account, options model.Options, script string) (model.Run, *listener) {
	t.Helper()
	step := model.NewStep("Step")
	step.AWS = model.StepAWS{Account: "who", Region: "eu-west-1"}
	step.Script.Body, step.Options = script, options
	p := model.Project{
		Name: "P", Variables: []model.Variable{{Name: "who", Type: model.TypeAWSAccount, Value: account.Name}}, Steps: []model.Step{step},
	}
	if _, err := s.store.SaveProject(t.Context(), &p); err != nil {
		t.Fatal(err)
	}
	l := &listener{}
	run, err := s.Runs().Runner().Run(t.Context(), runner.Request{Project: p}, l, nil)
	if err != nil {
		t.Fatal(err)
	}
	return run, l
}

func startAWS(t *testing.T, o sandbox.Options) *sandbox.Server {
	t.Helper()
	aws, err := sandbox.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = aws.Close() })
	return aws
}

// ann answers each page of the sandbox by allowing what it asks for.
func ann(t *testing.T) func(model.SignInStep) {
	browser := &http.Client{
		Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	follow := func(method, address string) string {
		form := url.Values{"user": {"ann"}, "decision": {"allow"}}.Encode()
		r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, address, strings.NewReader(form))
		if err != nil {
			return ""
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := browser.Do(r)
		if err != nil {
			return ""
		}
		_ = answer.Body.Close()
		return answer.Header.Get("Location")
	}
	return func(step model.SignInStep) {
		go func() {
			if back := follow(http.MethodPost, step.URL); back != "" {
				follow(http.MethodGet, back)
			}
		}()
	}
}

// A script whose sign-in gives keys for a few minutes gets new ones while it runs: here each request gets others, since less than
// five minutes are always left.
func TestAScriptOutlivesTheKeysOfAConsoleSignIn(t *testing.T) {
	s := openHere(t)
	aws := startAWS(t, sandbox.Options{Console: &sandbox.Console{Lifetime: 4 * time.Minute}})
	a := model.Account{Name: "Ann", Kind: model.KindConsole, SignInRegion: "eu-west-1", Endpoint: aws.RegionEndpoint("eu-west-1")}
	if err := s.Accounts().Save(t.Context(), &a, model.AccountSecrets{}); err != nil {
		t.Fatal(err)
	}
	run, l := runAs(t, s, a, model.DefaultOptions(), "echo never")
	if _, ok := runner.QuestionOf(first(l.questions)).(runner.SignInNeeded); run.Status != model.Failed || !ok && len(l.questions) != 1 {
		t.Fatalf("without a sign-in the run is %s, asks %v:\n%s", run.Status, l.questions, l.text.String())
	}
	if _, err := s.SignIns().SignIn(t.Context(), a, model.SignInHere, ann(t), nil); err != nil {
		t.Fatal(err)
	}
	const script = `
echo "key ${AWS_ACCESS_KEY_ID:-none} secret ${AWS_SECRET_ACCESS_KEY:-none}"
ask() {
  curl -s -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" "$AWS_CONTAINER_CREDENTIALS_FULL_URI" |
    grep -o '"AccessKeyId":"[A-Z0-9]*"'
}
ask; ask
aws sts get-caller-identity --query Arn --output text`
	run, l = runAs(t, s, a, model.DefaultOptions(), script)
	text := l.text.String()
	keys := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, `"AccessKeyId":`) {
			keys[line] = true
		}
	}
	if run.Status != model.Succeeded || len(keys) != 2 || !strings.Contains(text, "key none secret none") ||
		!strings.Contains(text, "user/ann") || !strings.Contains(text, "The credentials were renewed.") {
		t.Errorf("%s, %d keys:\n%s", run.Status, len(keys), text)
	}
	// By choice the keys are in the environment.
	o := model.DefaultOptions()
	o.FreshCredentials = model.FreshNever
	run, l = runAs(t, s, a, o, `echo "served ${AWS_CONTAINER_CREDENTIALS_FULL_URI:-none}"
aws sts get-caller-identity --query Arn`)
	text = l.text.String()
	if run.Status != model.Succeeded || !strings.Contains(text, "served none") || !strings.Contains(text, "user/ann") {
		t.Errorf("%s:\n%s", run.Status, text)
	}
}

func first(list []runner.Question) error {
	if len(list) == 0 {
		return nil
	}
	return fmt.Errorf("%v", list[0])
}

// One code serves many runs.
func TestOneCodeForThreeRuns(t *testing.T) {
	s := openHere(t)
	key, phone := sandbox.NewKey(), sandbox.NewMFADevice()
	aws := startAWS(t, sandbox.Options{Keys: []sandbox.Key{key}, MFADevices: []sandbox.MFADevice{phone}})
	a := model.Account{
		Name: "Ann", Kind: model.KindAccessKey, AccessKeyID: key.AccessKeyID, MFADevice: phone.Serial, Region: "eu-west-1",
		Endpoint: aws.Endpoint(),
	}
	if err := s.Accounts().Save(t.Context(), &a, model.AccountSecrets{SecretKey: key.SecretKey}); err != nil {
		t.Fatal(err)
	}
	_, l := runAs(t, s, a, model.DefaultOptions(), "echo never")
	if len(l.questions) != 1 || l.questions[0] != (runner.MFACode{Account: a}) {
		t.Fatalf("the run asks %+v:\n%s", l.questions, l.text.String())
	}
	asked := 0
	codes := []string{"12", "000000", phone.Code(time.Now())}
	_, err := s.Runs().Runner().EnterCode(t.Context(), a, func(_ context.Context, device string, because error) (string, error) {
		asked++
		if (because == nil) != (asked == 1) || device != phone.Serial {
			t.Errorf("question %d is about %s, because %v", asked, device, because)
		}
		return codes[asked-1], nil
	})
	if err != nil || asked != 3 {
		t.Fatalf("%v after %d questions", err, asked)
	}
	for range 3 {
		if run, l := runAs(t, s, a, model.DefaultOptions(), "aws sts get-caller-identity --query Arn"); run.Status != model.Succeeded {
			t.Errorf("%s:\n%s", run.Status, l.text.String())
		}
	}
}
