package script_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// Every example in the documentation runs and prints the output shown below it.
func TestDocumentedExamples(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "scripts.md"))
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```(bash|powershell|python)\n(.*?)```\n\n```text\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	all := 0
	for _, l := range []string{"bash", "powershell", "python"} {
		all += strings.Count(string(text), "```"+l+"\n")
	}
	if len(examples) != all || all < 7 {
		t.Fatalf("%d of %d examples have their output", len(examples), all)
	}
	variables := []model.InputValue{{Name: "AWS.Region", Value: "eu-west-1"}, {Name: "Greeting", Value: "Hello from Staging"},
		{Name: "Octopus.Step.Name", Value: "Rotate keys"}, {Name: "Octopus.Environment.Name", Value: "Staging"}}
	for _, example := range examples {
		l := map[string]language{"bash": bash, "powershell": powerShell, "python": python}[example[1]]
		t.Run(example[1], func(t *testing.T) {
			t.Parallel()
			run(t, l, step{body: example[2], variables: variables}).want(t, 0, example[3])
		})
	}
}

// The parameters in the documentation reach the script as it says.
func TestDocumentedParameters(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "scripts.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "## Parameters\n")
	_, rest, _ := strings.Cut(section, "```text\n")
	parameters, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("there is no example")
	}
	run(t, bash, step{body: `printf '[%s]' "$@"`, parameters: parameters}).want(t, 0, "[--region][eu-west-1][--dry-run]")
	run(t, powerShell, step{body: `[Console]::Out.Write(($args | ForEach-Object { "[$_]" }) -join '')`, parameters: parameters}).
		want(t, 0, "[--region][eu-west-1][--dry-run]")
}
