package runner

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// A run reads what its steps are made of once: for the plan, for who each step would be, and for each step's turn.
func TestARunReadsItsPartsOnce(t *testing.T) {
	w, r, project := newWorld(t)
	if run, err := r.Run(t.Context(), Request{Project: project}, w, nil); err != nil || run.Status != model.Succeeded {
		t.Fatalf("%+v, %v", run, err)
	}
	for _, part := range []string{
		"the accounts", "finding the package", "listing the package", "reading the script", "finding the interpreter", "finding aws",
	} {
		if n := len(w.names) - len(slices.DeleteFunc(slices.Clone(w.names), func(n string) bool { return n == part })); n != 1 {
			t.Errorf("%s: %d times", part, n)
		}
	}
}

func secretive() model.Project {
	return model.Project{
		Name: "P",
		Variables: []model.Variable{
			{ID: "1", Name: "Password", Type: model.TypeSensitive, ValueSet: true},
			{Name: "Uses", Type: model.TypeText, Value: "pw=#{Password}"},
		},
		Steps: []model.Step{{
			Name: "S", Enabled: true, Options: model.DefaultOptions(),
			Values: []model.Variable{{ID: "2", Name: "Own", Type: model.TypeSensitive, ValueSet: true}},
			AWS:    model.StepAWS{Account: model.NoAccount},
			Script: model.Script{
				Source: model.SourceInline, Language: model.Bash, Body: "echo '#{Password} #{Uses} #{Own} #{Given}'\n", Parameters: "-p #{Password}",
			},
		}},
	}
}

// What can be printed of a plan never holds a secret, however it is printed, and whatever holds it.
func TestPlansDoNotLeakRealValues(t *testing.T) {
	const secret = "hunter2" // twice in the world's vault
	w, r, _ := newWorld(t)
	project := secretive()
	project.Variables = append(project.Variables, model.Variable{Name: "Given", Type: model.TypeSensitive})
	given := []model.Given{model.NewGiven("Given", "hunter2-given")}
	p, err := r.newPlanner(t.Context(), Request{Project: project, RunOptions: model.RunOptions{Given: given}})
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(w.names, "the vault") {
		t.Error("the plan opened the vault")
	}
	opened, err := p.open(t.Context(), r.revealer(r.newMasker()), nil)
	if err != nil {
		t.Fatal(err)
	}
	step := opened.steps[0]
	of := step.real()
	if strings.Count(of.Script, secret) != 7 || !strings.Contains(of.Parameters, secret) {
		t.Fatalf("the step does not have the real values: %q %q", of.Script, of.Parameters)
	}
	inside := struct{ step openStep }{step}
	var out bytes.Buffer
	for _, v := range []any{p.plan, &p.plan, step, opened, opened.steps, inside, &inside, []any{step}, map[string]any{"step": step}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
		slog.New(slog.NewTextHandler(&out, nil)).Info("text", "value", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "value", v)
	}
	for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret)} {
		if at := strings.Index(out.String(), form); at >= 0 {
			t.Errorf("%q is printed: …%s", form, out.String()[max(0, at-80):at+20])
		}
	}
	if !strings.Contains(out.String(), "echo '"+hidden+" pw="+hidden+" "+hidden+" "+hidden+"'") {
		t.Errorf("the plan does not show the hidden values:\n%s", out.String())
	}
}

// Without a sensitive value, the plan is resolved once, and the vault stays closed.
func TestAPlanWithoutSecretsIsTheRealOne(t *testing.T) {
	w, r, project := newWorld(t)
	project.Variables = project.Variables[:2]
	p, err := r.newPlanner(t.Context(), Request{Project: project})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := p.open(t.Context(), r.revealer(r.newMasker()), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range opened.steps {
		if s.real() != &p.plan.Steps[i] {
			t.Errorf("step %d was resolved again", i+1)
		}
		packaged := s.real().Package != nil // the path of its contents is known only then
		if again, err := opened.finalStep(t.Context(), i); err != nil || (again.real() != s.real()) != packaged {
			t.Errorf("step %d is resolved again at its turn: %t, want %t, %v", i+1, !packaged, packaged, err)
		}
	}
	if slices.Contains(w.names, "the vault") {
		t.Error("the vault was opened")
	}
	opened.setOutput(0, model.Output{Name: "web", Value: "x"})
	if again, err := opened.finalStep(t.Context(), 1); err != nil || again.real() != opened.steps[1].real() {
		t.Errorf("an output changes other steps before its own has ended, %v", err)
	}
	opened.ended(0, model.StepRun{Step: "Packaged", Status: model.Succeeded}, "")
	if again, err := opened.finalStep(t.Context(), 1); err != nil || again.real() == opened.steps[1].real() {
		t.Errorf("an output does not change later steps, %v", err)
	}
}
