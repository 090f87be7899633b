//go:build !windows

package runner

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/script"
)

func TestProgramsAreFoundFirstAndPathKeepsItsOrder(t *testing.T) {
	place := func(folder, name string) string {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte("#!/bin/sh\necho \""+folder+" $0 $*\"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return file
	}
	root := t.TempDir()
	mine, system, other := filepath.Join(root, "mine"), filepath.Join(root, "system"), filepath.Join(root, "it's another")
	jq := place(mine, "jq")
	place(system, "jq")
	aws, bash := place(system, "aws"), place(system, "bash")
	otherAWS := place(other, "aws")
	path := strings.Join([]string{mine, "relative", system}, ":")
	for _, c := range []struct {
		name, aws, bash string
		path, want      string
	}{
		{"both are there", aws, bash, path, ""},
		{"another aws", otherAWS, bash, path, "p"},
		{"none is on it", otherAWS, bash, mine, "p"},
		{"no aws at all", "", bash, path, ""},
		{"an empty PATH", aws, bash, "", "p"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "p")
			plan := &StepPlan{AWSTool: script.Tool{Kind: script.AWS, Path: c.aws}, Tool: script.Tool{Kind: script.Bash, Path: c.bash}}
			first, err := placePrograms(plan, c.path, folder)
			if err != nil {
				t.Fatal(err)
			}
			want := []string(nil)
			if c.want != "" {
				want = []string{folder}
			}
			if !slices.Equal(first, want) {
				t.Fatalf("first on PATH: %q, want %q", first, want)
			}
			environ := awsenv.Environ([]string{"PATH=" + c.path}, awsenv.Session{}, awsenv.Options{Path: first})
			find := func(name string) string {
				shell := exec.CommandContext(t.Context(), "/bin/sh", "-c", name+" a 'b c'")
				shell.Env = environ
				out, _ := shell.Output()
				return string(out)
			}
			for name, program := range map[string]string{"aws": c.aws, "bash": c.bash} {
				if want := filepath.Dir(program) + " " + program + " a b c\n"; program != "" && find(name) != want {
					t.Errorf("%s is %q, want %q", name, find(name), want)
				}
			}
			if c.path != "" && find("jq") != mine+" "+jq+" a b c\n" {
				t.Errorf("jq is %q", find("jq"))
			}
		})
	}
}

func TestPathOf(t *testing.T) {
	inherited := []string{"HOME=/", "PATH=/a:/b"}
	if got := pathOf(inherited, nil); got != "/a:/b" {
		t.Errorf("inherited: %q", got)
	}
	if got := pathOf(inherited, []awsenv.Variable{{Name: "PATH", Value: "/c"}}); got != "/c" {
		t.Errorf("chosen: %q", got)
	}
}
