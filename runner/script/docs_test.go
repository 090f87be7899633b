package script_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// Every example in the documentation runs and prints the output shown below it.
func TestDocumentedExamples(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "scripts.md"))
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```(bash|powershell)\n(.*?)```\n\n```text\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(examples) != 4 {
		t.Fatalf("%d examples with their output, want 4", len(examples))
	}
	variables := []model.InputValue{{Name: "AWS.Region", Value: "eu-west-1"}, {Name: "Greeting", Value: "Hello from Staging"}}
	for _, example := range examples {
		l := map[string]language{"bash": bash, "powershell": powerShell}[example[1]]
		t.Run(example[1], func(t *testing.T) {
			t.Parallel()
			run(t, l, step{body: example[2], variables: variables}).want(t, 0, example[3])
		})
	}
}
