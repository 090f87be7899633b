package runner

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/script"
)

// placePrograms makes sure that a script finds the step's aws and interpreter by their names, and returns the folders that
// have to be first on PATH for that. The rest of the person's PATH keeps its order: a program that PATH leads to anyway needs
// nothing, and another one gets a file of its own in folder, which starts it.
func placePrograms(plan *StepPlan, path, folder string) (first []string, err error) {
	for _, tool := range []script.Tool{plan.AWSTool, plan.Tool} {
		switch {
		case tool.Path == "":
		case runtime.GOOS == "windows": // where a folder of Windows' own comes first anyway
			first = append(first, filepath.Dir(tool.Path))
		case !leadsTo(path, string(tool.Kind), tool.Path):
			if err := placeProgram(folder, string(tool.Kind), tool.Path); err != nil {
				return nil, err
			}
			first = []string{folder}
		}
	}
	return first, nil
}

// leadsTo reports whether a shell finds the program by its name in the folders of path.
func leadsTo(path, name, program string) bool {
	for _, folder := range filepath.SplitList(path) {
		if !filepath.IsAbs(folder) {
			continue // it would mean the step's own folder, and is left out
		}
		found := filepath.Join(folder, name)
		if info, err := os.Stat(found); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
			return found == filepath.Clean(program)
		}
	}
	return false
}

// placeProgram writes a file that starts the program. It is no link: a Python of a virtual environment finds that by the
// path it is started with.
func placeProgram(folder, name, program string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	text := "#!/bin/sh\nexec '" + strings.ReplaceAll(program, "'", `'\''`) + "' \"$@\"\n"
	return os.WriteFile(filepath.Join(folder, name), []byte(text), 0o700) //nolint:gosec // a program
}

// pathOf returns the PATH of a step before folders are put first on it.
func pathOf(inherited []string, chosen []awsenv.Variable) string {
	for _, v := range chosen {
		if v.Name == "PATH" {
			return v.Value
		}
	}
	for _, entry := range inherited {
		if value, found := strings.CutPrefix(entry, "PATH="); found {
			return value
		}
	}
	return ""
}
