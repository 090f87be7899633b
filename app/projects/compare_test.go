package projects_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/app/projects"
)

func TestAnImportCountsWhatItAdds(t *testing.T) {
	variable := func(name string) string { return "  - {name: " + name + ", type: text, value: x}\n" }
	step := func(name string) string {
		return "  - name: " + name + "\n    aws: {account: none}\n    script: {language: bash, body: 'true'}\n"
	}
	for name, row := range map[string]struct{ file, want string }{
		"none":        {"steps: []\n", `project "Site" is added: 0 steps, 0 variables`},
		"one of each": {"variables:\n" + variable("A") + "steps:\n" + step("one"), `project "Site" is added: 1 step, 1 variable`},
		"two of each": {"variables:\n" + variable("A") + variable("B") + "steps:\n" + step("one") + step("two"),
			`project "Site" is added: 2 steps, 2 variables`},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := openServices(t)
			path := filepath.Join(dir, "site.stepdeck")
			if err := os.WriteFile(path, []byte("stepdeck: 1\nproject: Site\n"+row.file), 0o600); err != nil {
				t.Fatal(err)
			}
			imp, err := s.Projects().ReadProject(t.Context(), path, nil)
			if err != nil || !slices.Equal(imp.Changes, []string{row.want}) {
				t.Fatalf("%+v, %v, want %q", imp, err, row.want)
			}
		})
	}
}

func TestAnImportTellsWhatAnAddedAccountReaches(t *testing.T) {
	for name, row := range map[string]struct{ account, want string }{
		"AWS":     {"kind: console, signInRegion: eu-west-1", ""},
		"sandbox": {"endpoint: sandbox", ""},
		"elsewhere": {"kind: console, signInRegion: eu-west-1, endpoint: 'https://aws.example.net'",
			`the account "A" asks https://aws.example.net instead of AWS, sign-ins and scripts too`},
		"a program": {`kind: process, process: "keys\u202E --for me"`,
			"the account \"A\" runs a program on this computer, as you: keys\uFFFD --for me"},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := openServices(t)
			path := filepath.Join(dir, "site.stepdeck")
			text := "stepdeck: 1\nproject: Site\naccounts:\n  - {name: A, " + row.account + "}\nsteps: []\n"
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			imp, err := s.Projects().ReadProject(t.Context(), path, nil)
			if notes := strings.Join(imp.Notes, "\n"); err != nil || notes != row.want {
				t.Fatalf("%q, %v, want %q", notes, err, row.want)
			}
		})
	}
}

// TestAnImportTellsOfCommandsOfPrompts that are new or have changed: a file may come from anybody.
func TestAnImportTellsOfCommandsOfPrompts(t *testing.T) {
	s, dir := openServices(t)
	path := filepath.Join(dir, "site.stepdeck")
	read := func(project, step string) (imp *projects.Import) {
		t.Helper()
		variable := func(choices string) string { return "[{name: V, prompt: {label: V, choices: " + choices + "}}]" }
		text := "stepdeck: 1\nproject: Site\nvariables: " + variable(project) + "\nsteps:\n  - name: S\n    aws: {account: none}\n" +
			"    script: {language: bash, body: 'true'}\n    values: " + variable(step) + "\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		imp, err := s.Projects().ReadProject(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		return imp
	}
	command := func(operation string) string { return "{of: command, command: [x, \"" + operation + "\"]}" }
	says := " for the choices of \"V\" this command runs when a person asks for them, as the step that uses them: aws x "
	inProject := `project "Site":` + says + "list --output json"
	for _, row := range []struct {
		project, step string
		want          []string
	}{
		{"{of: bucket}", command("list"), []string{`step "S":` + says + "list --output json"}},
		{command("list"), command("list"), []string{inProject}},
		{command("list"), command("list"), nil},
		{"{of: bucket}", "{of: stack}", nil},
		{command("list"), command("dig"), []string{inProject, `step "S":` + says + "dig --output json"}},
	} {
		imp := read(row.project, row.step)
		if !slices.Equal(imp.Notes, row.want) {
			t.Errorf("%s, %s: got %q, want %q", row.project, row.step, imp.Notes, row.want)
		}
		if err := s.Projects().Apply(t.Context(), []*projects.Import{imp}); err != nil {
			t.Fatal(err)
		}
	}
}
