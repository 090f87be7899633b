// Package document parses project files (.stepdeck, YAML) into the model and formats the model as such files.
//
// Each field is declared once, in the tables of fields.go. They drive the parser, the export, the JSON Schema and the
// list of fields ([Fields]) that tests compare with the forms, the preview and the docs.
package document

import (
	"fmt"

	"github.com/stepdeck/stepdeck/model"
)

// FormatVersion is the version of the file format that this package reads and writes.
const FormatVersion = 1

// MaxFile is the maximum size of a project file in bytes: far more than any script needs, far less than would exhaust
// memory.
const MaxFile = 16 << 20

// File is the content of a project file.
type File struct {
	Project  model.Project
	Accounts []Account
	Packages []string // package files, relative to the project file
	// Sources of the values of sensitive variables, by index of Project.Variables and of each step's Values.
	Variables  []Secret
	StepValues [][]Secret
	// Likewise of sensitive environment variables, by index of Project.EnvVars and of each step's EnvVars.
	EnvVars     []Secret
	StepEnvVars [][]Secret
	// Incomplete lists what keeps steps from being run although the file can be imported.
	Incomplete []model.Problem

	name string
	at   map[string]position
}

// At returns the position of a field as errors show it: file, line and column. For a field that is not in the file it
// is the position of the nearest enclosing one.
func (f File) At(field string) string {
	p := (&reader{at: f.at}).position(field)
	return fmt.Sprintf("%s:%d:%d", f.name, p.line, p.column)
}

// Account is an account in a project file, with the sources of its secrets.
type Account struct {
	model.Account
	SecretKey    Secret
	SessionToken Secret
}

// Secret is the source of a secret: an environment variable or a file below the project file's folder. Both are empty
// if the file names no source.
type Secret struct {
	Env  string
	File string
}

// IsZero reports whether s names no source.
func (s Secret) IsZero() bool { return s == Secret{} }
