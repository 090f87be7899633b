package projects

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
)

// fullStep has a value in every field that the form of a step shows, other than the one that a new step has.
func fullStep(source model.Source) model.Step {
	s := model.NewStep("Full")
	s.Enabled = false
	s.Pinned = true
	s.Values = []model.Variable{{Name: "Tier", Type: model.TypeText, Value: "web"}}
	s.AWS = model.StepAWS{
		Account: "aws.account", Expect: "123456789012", Region: "us-east-2",
		AssumeRole: &model.AssumeRole{
			ARN: "arn:aws:iam::123456789012:role/deployer", SessionName: "s", Duration: 3600, ExternalID: "x1",
		},
	}
	s.Options = otherOptions()
	s.Script = model.Script{Source: source, Language: model.PowerShell, Parameters: "-Days 7"}
	switch source {
	case model.SourcePackage:
		s.Script.Package, s.Script.Version, s.Script.File = "Acme.Scripts", "1.2", "tools/rotate.ps1"
	case model.SourceFolder:
		s.Script.Folder, s.Script.File = "/srv/scripts", "rotate.ps1"
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
		if field.Kind() == reflect.Bool {
			field.SetBool(!field.Bool())
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
				t.Errorf("stored %+v\nwant   %+v", got, want)
			}
		})
	}
}

// TestFullStepFillsEveryField fails on a field of a step that fullStep leaves as a new step has it.
func TestFullStepFillsEveryField(t *testing.T) {
	// Fields that no form shows yet: a project file has them at their defaults only.
	later := []string{"ID", "AWS.AssumeRole.Policy"}
	for _, f := range document.Fields() {
		if name, ok := strings.CutPrefix(f.Path, "steps[].options."); ok && f.Mark == document.Later {
			later = append(later, "options."+name)
		}
	}
	isLater := func(field string) bool {
		return slices.ContainsFunc(later, func(l string) bool { return strings.EqualFold(l, field) })
	}
	var filled []string
	for _, source := range []model.Source{model.SourceInline, model.SourcePackage, model.SourceFolder} {
		filled = append(filled, changedFields("", reflect.ValueOf(model.NewStep("")), reflect.ValueOf(fullStep(source)))...)
	}
	for _, field := range fieldsOf("", reflect.TypeFor[model.Step]()) {
		if isLater(field) == slices.Contains(filled, field) {
			t.Errorf("%s: fill it in in fullStep, or list it as one that no form shows (filled: %v)", field, slices.Contains(filled, field))
		}
	}
}

// fieldsOf lists the paths of the fields of a struct, those of structs in it instead of themselves.
func fieldsOf(path string, t reflect.Type) []string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return []string{path}
	}
	var list []string
	for i := range t.NumField() {
		list = append(list, fieldsOf(join(path, t.Field(i).Name), t.Field(i).Type)...)
	}
	return list
}

// changedFields lists the fields of b that differ from those of a.
func changedFields(path string, a, b reflect.Value) []string {
	if b.Kind() == reflect.Pointer {
		if b.IsNil() {
			return nil
		}
		b = b.Elem()
		if a.IsNil() {
			a = reflect.Zero(b.Type())
		} else {
			a = a.Elem()
		}
	}
	if b.Kind() != reflect.Struct {
		if reflect.DeepEqual(a.Interface(), b.Interface()) {
			return nil
		}
		return []string{path}
	}
	var list []string
	for i := range b.NumField() {
		list = append(list, changedFields(join(path, b.Type().Field(i).Name), a.Field(i), b.Field(i))...)
	}
	return list
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
