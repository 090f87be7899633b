package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestChoicesThatCanNotBe(t *testing.T) {
	command := func(query string, args ...string) Choices {
		return Choices{Of: ChooseCommand, Command: args, Query: query}
	}
	const option = "choices.command prompt.choices.option"
	long := strings.Repeat("x", maxChoiceText+1)
	for name, tt := range map[string]struct {
		prompt  Prompt
		choices Choices
		want    string
	}{
		"a text":                   {Prompt{Control: ControlText}, Choices{Of: ChooseBucket}, ""},
		"a select without options": {Prompt{Control: ControlSelect}, Choices{Of: ChooseStack}, ""},
		"several":                  {Prompt{Control: ControlMultiSelect}, Choices{Of: ChooseInstance}, ""},
		"a command":                {Prompt{Control: ControlText}, command("Tables[]", "dynamodb", "list-tables", "--region", "eu-west-1"), ""},
		"a command without query":  {Prompt{Control: ControlText}, command("", "x", "list"), ""},
		"a checkbox":               {Prompt{Control: ControlCheckbox}, Choices{Of: ChooseBucket}, "choices.of prompt.choices.control"},
		"options too": {Prompt{Control: ControlSelect, Options: []string{"a"}}, Choices{Of: ChooseBucket},
			"choices.of prompt.choices.options"},
		"nothing":         {Prompt{Control: ControlText}, Choices{}, "choices.of prompt.choices.of"},
		"an unknown kind": {Prompt{Control: ControlText}, Choices{Of: "table"}, "choices.of prompt.choices.of"},
		"a known one with a query": {Prompt{Control: ControlText}, Choices{Of: ChooseBucket, Query: "x"},
			"choices.command prompt.choices.command.unused"},
		"no command":                 {Prompt{Control: ControlText}, command("x"), "choices.command prompt.choices.command"},
		"no operation":               {Prompt{Control: ControlText}, command("x", "s3api"), "choices.command prompt.choices.command"},
		"an option in its place":     {Prompt{Control: ControlText}, command("x", "s3api", "--help"), "choices.command prompt.choices.command"},
		"another identity":           {Prompt{Control: ControlText}, command("", "x", "l", "--profile", "a"), option},
		"another address, shortened": {Prompt{Control: ControlText}, command("", "x", "l", "--endpoint=http://x"), option},
		"a shortened region":         {Prompt{Control: ControlText}, command("", "x", "l", "--reg", "us-west-2"), option},
		"a region in one word":       {Prompt{Control: ControlText}, command("", "x", "l", "--region=us-west-2"), ""},
		"no region":                  {Prompt{Control: ControlText}, command("", "x", "l", "--region"), "choices.command prompt.choices.region"},
		"no region at all": {Prompt{Control: ControlText}, command("", "x", "l", "--region=x y"),
			"choices.command prompt.choices.region"},
		"a longer option": {Prompt{Control: ControlText}, command("", "x", "l", "--query-string", "a"), ""},
		"many arguments": {Prompt{Control: ControlText}, command("", slices.Repeat([]string{"a"}, maxChoiceArguments+1)...),
			"choices.command prompt.choices.long"},
		"a long argument":        {Prompt{Control: ControlText}, command("", "x", long), "choices.command prompt.choices.long"},
		"a long query":           {Prompt{Control: ControlText}, command(long, "x", "l"), "choices.query prompt.choices.long"},
		"a line break":           {Prompt{Control: ControlText}, command("a\nb", "x", "l"), "choices.query prompt.choices.character"},
		"a character that hides": {Prompt{Control: ControlText}, command("", "x", "l\u202e"), "choices.command prompt.choices.character"},
		"an expression":          {Prompt{Control: ControlText}, command("", "x", "l", "#{A}"), "choices.command prompt.choices.expression"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.prompt.Choices = &tt.choices
			var got []string
			for _, p := range tt.prompt.check(Variable{Name: "V", Type: TypeText}) {
				got = append(got, p.Field+" "+ErrorCode(p.Err))
			}
			if strings.Join(got, "; ") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	p := Prompt{Control: ControlText, Choices: &Choices{Of: ChooseBucket}}
	if got := p.check(Variable{Name: "V", Type: TypeSensitive}); len(got) != 1 || ErrorCode(got[0].Err) != "prompt.choices.type" {
		t.Errorf("of a sensitive variable: %v", got)
	}
}

func TestEveryKindOfChoicesIsACommand(t *testing.T) {
	for _, kind := range ChoiceKinds() {
		c := Choices{Of: kind}
		if kind == ChooseCommand {
			c.Command, c.Query = []string{"iam", "list-roles"}, "-Roles[]"
		}
		args := c.Arguments()
		if len(args) < 4 || !slices.Contains(args, "json") || !strings.HasPrefix(args[len(args)-1], "--query=") {
			t.Errorf("%s: %q", kind, args)
		}
		if c.Known() == (kind == ChooseCommand) {
			t.Errorf("%s: known is %v", kind, c.Known())
		}
	}
	c := Choices{Of: ChooseCommand, Command: []string{"iam", "it's\x1b[31m"}, Query: "a[] | b"}
	if got, want := c.CommandLine(), `aws iam 'it'\''s`+"\uFFFD"+`[31m' --output json '--query=a[] | b'`; got != want {
		t.Errorf("shown as %s, want %s", got, want)
	}
}

func TestRegionOfChoices(t *testing.T) {
	for want, args := range map[string][]string{
		"":          {"dynamodb", "list-tables"},
		"us-west-2": {"dynamodb", "list-tables", "--region", "us-west-2"},
		"eu-west-3": {"dynamodb", "list-tables", "--region", "us-west-2", "--region=eu-west-3"}, // aws takes the last one
	} {
		if got := (Choices{Of: ChooseCommand, Command: args}).Region(); got != want {
			t.Errorf("%q: %q, want %q", args, got, want)
		}
	}
}

func TestChoiceMatches(t *testing.T) {
	c := Choice{Value: "i-0abc", Label: "Web server 1"}
	for filter, want := range map[string]bool{"": true, "WEB": true, "1 abc": true, "web 2": false} {
		if got := c.Matches(filter); got != want {
			t.Errorf("%q: %v", filter, got)
		}
	}
}

// What AWS has is not known here, so that any value is accepted.
func TestAnswersToAPromptWithChoices(t *testing.T) {
	for control, want := range map[ControlType]string{ControlText: " a ,b,a", ControlSelect: " a ,b,a", ControlMultiSelect: "a,b"} {
		got, err := Prompt{Control: control, Choices: &Choices{Of: ChooseBucket}}.Accept(" a ,b,a")
		if err != nil || got != want {
			t.Errorf("%s: %q, %v", control, got, fmt.Sprint(err))
		}
	}
}
