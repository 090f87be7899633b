package runner

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// asWritten are the fields of a record that hold what a person wrote or what Stepdeck alone decides. Every other text is masked.
var asWritten = []string{
	"Project", "ProjectID", "Environment", "EnvironmentID", "Who", "Status", "Steps.StepID", "Steps.Step", "Steps.Status", "Steps.Skip",
	"Steps.Signal",
	"Steps.Identity.AWSID", "Steps.Identity.Account", "Steps.Identity.AccountID", "Steps.Identity.Kind", "Steps.Identity.AccessKeyID",
	"Steps.Outputs.Name", "Steps.Artifacts.SHA256",
	"Steps.Inputs.Source", "Steps.Inputs.Language", "Steps.Inputs.Script",
	"Steps.Inputs.ScriptSHA256",
	"Steps.Inputs.Parameters", "Steps.Inputs.Arguments.Name", "Steps.Inputs.Arguments.Value", "Steps.Inputs.Arguments.As",
	"Steps.Inputs.PackageSHA256", "Steps.Inputs.FolderSHA256", "Steps.Inputs.AccountField",
	"Steps.Inputs.Values.Name",
	"Steps.Inputs.Tools.Name", "Steps.Inputs.Tools.Path", "Steps.Inputs.Tools.Version",
}

func TestEveryTextOfARecordIsMasked(t *testing.T) {
	const secret = "Xylophone-Secret"
	m := joblog.NewMasker()
	m.Add(secret)
	var run model.Run
	fill(reflect.ValueOf(&run).Elem(), "told of "+strings.ToLower(secret))
	masked := newMasking(m).run(run)
	var seen []string
	texts(reflect.ValueOf(masked), "", func(path, text string) {
		seen = append(seen, path)
		if plain := strings.Contains(strings.ToLower(text), strings.ToLower(secret)); plain != slices.Contains(asWritten, path) {
			t.Errorf("%s is %q", path, text)
		}
	})
	for _, path := range asWritten {
		if !slices.Contains(seen, path) {
			t.Errorf("there is no field %s", path)
		}
	}
	texts(reflect.ValueOf(run), "", func(path, text string) {
		if !strings.Contains(text, strings.ToLower(secret)) {
			t.Errorf("%s of the run itself is %q now", path, text)
		}
	})
}

// fill writes text into every text of v, and makes one element of each list.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), text)
			}
		}
	}
}

func texts(v reflect.Value, path string, visit func(path, text string)) {
	switch v.Kind() {
	case reflect.String:
		visit(path, v.String())
	case reflect.Slice:
		for i := range v.Len() {
			texts(v.Index(i), path, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				texts(v.Field(i), strings.TrimPrefix(path+"."+f.Name, "."), visit)
			}
		}
	}
}

func TestMaskedErrorsKeepTheirCode(t *testing.T) {
	m := joblog.NewMasker()
	m.Add("Xylophone-Secret")
	masked := newMasking(m)
	got := masked.err(model.NewError("AWS-LOGIN-ERROR-0004", "No role %s.", "xylophone-secret").Because(errors.New("Xylophone-Secret")))
	if want := "AWS-LOGIN-ERROR-0004: No role " + joblog.Mask + ". (" + joblog.Mask + ")"; got.Error() != want ||
		model.ErrorCode(got) != "AWS-LOGIN-ERROR-0004" {
		t.Errorf("it says %q with the code %q", got, model.ErrorCode(got))
	}
	for _, err := range []error{nil, errors.New("plain"), model.NewError("x", "plain")} {
		if got := masked.err(err); !errors.Is(got, err) {
			t.Errorf("%v became %v", err, got)
		}
	}
}

func TestSecretsThatBecomeKnownLaterAreMaskedFromThenOn(t *testing.T) {
	m := joblog.NewMasker()
	masked := newMasking(m)
	if got := masked.text("Xylophone-Secret"); got != "Xylophone-Secret" {
		t.Errorf("before: %q", got)
	}
	m.Add("Xylophone-Secret")
	if got := masked.text("Xylophone-Secret"); got != joblog.Mask {
		t.Errorf("after: %q", got)
	}
}
