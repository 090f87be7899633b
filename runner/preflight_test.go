package runner

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// past is what ran before.
type past struct {
	recent, running []model.Run
	values          map[string]string
}

func (p past) RecentRuns(context.Context, string, int) ([]model.Run, error) { return p.recent, nil }
func (p past) RunningRuns(context.Context, string) ([]model.Run, error)     { return p.running, nil }
func (p past) LastValues(context.Context, string, string, []model.ValueName) (map[string]string, error) {
	return p.values, nil
}
func (past) KnownAWSAccount(_ context.Context, id string) (model.AWSAccount, error) {
	return model.AWSAccount{ID: id, Label: "Known"}, nil
}

// known is a configuration whose only accounts these are.
type known struct {
	Configuration
	accounts  []model.Account
	protected bool
}

func (k known) Accounts(context.Context) ([]model.Account, error) { return k.accounts, nil }

func (k known) AWSAccount(_ context.Context, id string) (model.AWSAccount, error) {
	return model.AWSAccount{ID: id, Label: "Prod", Protected: k.protected}, nil
}

// lost is a vault that has lost everything.
type lost struct{}

func (lost) Get(_ context.Context, ref model.SecretRef) (string, error) {
	return "", model.NewError(model.CodeSecretMissing, "There is no %s.", ref.Field)
}

// summary is a short form of a preflight.
func summary(f Preflight) []string {
	var list []string
	for _, q := range f.Questions {
		switch q := q.(type) {
		case Prompt:
			list = append(list, fmt.Sprintf("prompt %s required %v", q.Variable.Name, q.Required))
		case MissingSecret:
			list = append(list, "secret "+q.Name)
		case AccountKey:
			list = append(list, "key "+q.Account.Name)
		case Confirmation:
			list = append(list, "confirm "+q.Account.ID)
		case FirstTime:
			list = append(list, "first "+q.Account.ID)
		case UnseenScript:
			list = append(list, "script of "+q.Step)
		case AlreadyRunning:
			list = append(list, fmt.Sprintf("%s in run %d", q.Step, q.Run.ID))
		}
	}
	for _, r := range f.Refusals {
		text := "refused " + r.Step + " " + r.Field + " " + model.ErrorCode(r.Err)
		if r.Wrong != nil {
			text += fmt.Sprintf(" %s not %s %s, says %s", r.Wrong.Actual.ID, r.Wrong.Expected.ID, r.Wrong.Expected.Label, r.Wrong.From)
		}
		list = append(list, text)
	}
	return list
}

const awsID = "123456789012" // that the world answers

func TestPreflight(t *testing.T) {
	prompt := func(name, value string, required bool) model.Variable {
		p := &model.Prompt{Control: model.ControlText, Required: required}
		return model.Variable{Name: name, Type: model.TypeText, Value: value, Prompt: p}
	}
	secret := func(name string, set bool) model.Variable {
		return model.Variable{ID: model.ID(name), Name: name, Type: model.TypeSensitive, ValueSet: set}
	}
	asked := secret("Token", false)
	asked.Prompt = &model.Prompt{Control: model.ControlText, Required: true}
	started := func(id int64, step, acted string, status model.Status) model.Run {
		return model.Run{ID: id, Steps: []model.StepRun{{
			Step: step, Status: status, Started: model.Run{}.Started.AddDate(1, 0, 0), Identity: model.Identity{AWSID: acted},
		}}}
	}
	aws := func(change func(*model.StepAWS)) func(*model.Project) {
		return func(p *model.Project) {
			p.Variables = append(p.Variables, model.Variable{Name: "web", Type: model.TypeAWSAccount, Value: "Web"})
			p.Steps[0].AWS = model.StepAWS{Account: "web", Region: "eu-west-1"}
			change(&p.Steps[0].AWS)
		}
	}
	nothing := func(*model.StepAWS) {}
	acted := past{recent: []model.Run{started(1, "S", awsID, model.Succeeded)}}
	variables := func(list ...model.Variable) func(*model.Project) {
		return func(p *model.Project) { p.Variables = list }
	}
	type row struct {
		change    func(*model.Project)
		options   PreflightOptions
		given     []model.Given
		confirm   []string
		history   past
		keyless   bool
		protected bool
		lost      bool
		want      []string
	}
	thorough := PreflightOptions{Verify: true}
	for name, tt := range map[string]row{
		"nothing": {change: func(*model.Project) {}, options: thorough},
		"prompts": {
			change: variables(prompt("A", "", true), prompt("B", "x", false)),
			want:   []string{"prompt A required true", "prompt B required false"},
		},
		"accepted": {change: variables(prompt("B", "x", false)), options: PreflightOptions{Accepted: map[string]bool{"value \x00b": true}}},
		"accepted without the value that is needed": {
			change: variables(prompt("B", "", true)), options: PreflightOptions{Accepted: map[string]bool{"value \x00b": true}},
			want: []string{"prompt B required true"},
		},
		"given":          {change: variables(prompt("A", "", true)), given: []model.Given{model.NewGiven("a", "1")}},
		"missing secret": {change: variables(secret("Token", false)), want: []string{"secret Token"}},
		"a prompt comes before the secret it asks for": {change: variables(asked), want: []string{"prompt Token required true"}},
		"a secret that the vault lost": {
			change: variables(secret("Token", true)), options: thorough, lost: true, want: []string{"secret Token"},
		},
		"the vault is not looked into before it must": {change: variables(secret("Token", true)), lost: true},
		"refused": {
			change: func(p *model.Project) { p.Steps[0].AWS = model.StepAWS{Account: model.NoAccount, Region: "#{Nowhere}"} },
			want:   []string{"refused S aws.region field.undefined"},
		},
		"an answer may solve it": {
			change: func(p *model.Project) {
				p.Variables, p.Steps[0].AWS.Region = []model.Variable{prompt("Region", "", false)}, "#{Region}"
			},
			want: []string{"prompt Region required false"},
		},
		"no answer solves it": {
			change: func(p *model.Project) {
				p.Variables, p.Steps[0].AWS.Region = []model.Variable{prompt("Region", "", false)}, "nowhere"
			},
			want: []string{"prompt Region required false", "refused S aws.region region.form"},
		},
		"an answer that is none": {
			change: func(p *model.Project) {
				p.Variables, p.Steps[0].AWS.Region = []model.Variable{prompt("Region", "", false)}, "#{Region}"
			},
			options: PreflightOptions{Accepted: map[string]bool{"value \x00region": true}}, want: []string{"refused S aws.region field.empty"},
		},
		"first time":          {change: aws(nothing), options: thorough, want: []string{"first " + awsID}},
		"first time accepted": {change: aws(nothing), options: PreflightOptions{Verify: true, Accepted: map[string]bool{"first " + awsID: true}}},
		"acted there before":  {change: aws(nothing), options: thorough, history: acted},
		"nobody asked AWS":    {change: aws(nothing)},
		"no secret key":       {change: aws(nothing), options: thorough, keyless: true, want: []string{"key Web"}},
		"protected": {
			change: aws(nothing), options: thorough, protected: true, history: acted, want: []string{"confirm " + awsID},
		},
		"protected, the first time": {
			change: aws(nothing), options: thorough, protected: true, want: []string{"confirm " + awsID, "first " + awsID},
		},
		"confirmed": {change: aws(nothing), options: thorough, protected: true, history: acted, confirm: []string{"prod"}},
		"the wrong account": {
			change: aws(func(a *model.StepAWS) { a.Expect = "999999999999" }), options: thorough,
			want: []string{"refused S aws run.expect " + awsID + " not 999999999999 Known, says the step"},
		},
		"a script": {
			change: func(*model.Project) {}, options: PreflightOptions{Seen: func(string) bool { return false }}, want: []string{"script of S"},
		},
		"a script that was seen": {
			change:  func(*model.Project) {},
			options: PreflightOptions{Seen: func(hash string) bool { return hash == model.ScriptHash("echo #{Token}\n") }},
		},
		"already running": {
			change: func(*model.Project) {}, options: thorough, want: []string{"s in run 7"},
			history: past{running: []model.Run{started(7, "s", "", model.Running), started(8, "Other", "", model.Running)}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, r, _ := newWorld(t)
			web := model.Account{
				ID: "web", Name: "Web", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretSet: !tt.keyless, Endpoint: w.aws,
			}
			r.deps.Configuration, r.deps.History = known{w, []model.Account{web}, tt.protected}, tt.history
			if tt.lost {
				r.deps.Secrets = lost{}
			}
			project := model.Project{Name: "P", Steps: []model.Step{model.NewStep("S")}}
			project.Steps[0].AWS = model.StepAWS{Account: model.NoAccount}
			project.Steps[0].Script = model.Script{Source: model.SourceInline, Language: model.Bash, Body: "echo #{Token}\n"}
			tt.change(&project)
			req := Request{Project: project, RunOptions: model.RunOptions{Given: tt.given, Confirm: tt.confirm}}
			got, err := r.Preflight(t.Context(), req, tt.options)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(summary(got), tt.want) {
				t.Errorf("got %q, want %q", summary(got), tt.want)
			}
			if !tt.options.Verify && slices.ContainsFunc(w.names, func(n string) bool { return n == "the vault" || n == "STS" }) {
				t.Errorf("somebody was asked: %q", w.names)
			}
		})
	}
}

func TestOnlyARunBeforeHasValues(t *testing.T) {
	_, r, _ := newWorld(t)
	project := model.Project{Name: "P", Steps: []model.Step{model.NewStep("S")}}
	project.Steps[0].AWS = model.StepAWS{Account: model.NoAccount}
	project.Steps[0].Script = model.Script{Source: model.SourceInline, Language: model.Bash, Body: "echo"}
	project.Variables = []model.Variable{{Name: "Check", Type: model.TypeText, Prompt: &model.Prompt{Control: model.ControlCheckbox}}}
	for want, values := range map[string]map[string]string{
		"": nil, model.CheckedValue: {"\x00check": "True"}, model.UncheckedValue: {"\x00check": "False"},
	} {
		r.deps.History = past{values: values}
		f, err := r.Preflight(t.Context(), Request{Project: project}, PreflightOptions{})
		if err != nil || len(f.Questions) != 1 {
			t.Fatalf("%v: %+v", err, f.Questions)
		}
		if got := f.Questions[0].(Prompt).Last; got != want {
			t.Errorf("the value of the last run is %q, want %q", got, want)
		}
	}
}

func TestPreflightOfInvalidRequests(t *testing.T) {
	_, r, project := newWorld(t)
	project.Environments = []string{"Test", "Production"}
	_, err := r.Preflight(t.Context(), Request{Project: project}, PreflightOptions{})
	q, ok := QuestionOf(err).(Environments)
	if !ok || !slices.Equal(q.Names, project.Environments) || model.ErrorCode(err) != "run.environment.missing" {
		t.Errorf("%v asks %v", err, q)
	}
}

// A question has one key, and no other question has it.
func TestKeysOfQuestions(t *testing.T) {
	same := [][]Question{
		{Prompt{Variable: model.Variable{Name: "A"}}, Prompt{Variable: model.Variable{Name: "a"}, Required: true}},
		{Prompt{Variable: model.Variable{Name: "A"}, Step: "S"}, Prompt{Variable: model.Variable{Name: "a"}, Step: "s"}},
		{Prompt{Variable: model.Variable{Name: "A"}, Step: "T"}},
		{MissingSecret{Name: "A"}, MissingSecret{Name: "a"}},
		{MissingSecret{Step: "S", Name: "A"}, MissingSecret{Step: "s", Name: "a"}},
		{MissingSecret{Step: "T", Name: "A"}},
		{AccountKey{model.Account{ID: "a"}}, AccountKey{model.Account{ID: "a", Name: "Web"}}},
		{Confirmation{model.AWSAccount{ID: "1"}}, Confirmation{model.AWSAccount{ID: "1", Label: "Prod"}}},
		{FirstTime{model.AWSAccount{ID: "1"}}}, {UnseenScript{Hash: "a"}, UnseenScript{Hash: "a", Step: "S"}}, {UnseenScript{Hash: "b"}},
		{AlreadyRunning{"S", model.Run{ID: 1}}, AlreadyRunning{"s", model.Run{ID: 1, Project: "P"}}}, {AlreadyRunning{"S", model.Run{ID: 2}}},
		{Environments{}, Environments{[]string{"Test"}}},
	}
	kinds := map[string]int{}
	for i, list := range same {
		for _, q := range list {
			if first, known := kinds[q.Key()]; known && first != i {
				t.Errorf("%#v has the key of another question, %q", q, q.Key())
			}
			if q.Key() != list[0].Key() {
				t.Errorf("%#v has the key %q, want %q", q, q.Key(), list[0].Key())
			}
			kinds[q.Key()] = i
		}
	}
}
