package projects

import (
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

func (r *rig) secretOf(v model.EnvVar) string {
	text, _ := r.vault.Get(r.t.Context(), v.ValueRef())
	return text
}

func TestEnvironmentVariablesOfAStep(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check")
	add := func(name, text, secret string) *envVarForm {
		f.envVars.open(-1)
		e := f.envVars.form
		e.name.SetText(name)
		e.text.SetText(text)
		e.sensitive.SetChecked(secret != "")
		e.secret.SetText(secret)
		e.form.Keys.Enter()
		return e
	}
	for name, want := range map[string]string{"PATH": "envvar.name.reserved", "a b": "envvar.name.form", "": "envvar.name.empty"} {
		e := add(name, "x", "")
		if got := model.ErrorCode(e.form.Field("environment[].name").Err()); got != want || len(f.envVars.list) != 0 {
			t.Errorf("%q: %q, want %q; the step has %v", name, got, want, f.envVars.list)
		}
		e.dialog.Close()
	}
	add("TIER", "#{Nothing}", "")
	if note := f.envVars.form.form.Field("environment[].value").Note(); note == "" {
		t.Error("no note about an undefined name")
	}
	add("TOKEN", "", "s3cret-token")
	twice := add("tier", "", "")
	if len(f.envVars.list) != 2 || twice.form.Field("environment[].name").Err() == nil {
		t.Errorf("a second tier is accepted: %v", f.envVars.list)
	}
	twice.dialog.Close()
	if !f.Dirty() || f.envVars.summary() != "TIER · TOKEN" {
		t.Errorf("dirty %v, summary %q", f.Dirty(), f.envVars.summary())
	}
	f.Save(nil)
	r.idle()
	s, _ := r.stored().Step("Check")
	if len(s.EnvVars) != 2 || s.EnvVars[0].Value != "#{Nothing}" || !s.EnvVars[1].ValueSet || r.secretOf(s.EnvVars[1]) != "s3cret-token" {
		t.Fatalf("stored %+v with the secret %q", s.EnvVars, r.secretOf(s.EnvVars[1]))
	}
	// A sensitive one that is edited keeps its value; as a text it loses it.
	f.envVars.open(1)
	f.envVars.form.name.SetText("TOKEN_2")
	f.envVars.form.form.Keys.Enter()
	f.Save(nil)
	r.idle()
	s, _ = r.stored().Step("Check")
	if v := s.EnvVars[1]; v.Name != "TOKEN_2" || r.secretOf(v) != "s3cret-token" {
		t.Errorf("renamed it is %+v with the secret %q", v, r.secretOf(v))
	}
	f.envVars.open(1)
	f.envVars.form.sensitive.SetChecked(false)
	f.envVars.form.form.Keys.Enter()
	f.Save(nil)
	r.idle()
	s, _ = r.stored().Step("Check")
	if v := s.EnvVars[1]; v.Sensitive || v.ValueSet || r.secretOf(v) != "" {
		t.Errorf("as a text it is %+v with the secret %q", v, r.secretOf(v))
	}
}

func TestEnvironmentVariablesOfAProject(t *testing.T) {
	r := newRig(t, large, website())
	r.place.open.editSettings()
	f := r.place.open.settings
	f.envVars.open(-1)
	f.envVars.form.name.SetText("TOKEN")
	f.envVars.form.sensitive.SetChecked(true)
	f.envVars.form.secret.SetText("s3cret-token")
	f.envVars.form.form.Keys.Enter()
	f.form.Keys.Enter()
	r.idle()
	p := r.stored()
	if len(p.EnvVars) != 1 || !p.EnvVars[0].ValueSet || r.secretOf(p.EnvVars[0]) != "s3cret-token" {
		t.Fatalf("stored %+v", p.EnvVars)
	}
	r.place.open.editSettings()
	f = r.place.open.settings
	f.description.SetText("other")
	f.form.Keys.Enter()
	r.idle()
	if now := r.stored(); !slices.Equal(now.EnvVars, p.EnvVars) || now.Description != "other" {
		t.Errorf("after another edit of the project: %+v", now.EnvVars)
	}
}

// TestSavingAnOpenedEnvironmentVariableKeepsEveryField fails when the form drops a field that it was opened with.
func TestSavingAnOpenedEnvironmentVariableKeepsEveryField(t *testing.T) {
	var filled []string
	for _, v := range []model.EnvVar{{ID: "1", Name: "A", Value: "b"}, {ID: "2", Name: "A", Sensitive: true, ValueSet: true}} {
		filled = append(filled, uitest.ChangedFields(model.EnvVar{}, v)...)
		f := newEnvVarForm(nil, envValue{EnvVar: v}, func() scope { return newScope(nil, nil, "") })
		if got := f.value().EnvVar; got != v {
			t.Errorf("%+v becomes %+v", v, got)
		}
	}
	for _, field := range uitest.Fields[model.EnvVar]() {
		if !slices.Contains(filled, field) {
			t.Errorf("%s: fill it in in this test", field)
		}
	}
}

func TestACopiedStepHasNoSecretsOfTheOriginal(t *testing.T) {
	project := website()
	project.Steps[0].EnvVars = []model.EnvVar{{Name: "TOKEN", Sensitive: true, ValueSet: true}}
	r := newRig(t, large, project)
	p := r.place.open.process
	p.copy(p.table.Rows()[0])
	r.idle()
	steps := r.stored().Steps
	if len(steps) != len(project.Steps)+1 {
		t.Fatalf("%d steps", len(steps))
	}
	for _, s := range steps {
		for _, v := range s.EnvVars {
			if want := s.Name == project.Steps[0].Name; v.ValueSet != want {
				t.Errorf("%s: %+v", s.Name, v)
			}
		}
	}
}
