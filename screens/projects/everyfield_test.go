package projects

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// fullStep has a value in every field that the form of a step shows, other than the one that a new step has.
func fullStep(source model.Source) model.Step {
	s := model.NewStep("Full")
	s.Enabled = false
	s.Pinned = true
	s.Values = []model.Variable{{Name: "Tier", Type: model.TypeText, Value: "web"}}
	s.EnvVars = []model.EnvVar{{Name: "TIER", Value: "#{Tier}"}, {Name: "TOKEN", Sensitive: true, ValueSet: true}}
	s.AWS = model.StepAWS{
		Account: "aws.account", Expect: "123456789012", Region: "us-east-2",
		AssumeRole: &model.AssumeRole{
			ARN: "arn:aws:iam::123456789012:role/deployer", SessionName: "s", Duration: 3600, ExternalID: "x1",
			Policy: `{"Statement": []}`, PolicyARNs: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess", "#{Policy}"}, SourceIdentity: "me",
			Tags: []model.Tag{{Key: "Team", Value: "web=1", Transitive: true}, {Key: "Cost centre"}},
			Then: []model.AssumeRole{
				{ARN: "arn:aws:iam::210987654321:role/between", SessionName: "t", Duration: 1800, ExternalID: "x2", Policy: `{"Statement": {}}`},
				{ARN: "#{Reader}", PolicyARNs: []string{"#{Policy}"}, SourceIdentity: "me", Tags: []model.Tag{{Key: "Step", Value: "2"}}},
			},
		},
	}
	s.Options = otherOptions()
	s.Script = model.Script{Source: source, Language: model.PowerShell, Parameters: "-Days 7"}
	s.Script.Packages = []model.ScriptPackage{
		{Name: "Tools", Package: "Acme.Tools", Version: "1.0", Extract: true}, {Name: "Raw", Package: "R"},
	}
	switch source {
	case model.SourcePackage:
		s.Script.Package, s.Script.Version, s.Script.File = "Acme.Scripts", "1.2", "tools/rotate.ps1"
	case model.SourceFolder:
		s.Script.Folder, s.Script.File = "/srv/scripts", "rotate.ps1"
		s.Script.Parameters = ""
		s.Script.Arguments = []model.Argument{
			{Name: "Days", Value: "#{Days}", As: model.ArgumentText}, {Name: "Force", Value: "True", As: model.ArgumentSwitch},
			{Name: "Tag", Value: "a\nb", As: model.ArgumentList}, {Name: "Empty", As: model.ArgumentText},
		}
	default:
		s.Script.Body = "Write-Host hi\n"
	}
	return s
}

// otherOptions returns options none of which has its default, but for those that no form shows yet.
func otherOptions() model.Options {
	o := model.DefaultOptions()
	o.Timeout = 10 * time.Minute
	for _, f := range document.Fields() {
		name, isOption := strings.CutPrefix(f.Path, "steps[].options.")
		if !isOption || f.Mark != document.Honoured || name == "timeout" {
			continue
		}
		field := reflect.ValueOf(&o).Elem().FieldByNameFunc(func(n string) bool { return strings.EqualFold(n, name) })
		if field.CanInt() { // a number of times, or a length of time
			field.SetInt(map[bool]int64{true: int64(time.Second), false: 3}[field.Type() == reflect.TypeFor[time.Duration]()])
			continue
		}
		if field.Kind() == reflect.Bool {
			field.SetBool(!field.Bool())
			continue
		}
		if f.Words == nil {
			field.SetString("#{Deploy}")
			continue
		}
		words := slices.DeleteFunc(slices.Clone(f.Words), func(w string) bool { return w == field.String() })
		field.SetString(words[len(words)-1])
	}
	return o
}

// TestSavingAnOpenedStepKeepsEveryField fails when the form drops a field that it was opened with.
func TestSavingAnOpenedStepKeepsEveryField(t *testing.T) {
	for _, source := range []model.Source{model.SourceInline, model.SourcePackage, model.SourceFolder} {
		t.Run(string(source), func(t *testing.T) {
			project := website()
			project.Steps = append(project.Steps, fullStep(source))
			r := newRig(t, large, project)
			want, _ := r.stored().Step("Full")
			f := r.edit("Full")
			f.name.SetText("Renamed")
			f.Save(nil)
			r.idle()
			got, _ := r.stored().Step("Renamed")
			want.Name = got.Name
			if !reflect.DeepEqual(got, want) {
				t.Errorf("the form changes %q: stored %+v\nwant   %+v", uitest.ChangedFields(want, got), got, want)
			}
		})
	}
}

// TestFullStepFillsEveryField fails on a field of a step that fullStep leaves as a new step has it.
func TestFullStepFillsEveryField(t *testing.T) {
	var filled []string
	for _, source := range []model.Source{model.SourceInline, model.SourcePackage, model.SourceFolder} {
		filled = append(filled, uitest.ChangedFields(model.NewStep(""), fullStep(source))...)
	}
	for _, field := range uitest.Fields[model.Step]() {
		if (field != "ID") != slices.Contains(filled, field) {
			t.Error(hintFor(field, slices.Contains(filled, field)))
		}
	}
}

// hintFor returns the way out for a field that fullStep fills or leaves as it should not.
func hintFor(field string, filled bool) string {
	if strings.HasPrefix(field, "Options.") {
		return field + ": declare it in optionsTable of model/document/fields.go, from which fullStep takes the options"
	}
	if filled {
		return field + ": fullStep fills it, so take it off the list of fields that no form shows"
	}
	return field + ": fill it in in fullStep, or list it as one that no form shows"
}

// fullVariables returns variables of every type. Together they have a value in every field that the form shows.
func fullVariables() map[string]model.Variable {
	return map[string]model.Variable{
		"text": {
			Name: "Full", Type: model.TypeText, Value: "web", Scope: []string{"Production"},
			Prompt: &model.Prompt{
				Label: "Tier", Help: "Which tier", Control: model.ControlSelect, Options: []string{"web", "db"}, Labels: []string{"", "Database"},
				Required: true,
			},
		},
		"number": {
			Name: "Full", Type: model.TypeText, Value: "3", Scope: []string{"Production"},
			Prompt: &model.Prompt{Control: model.ControlNumber, Min: "1", Max: "9"},
		},
		"choices": {
			Name: "Full", Type: model.TypeText, Value: "3", Scope: []string{"Production"},
			Prompt: &model.Prompt{Control: model.ControlMultiSelect, Choices: &model.Choices{
				Of: model.ChooseCommand, Command: []string{"s3api", "list-buckets"}, Query: "Buckets[].Name"}},
		},
		"account":   {Name: "Full", Type: model.TypeAWSAccount, Value: "Website", Scope: []string{"Staging"}, Expect: "123456789012"},
		"sensitive": {Name: "Full", Type: model.TypeSensitive, ValueSet: true, Scope: []string{"Staging", "Production"}},
	}
}

// TestSavingAnOpenedVariableKeepsEveryField fails when the form drops a field that it was opened with.
func TestSavingAnOpenedVariableKeepsEveryField(t *testing.T) {
	for name, v := range fullVariables() {
		t.Run(name, func(t *testing.T) {
			project := website()
			project.Variables = append(project.Variables, v)
			r := newRig(t, large, project)
			want := r.variable(v.Name, v.Scope[0])
			if lost := uitest.ChangedFields(v, want); !slices.Equal(lost, []string{"ID"}) {
				t.Fatalf("before the form is opened, %q differ", lost)
			}
			f := r.openVariable(v.Name)
			f.name.SetText("Renamed")
			f.form.Keys.Enter()
			r.idle()
			got := r.variable("Renamed", v.Scope[0])
			want.Name = got.Name
			if changed := uitest.ChangedFields(want, got); len(changed) > 0 {
				t.Errorf("the form changes %q: stored %+v\nwant %+v", changed, got, want)
			}
		})
	}
}

// TestSavingAnOpenedValueOfAStepKeepsEveryField does the same for a variable of a step, which has no scope.
func TestSavingAnOpenedValueOfAStepKeepsEveryField(t *testing.T) {
	for name, v := range fullVariables() {
		t.Run(name, func(t *testing.T) {
			v.Scope = nil
			project := website()
			project.Steps[0].Values = []model.Variable{v}
			r := newRig(t, large, project)
			stored, _ := r.stored().Step("Check")
			want := stored.Values[0]
			f := r.edit("Check")
			f.values.open(0)
			f.values.form.name.SetText("Renamed")
			f.values.form.form.Keys.Enter()
			f.Save(nil)
			r.idle()
			stored, _ = r.stored().Step("Check")
			got := stored.Values[0]
			want.Name = "Renamed"
			if changed := uitest.ChangedFields(want, got); len(changed) > 0 {
				t.Errorf("the form changes %q: stored %+v\nwant %+v", changed, got, want)
			}
		})
	}
}

// TestFullVariablesFillEveryField fails on a field of a variable that none of fullVariables has a value in.
func TestFullVariablesFillEveryField(t *testing.T) {
	var filled []string
	for _, v := range fullVariables() {
		filled = append(filled, uitest.ChangedFields(model.Variable{}, v)...)
	}
	for _, field := range uitest.Fields[model.Variable]() {
		if field != "ID" && !slices.Contains(filled, field) { // the store gives the id
			t.Errorf("%s: fill it in in fullVariables", field)
		}
	}
}

// Every honoured field has a widget in the forms, under its path in the model.
func TestEveryHonouredFieldHasAWidget(t *testing.T) {
	r := newRig(t, large, website())
	have := map[string]bool{}
	add := func(prefix string, paths []string) {
		for _, p := range paths {
			have[prefix+p] = true
		}
	}
	add("", newProjectForm(r.place, model.Project{}).form.Paths())
	env := newEnvVarForm(nil, envValue{}, func() scope { return scope{} }).form.Paths()
	add("", env)
	add("steps[].", env)
	f := r.edit("Check")
	f.aws.chain.add()
	var paths []string
	for _, path := range f.form.Paths() {
		paths = append(paths, strings.Replace(path, ".then[0].", ".then[].", 1))
	}
	add("steps[].", paths)
	add("steps[].", newFurtherPackageForm(f.scriptDeps(), nil, nil, model.ScriptPackage{}).form.Paths())
	for prefix, own := range map[string]bool{"variables[].": false, "steps[].values[].": true} {
		v := newVarForm(r.place.open.pageDeps().varFormDeps(), own, nil, nil)
		add(prefix, v.form.Paths())
		add(prefix, v.blocks[0].form.Paths())
	}
	for _, field := range document.Fields() {
		if strings.HasPrefix(field.Path, "accounts[]") || strings.HasPrefix(field.Path, "awsAccounts[]") {
			continue // tested with their forms
		}
		path := field.Path
		if list, _, inList := strings.Cut(path, ".tags[]."); inList {
			path = list + ".tags" // one widget has all tags, each on a line
		}
		if list, _, inList := strings.Cut(path, ".arguments[]."); inList {
			path = list + ".arguments" // there is one for each parameter of the script
		}
		if field.Mark == document.Honoured && !have[path] {
			t.Errorf("%s has no widget: declare it in %s", field.Path, fileOfWidget(path))
		}
	}
}

// fileOfWidget returns where the widget of a field is made, in this package.
func fileOfWidget(path string) string {
	switch {
	case strings.HasPrefix(path, "steps[].options."):
		return "options.go"
	case strings.HasPrefix(path, "steps[].aws.assumeRole."):
		return "sessionfields.go or rolefields.go"
	case strings.HasPrefix(path, "variables[]."), strings.HasPrefix(path, "steps[].values[]."):
		return "varform.go, valueblock.go or promptpart.go"
	case strings.HasPrefix(path, "steps[]."):
		return "the section of stepform.go that it belongs to (*section.go)"
	}
	return "projectform.go"
}
