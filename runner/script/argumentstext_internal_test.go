package script

import (
	"reflect"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestArgumentsText(t *testing.T) {
	list := []model.Argument{
		{Name: "Days", Value: "7", As: model.ArgumentText}, {Name: "Note", Value: `it's "a\" b\`, As: model.ArgumentText},
		{Name: "None", As: model.ArgumentText}, {Name: "Force", Value: "True", As: model.ArgumentSwitch},
		{Name: "Tag", Value: "a b\n#{c}", As: model.ArgumentList},
	}
	for language, want := range map[model.Language]string{
		model.PowerShell: `-Days '7' -Note 'it''s "a\" b\' -Force:$true -Tag @('a b', '#{c}')`,
		model.Bash:       `--Days 7 --Note 'it'\''s "a\" b\' --Force --Tag 'a b' --Tag '#{c}'`,
		model.Python:     `--Days 7 --Note "it's \"a\\\" b\\" --Force --Tag "a b" --Tag "#{c}"`,
	} {
		if got, ok := ArgumentsText(language, list); !ok || got != want {
			t.Errorf("%s: got %s, want %s", language, got, want)
		}
	}
	text, _ := ArgumentsText(model.Python, list)
	words := []string{"--Days", "7", "--Note", list[1].Value, "--Force", "--Tag", "a b", "--Tag", "#{c}"}
	if got, _, err := pythonArguments(text); err != nil || !reflect.DeepEqual(got, words) {
		t.Errorf("read again: %q, %v", got, err)
	}
	if _, ok := ArgumentsText(model.Bash, []model.Argument{{Name: "Force", Value: "#{X}", As: model.ArgumentSwitch}}); ok {
		t.Error("a switch that depends on an expression has a text")
	}
}
