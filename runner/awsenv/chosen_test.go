package awsenv

import (
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// What decides who a script is, and where it acts, can't be chosen by a project: every variable that a session brings.
func TestSessionVariablesAreReserved(t *testing.T) {
	e := environment{}
	names := append(ServedNames(), "AWS_REGION", "AWS_DEFAULT_REGION", endpointVariable, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_EC2_METADATA_DISABLED", "PATH")
	for _, v := range e.privateConfig("/work") {
		names = append(names, v.Name)
	}
	for _, name := range names {
		if model.CheckEnvName(name) == nil {
			t.Errorf("a project can set %s: add it to reservedEnv in model/envvar.go", name)
		}
	}
	for _, name := range allowed {
		if err := model.CheckEnvName(name); err != nil {
			t.Errorf("%s can be inherited and not be set: %v", name, err)
		}
	}
}

func TestChosenVariables(t *testing.T) {
	inherited := []string{"https_proxy=http://old:1", "HTTPS_PROXY=http://old:2", "LANG=C", "PYTHONPATH=/mine", "NO_COLOR=0", "PATH=/bin"}
	o := Options{OS: "linux", Chosen: []Variable{
		{"HTTPS_PROXY", "http://new:3"}, {"LANG", ""}, {"PYTHONPATH", "/theirs"}, {"AWS_PAGER", "less"}, {"Lang", "other"},
	}}
	got := Environ(inherited, Session{}, o)
	for _, want := range []string{
		"HTTPS_PROXY=http://new:3", "https_proxy=http://new:3", "LANG=", "Lang=other", "PYTHONPATH=/theirs", "AWS_PAGER=less", "NO_COLOR=1",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is missing in %q", want, got)
		}
	}
	if names := Withheld(inherited, Session{}, o); len(names) > 0 {
		t.Errorf("named as not passed on: %q", names)
	}
	if names := Withheld(inherited, Session{}, Options{OS: "linux"}); !slices.Equal(names, []string{"PYTHONPATH"}) {
		t.Errorf("without them: %q", names)
	}
	o.OS = "windows"
	got = Environ([]string{"Lang=old"}, Session{}, o)
	if n := len(slices.DeleteFunc(got, func(v string) bool { return !strings.EqualFold(v[:min(5, len(v))], "LANG=") })); n != 1 {
		t.Errorf("on Windows %d variables are called LANG: %q", n, got)
	}
}
