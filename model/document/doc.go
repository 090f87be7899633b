// Package document turns project files (.stepdeck, YAML) into the model and back.
//
// Each field is declared once, in the tables of fields.go. They drive the parser, the export, the JSON Schema and the list of
// fields ([Fields]) that tests compare with the forms, the preview and the docs.
package document

import (
	"fmt"

	"github.com/stepdeck/stepdeck/model"
)

// FormatVersion is the version of the file format that this package reads and writes.
const FormatVersion = 1

// MaxFile is the largest project file that is read, in bytes: far above any script, far below what hurts.
const MaxFile = 16 << 20

// File is what a project file says.
type File struct {
	Project  model.Project
	Accounts []Account
	Packages []string // package files, relative to the project file
	// Where the values of sensitive variables come from, by index: of Project.Variables, and of the values of each step.
	Variables  []Secret
	StepValues [][]Secret
	// Incomplete lists what keeps steps from being run though the file can be imported.
	Incomplete []model.Problem

	name string
	at   map[string]place
}

// At tells where a field stands, as errors do: file, line and column. A field that is not in the file stands where the
// thing does that it belongs to.
func (f File) At(field string) string {
	p := (&reader{at: f.at}).position(field)
	return fmt.Sprintf("%s:%d:%d", f.name, p.line, p.column)
}

// Account is an account in a project file, with where its secrets come from.
type Account struct {
	model.Account
	SecretKey    Secret
	SessionToken Secret
}

// Secret says where a secret comes from: an environment variable, a file below the project file's folder, or, when both
// are empty, nowhere yet.
type Secret struct {
	Env  string
	File string
}

// IsZero reports whether the file gives no source.
func (s Secret) IsZero() bool { return s == Secret{} }
