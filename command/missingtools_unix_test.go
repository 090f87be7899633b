//go:build unix

package command_test

import (
	"os"
	"strings"
	"testing"
)

func TestMissingTools(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "echo ran"))
	d.run("settings", "set", "tool.bash", "/nonexistent/bash").wants(2).says("/nonexistent/bash")
	gone := d.chooses("bash", "GNU bash, version 5.2.15(1)-release")
	d.run("run", "P").wants(3).says(gone)
	d.ok("settings", "set", "tool.bash", "")
	// A missing aws is worth a note, no more.
	gone = d.chooses("aws", "aws-cli/2.15.0 Python/3.11 Linux/6.1")
	d.ok("run", "P").prints("ran\n")
	d.ok("run", "P", "--preview").says(gone)
	// At the terminal it is said before anything starts, if the script calls aws.
	if r := d.atTerminal("", "run", "P"); strings.Contains(r.err, "Warning: S") {
		t.Errorf("said of a script without aws: %s", r.err)
	}
	d.project(plain + "steps:\n" + bash("S", "aws() { echo mine; }\naws s3 ls"))
	d.atTerminal("", "run", "P").prints("mine\n").says("Warning: S: The AWS command line (aws) can't be started")
	d.run("run", "P").prints("mine\n").says("can't be started from " + gone) // whichever aws the PATH has instead
}

// chooses sets the path of a tool that says a version, and then removes it.
func (d *desk) chooses(tool, version string) (path string) {
	d.t.Helper()
	path = d.file(tool, "#!/bin/sh\necho '"+version+"'\n")
	if err := os.Chmod(path, 0o700); err != nil {
		d.t.Fatal(err)
	}
	d.ok("settings", "set", "tool."+tool, path)
	if err := os.Remove(path); err != nil {
		d.t.Fatal(err)
	}
	return path
}
