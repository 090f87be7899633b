package model_test

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestCheckEnvName(t *testing.T) {
	for name, want := range map[string]string{
		"HTTPS_PROXY": "", "_x1": "", "AWS_MAX_ATTEMPTS": "", "AWS_ENDPOINT_URL_S3": "", "AWS_CA_BUNDLE": "", "PYTHONPATH": "",
		"PSModulePath": "",
		"NO_COLOR":     "", " TRIMMED ": "", "CORP": "", "ENVIRONMENT": "",
		"": "envvar.name.empty", "  ": "envvar.name.empty",
		"1A": "envvar.name.form", "a-b": "envvar.name.form", "a b": "envvar.name.form", "ProgramFiles(x86)": "envvar.name.form",
		"a=b": "envvar.name.form", "é": "envvar.name.form", "a\x00": "envvar.name.form", strings.Repeat("a", 201): "envvar.name.form",
		"AWS_ACCESS_KEY_ID": "envvar.name.reserved", "aws_session_token": "envvar.name.reserved", "AWS_REGION": "envvar.name.reserved",
		"AWS_ENDPOINT_URL": "envvar.name.reserved", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "envvar.name.reserved", "Path": "envvar.name.reserved",
		"AWS_EC2_METADATA_DISABLED": "envvar.name.reserved", "_AWS_CLI_PROFILE_CHAIN": "envvar.name.reserved",
		"STEPDECK_HOME": "envvar.name.reserved", "LD_PRELOAD": "envvar.name.reserved", "DYLD_INSERT_LIBRARIES": "envvar.name.reserved",
		"ENV": "envvar.name.reserved", "BASH_FUNC_aws": "envvar.name.reserved",
		"COR_PROFILER": "envvar.name.reserved", "ComSpec": "envvar.name.reserved",
	} {
		if got := model.ErrorCode(model.CheckEnvName(name)); got != want {
			t.Errorf("%.20q: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]bool{"PYTHONPATH": true, "node_options": true, "AWS_DATA_PATH": true, "GCONV_PATH": true,
		"aws_endpoint_url_STS": true, "AWS_MAX_ATTEMPTS": false, "HTTPS_PROXY": false} {
		if got := model.EnvNotice(name) != ""; got != want {
			t.Errorf("%s has a notice: %v", name, got)
		}
	}
}

func TestCheckEnvVars(t *testing.T) {
	p := model.Project{Name: "P", EnvVars: []model.EnvVar{{Name: "tier"}, {Name: "TIER"}, {Name: "T", Value: "plain", Sensitive: true},
		{Name: "N", Value: "a\x00"}, {Name: "L", Value: strings.Repeat("a", model.MaxEnvValue+1)}}}
	step := model.NewStep("S")
	step.EnvVars = []model.EnvVar{{Name: "PATH"}}
	p.Steps = []model.Step{step}
	got := map[string]string{}
	unsavable := 0
	for _, problem := range p.Check() {
		if strings.Contains(problem.Field, "environment") {
			got[problem.Field] = model.ErrorCode(problem.Err)
			if problem.Unsavable() {
				unsavable++
			}
		}
	}
	want := map[string]string{
		"environment[1].name": "envvar.twice", "environment[2].value": "variable.sensitive.plain", "environment[3].value": "envvar.nul",
		"environment[4].value": "envvar.long", "steps[0].environment[0].name": "envvar.name.reserved",
	}
	if len(got) != len(want) || unsavable != 3 {
		t.Errorf("%v, of which %d keep it from being saved", got, unsavable)
	}
	for field, code := range want {
		if got[field] != code {
			t.Errorf("%s: %q, want %q", field, got[field], code)
		}
	}
}

func TestEnvVarsOfAStep(t *testing.T) {
	p := model.Project{EnvVars: []model.EnvVar{{Name: "A", Value: "project"}, {Name: "B", Value: "project"}}}
	s := model.Step{EnvVars: []model.EnvVar{{Name: "b", Value: "step"}}}
	got := ""
	for _, v := range p.EnvVarsOf(s) {
		got += v.Name + "=" + v.Value + " "
	}
	if got != "A=project b=step " {
		t.Error(got)
	}
}

func TestDeclared(t *testing.T) {
	p := model.Project{
		Variables: []model.Variable{{Name: "V", Type: model.TypeText}, {Name: "env:TAKEN", Type: model.TypeText, Value: "variable"}},
		EnvVars:   []model.EnvVar{{Name: "TOKEN", Value: "plain"}, {Name: "TAKEN"}},
		Steps: []model.Step{{Values: []model.Variable{{Name: "v", Type: model.TypeSensitive}},
			EnvVars: []model.EnvVar{{Name: "Token", Sensitive: true}}}},
	}
	for name, want := range map[string]model.VariableType{
		"v": model.TypeSensitive, "env:token": model.TypeSensitive, " ENV:TOKEN": model.TypeSensitive, "env:TAKEN": model.TypeText,
		"TOKEN": "", "env:": "", "env:other": "",
	} {
		v, known := p.Declared(name)
		if known != (want != "") || v.Type != want {
			t.Errorf("%q: %+v, %v; want %q", name, v, known, want)
		}
		if name == "env:TAKEN" && v.Value != "variable" {
			t.Error("an environment variable wins over a variable of its name")
		}
	}
}
