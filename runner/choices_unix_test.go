//go:build !windows

package runner

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/sandbox"
	"github.com/stepdeck/stepdeck/runner/script"
)

// chosenTools are the world's programs with another aws.
type chosenTools struct {
	Tools
	aws string
	err error
}

func (c chosenTools) AWS(context.Context) (script.Tool, error) {
	return script.Tool{Kind: script.AWS, Path: c.aws, Version: "2.30.0"}, c.err
}

// vaultOf has one secret.
type vaultOf string

func (v vaultOf) Get(context.Context, model.SecretRef) (string, error) { return string(v), nil }

// fakeAWS writes a program in the place of aws. It counts its calls in a file beside it.
func fakeAWS(t *testing.T, script string) (path string, calls func() int) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "aws")
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho call >> '"+path+".calls'\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path, func() int {
		text, _ := os.ReadFile(path + ".calls")
		return strings.Count(string(text), "call")
	}
}

// choosing returns a project whose step S asks with an account, and a runner for it with the aws at a path.
func choosing(t *testing.T, aws string, c model.Choices) (*world, *Runner, Request) {
	t.Helper()
	w, r, _ := newWorld(t)
	r.deps.Tools = chosenTools{Tools: w, aws: aws}
	steps := []model.Step{model.NewStep("None"), model.NewStep("First"), model.NewStep("S")}
	for i, account := range []string{model.NoAccount, "web", "web"} {
		steps[i].AWS = model.StepAWS{Account: account, Region: "eu-west-1"}
		steps[i].Script = model.Script{Source: model.SourceInline, Language: model.Bash, Body: "echo\n"}
	}
	steps[0].Script.Body, steps[2].Script.Body = "echo $(get_octopusvariable Bucket)\n", "echo '#{Bucket}'\n"
	steps[2].AWS.Region = "eu-north-1"
	return w, r, Request{Project: model.Project{Name: "P", Steps: steps, Variables: []model.Variable{
		{Name: "web", Type: model.TypeAWSAccount, Value: "Web"},
		{Name: "Bucket", Type: model.TypeText, Prompt: &model.Prompt{Control: model.ControlText, Choices: &c}},
	}}}
}

func valuesOf(c Choices) string {
	var list []string
	for _, v := range c.List {
		list = append(list, v.Value)
	}
	return strings.Join(list, " ")
}

// TestChoicesOfBuckets asks a sandbox with the real aws, in the role that the step assumes.
func TestChoicesOfBuckets(t *testing.T) {
	aws, err := exec.LookPath("aws")
	if err != nil {
		if os.Getenv("STEPDECK_REQUIRE_TOOLS") == "1" {
			t.Fatal("there is no aws, so choices can't be shown to work")
		}
		t.Skip("NOT SHOWN: there is no aws")
	}
	key := sandbox.NewKey()
	s, err := sandbox.Start(t.Context(), sandbox.Options{Keys: []sandbox.Key{key}, AllowAnyRole: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, bucket := range []string{"zebra-logs", "alpha-data"} {
		cmd := exec.CommandContext(t.Context(), aws, "s3api", "create-bucket", "--bucket", bucket)
		cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+s.Endpoint(), "AWS_ACCESS_KEY_ID="+key.AccessKeyID,
			"AWS_SECRET_ACCESS_KEY="+key.SecretKey, "AWS_REGION=us-east-1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s", out)
		}
	}
	w, r, req := choosing(t, aws, model.Choices{Of: model.ChooseBucket})
	r.deps.Secrets = vaultOf(key.SecretKey)
	r.deps.Configuration = known{w, []model.Account{{
		ID: "web", Name: "Web", Kind: model.KindAccessKey, AccessKeyID: key.AccessKeyID, SecretSet: true, Endpoint: s.Endpoint(),
	}}, true}
	req.Project.Steps[2].AWS.AssumeRole = &model.AssumeRole{ARN: sandbox.DefaultRoles()[0].ARN}
	list, err := r.Choices(t.Context(), req, model.ValueName{Name: "bucket"}, ChoicesOptions{})
	if err != nil || valuesOf(list) != "alpha-data zebra-logs" {
		t.Fatalf("%+v, %v", list, err)
	}
	if list.Step != "S" || list.Region != "eu-north-1" ||
		!strings.Contains(list.Identity.ARN, ":assumed-role/") || list.Account.Label != "Prod" {
		t.Errorf("asked as %+v", list)
	}
	// A command of the project in a protected account waits until a person has confirmed that.
	own := model.Choices{Of: model.ChooseCommand, Command: []string{"s3api", "list-buckets"},
		Query: "Buckets[?contains(Name,'data')].[Name,'x']"}
	req.Project.Variables[1].Prompt.Choices = &own
	if _, err := r.Choices(t.Context(), req, model.ValueName{Name: "Bucket"}, ChoicesOptions{}); model.ErrorCode(err) != CodeUnconfirmed {
		t.Errorf("unconfirmed: %v", err)
	}
	req.Confirm = []string{"prod"}
	list, err = r.Choices(t.Context(), req, model.ValueName{Name: "Bucket"}, ChoicesOptions{})
	if err != nil || len(list.List) != 1 || list.List[0] != (model.Choice{Value: "alpha-data", Label: "x"}) {
		t.Errorf("%+v, %v", list.List, err)
	}
}

// TestTheEnvironmentOfChoices shows, with a program in the place of aws, what it gets: the step's keys and region, and nothing that the
// project says of the environment.
func TestTheEnvironmentOfChoices(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	aws, _ := fakeAWS(t, `[ -f "$AWS_CONFIG_FILE" ] && private=yes
printf '["%s","%s","%s","%s","%s","%s"]' \
	"$AWS_ACCESS_KEY_ID" "$AWS_REGION" "$AWS_ENDPOINT_URL" "p$private" "x$AWS_PROFILE" "h$HTTPS_PROXY"`)
	w, r, req := choosing(t, aws, model.Choices{Of: model.ChooseCommand, Command: []string{"a", "b"}})
	r.deps.Environ = append(r.deps.Environ, "AWS_PROFILE=other")
	req.Project.EnvVars = []model.EnvVar{{Name: "HTTPS_PROXY", Value: "http://evil:1"}}
	list, err := r.Choices(t.Context(), req, model.ValueName{Name: "Bucket"}, ChoicesOptions{})
	if want := "AKIAIOSFODNN7EXAMPLE eu-north-1 " + w.aws + " pyes x h"; err != nil || valuesOf(list) != want {
		t.Errorf("%q, %v, want %q", valuesOf(list), err, want)
	}
	if list.Region != "eu-north-1" {
		t.Errorf("asked in %s", list.Region)
	}
	req.Project.Variables[1].Prompt.Choices.Command = []string{"a", "b", "--region", "us-west-2"}
	if list, err := r.Choices(t.Context(), req, model.ValueName{Name: "Bucket"}, ChoicesOptions{}); err != nil || list.Region != "us-west-2" {
		t.Errorf("with a region of its own asked in %s, %v", list.Region, err)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "stepdeck-choices-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left are %q, %v", left, err)
	}
}

// TestChoicesAreKept asks again only for another question, after some minutes, or when told so.
func TestChoicesAreKept(t *testing.T) {
	aws, calls := fakeAWS(t, `echo '["a","b,c"," d"]'`)
	w, r, req := choosing(t, aws, model.Choices{Of: model.ChooseBucket})
	ask := func(want int, o ChoicesOptions) Choices {
		t.Helper()
		list, err := r.Choices(t.Context(), req, model.ValueName{Name: "Bucket"}, o)
		if err != nil || calls() != want {
			t.Errorf("%d calls, want %d; %v", calls(), want, err)
		}
		return list
	}
	ask(1, ChoicesOptions{})
	ask(1, ChoicesOptions{})
	ask(2, ChoicesOptions{Refresh: true})
	w.ahead.Store(int64(choicesKept))
	ask(3, ChoicesOptions{})
	req.Project.Steps[2].AWS.Region = "eu-west-3"
	ask(4, ChoicesOptions{})
	req.Project.Variables[1].Prompt.Control = model.ControlMultiSelect
	if list := ask(5, ChoicesOptions{}); valuesOf(list) != "a" || list.LeftOut != 2 {
		t.Errorf("for several: %q, %d left out", valuesOf(list), list.LeftOut)
	}
	if list := ask(5, ChoicesOptions{}); list.LeftOut != 2 {
		t.Error("what is kept has lost how many were left out")
	}
}

func TestTheCacheOfChoicesIsBounded(t *testing.T) {
	var c choicesCache
	var wg sync.WaitGroup
	for i := range 2 * keptLists {
		wg.Go(func() { c.put([32]byte{byte(i)}, Choices{At: time.Unix(int64(i), 0)}) })
	}
	wg.Wait()
	if len(c.kept) != keptLists {
		t.Errorf("%d are kept", len(c.kept))
	}
	if _, ok := c.get([32]byte{2*keptLists - 1}, time.Unix(2*keptLists, 0)); !ok {
		t.Error("the newest is gone")
	}
}

func TestChoicesThatAreNotRead(t *testing.T) {
	good, _ := fakeAWS(t, "echo '[]'")
	for name, tt := range map[string]struct {
		change func(*Request, *Runner)
		aws    string
		want   string
		asks   bool // a person can help
	}{
		"another variable":  {change: func(q *Request, _ *Runner) { q.Project.Variables[1].Name = "Other" }, want: "choices.none"},
		"a prompt without":  {change: func(q *Request, _ *Runner) { q.Project.Variables[1].Prompt.Choices = nil }, want: "choices.none"},
		"another region":    {change: func(q *Request, _ *Runner) { q.Project.Steps[2].AWS.Region = "#{Nowhere}" }, want: "field.undefined"},
		"the wrong account": {change: func(q *Request, _ *Runner) { q.Project.Steps[2].AWS.Expect = "999999999999" }, want: wrongAccount},
		"no aws": {change: func(_ *Request, r *Runner) {
			r.deps.Tools = chosenTools{r.deps.Tools, "", model.NewError("tool.missing", "No.")}
		}, want: "tool.missing"},
		"no key":             {change: func(_ *Request, r *Runner) { r.deps.Secrets = lost{} }, want: "account.secret.missing", asks: true},
		"an aws that is old": {change: func(_ *Request, r *Runner) { r.deps.Tools = oldTools{r.deps.Tools} }, want: "choices.endpoint"},
		"refused":            {aws: "echo 'An error occurred (AccessDenied): hunter2-hunter2' >&2; exit 254", want: "choices.refused"},
		"no account": {change: func(q *Request, _ *Runner) {
			for i := range q.Project.Steps {
				q.Project.Steps[i].AWS.Account = model.NoAccount
			}
		}, want: "choices.account"},
		"slow": {aws: "sleep 60", want: "choices.timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			aws := good
			if tt.aws != "" {
				aws, _ = fakeAWS(t, tt.aws)
			}
			_, r, req := choosing(t, aws, model.Choices{Of: model.ChooseBucket})
			if tt.change != nil {
				tt.change(&req, r)
			}
			o := ChoicesOptions{}
			if tt.want == "choices.timeout" {
				o.Limit = 50 * time.Millisecond
			}
			list, err := r.Choices(t.Context(), req, model.ValueName{Name: "Bucket"}, o)
			if model.ErrorCode(err) != tt.want || (QuestionOf(err) != nil) != tt.asks || len(list.List) > 0 {
				t.Errorf("%v, %v", list, err)
			}
			if strings.Contains(fmt.Sprint(err), "hunter2") {
				t.Errorf("it says the key: %v", err)
			}
		})
	}
}

// oldTools have an aws that does not read AWS_ENDPOINT_URL.
type oldTools struct{ Tools }

func (oldTools) AWS(context.Context) (script.Tool, error) {
	return script.Tool{Kind: script.AWS, Path: "/bin/false", Version: "2.9.0"}, nil
}

// TestTheStepThatIsAsked is the first one that has an account and needs the variable, or else the first one that has an account.
func TestTheStepThatIsAsked(t *testing.T) {
	aws, _ := fakeAWS(t, "echo '[]'")
	for name, tt := range map[string]struct {
		change func(*model.Project)
		want   string
	}{
		"its script": {func(*model.Project) {}, "S"},
		"its region": {func(p *model.Project) {
			p.Variables[1].Value = "eu-west-1"
			p.Steps[1].AWS.Region = "#{Bucket}"
		}, "First"},
		"another step's own value": {func(p *model.Project) {
			p.Steps[1].Values = []model.Variable{p.Variables[1]}
		}, "S"},
		"its own value": {func(p *model.Project) {
			p.Steps[1].Values = []model.Variable{p.Variables[1]}
			p.Variables[1].Name = "Other"
		}, "First"},
		"another variable that has it": {func(p *model.Project) {
			p.Variables = append(p.Variables, model.Variable{Name: "Path", Type: model.TypeText, Value: "s3://#{Bucket}/"})
			p.Steps[1].Script.Body = "echo $(get_octopusvariable Path)\n"
		}, "First"},
		"an argument": {func(p *model.Project) {
			p.Steps[1].Script.Arguments = []model.Argument{{Name: "B", Value: "#{Bucket}", As: model.ArgumentText}}
		}, "First"},
		"a step that uses a longer name": {func(p *model.Project) {
			p.Steps[1].Script.Body, p.Steps[1].Script.Parameters = "echo '#{Bucket.Name} #{My.Bucket}'\n", "#{Old.Bucket}"
			p.Variables = append(p.Variables, model.Variable{Name: "Bucket.Name", Type: model.TypeText, Value: "x"})
		}, "S"},
		"a step that says the name": {func(p *model.Project) {
			p.Steps[1].Script.Body = "n=$1; echo Bucket #{Octopus.Project.Name} $(get_octopusvariable \"$n\")\n"
		}, "S"},
		"the first that may read the name": {func(p *model.Project) {
			p.Steps[1].Script.Body, p.Steps[2].Script.Body = "echo\n", "n=Bucket; echo $(get_octopusvariable \"$n\")\n"
		}, "S"},
		"a value that only has the word": {func(p *model.Project) {
			p.Variables = append(p.Variables, model.Variable{Name: "Path", Type: model.TypeText, Value: "Bucket #{Octopus.Project.Name}"})
			p.Steps[1].Script.Body = "echo '#{Path}'\n"
		}, "S"},
		"values that lead to it, and to each other": {func(p *model.Project) {
			p.Variables = append(p.Variables, model.Variable{Name: "A", Type: model.TypeText, Value: "#{if B}#{B}#{/if}"},
				model.Variable{Name: "B", Type: model.TypeText, Value: "#{A} #{Bucket | ToUpper}"})
			p.Steps[1].Script.Body = "echo '#{A.x[0]}'\n"
		}, "First"},
		"its condition": {func(p *model.Project) {
			p.Steps[1].Options.Condition, p.Steps[1].Options.ConditionExpression = model.ConditionVariable, "#{Bucket}"
		}, "First"},
		"an environment variable that its script reads": {func(p *model.Project) {
			p.EnvVars = []model.EnvVar{{Name: "B", Value: "#{Bucket}"}}
			p.Steps[1].Script.Body = "echo $B\n"
		}, "First"},
		"an environment variable that another script reads": {func(p *model.Project) {
			p.EnvVars = []model.EnvVar{{Name: "B", Value: "#{Bucket}"}}
			p.Steps[1].Script.Body, p.Steps[2].Script.Body = "echo\n", "echo $B\n"
		}, "S"},
		"nobody": {func(p *model.Project) { p.Steps[2].Script.Body = "echo\n" }, "First"},
	} {
		t.Run(name, func(t *testing.T) {
			_, r, req := choosing(t, aws, model.Choices{Of: model.ChooseBucket})
			tt.change(&req.Project)
			list, err := r.Choices(t.Context(), req, model.ValueName{Name: "Bucket"}, ChoicesOptions{})
			if err != nil || list.Step != tt.want {
				t.Errorf("%q, %v", list.Step, err)
			}
		})
	}
}

// TestEachStepAsksForItsOwnChoices is also for two steps whose values have one name: each is asked for as its step.
func TestEachStepAsksForItsOwnChoices(t *testing.T) {
	aws, _ := fakeAWS(t, "echo '[]'")
	_, r, req := choosing(t, aws, model.Choices{Of: model.ChooseBucket})
	own := req.Project.Variables[1]
	req.Project.Variables[1].Name = "Other"
	req.Project.Steps[1].Values, req.Project.Steps[2].Values = []model.Variable{own}, []model.Variable{own}
	for _, s := range req.Project.Steps[1:3] {
		for _, of := range []model.ValueName{{Step: s.Name, Name: "bucket"}, {Name: s.Name + "/Bucket"}} {
			list, err := r.Choices(t.Context(), req, of, ChoicesOptions{})
			if err != nil || list.Step != s.Name {
				t.Errorf("for %s it asks as %q, %v", of, list.Step, err)
			}
		}
	}
	if _, err := r.Choices(t.Context(), req, model.ValueName{Name: "Bucket"}, ChoicesOptions{}); model.ErrorCode(err) != CodeSeveralValues {
		t.Errorf("a name that can mean both gives %v", err)
	}
}
