package library

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/atomicfile"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Declared finds out which parameters scripts declare. PowerShell's own parser is asked once for each text; what it said is kept in
// a folder, in a file named by the hash of the text.
type Declared struct {
	dir   string
	tools runner.Tools
}

// maxDeclared is how many scripts' parameters are kept.
const maxDeclared = 500

// declaredForm is part of the hash. It changes with what is kept.
const declaredForm = "3\n"

// NewDeclared returns a Declared that keeps answers in dir, which need not exist.
func NewDeclared(dir string, tools runner.Tools) *Declared { return &Declared{dir, tools} }

// Parameters returns the parameters of a script. It does not run the script. For PowerShell the error says that no PowerShell could be
// asked, and why.
func (d *Declared) Parameters(ctx context.Context, language model.Language, edition model.Edition, text string) ([]model.Parameter, error) {
	if list, known := d.Known(language, text); known {
		return list, nil
	}
	tool, err := d.tools.Interpreter(ctx, language, edition)
	if err != nil {
		return nil, err
	}
	list, err := script.PowerShellParameters(ctx, tool, text)
	if err != nil {
		return nil, err
	}
	d.keep(text, list)
	return list, nil
}

// Faults returns a sentence for each line of a script that looks like the declaration of a parameter but is none. PowerShell says so
// itself.
func (*Declared) Faults(language model.Language, text string) []string {
	if language == model.PowerShell {
		return nil
	}
	return script.HeaderFaults(text)
}

// ArgumentsText returns arguments as the text of parameters. ok is false if no text stands for them.
func (*Declared) ArgumentsText(language model.Language, list []model.Argument) (text string, ok bool) {
	return script.ArgumentsText(language, list)
}

// TextArguments returns the arguments that a text of parameters stands for, and the parts of it that no argument stands for.
func (*Declared) TextArguments(language model.Language, declared []model.Parameter, text string) (list []model.Argument, rest []string) {
	return script.TextArguments(language, declared, text)
}

// Known implements runner.Parameters: it starts no program.
func (d *Declared) Known(language model.Language, text string) (list []model.Parameter, known bool) {
	if language != model.PowerShell {
		return script.HeaderParameters(text), true
	}
	if !strings.Contains(strings.ToLower(text), "param") { // whatever else it is, it has no parameters
		return nil, true
	}
	data, err := os.ReadFile(d.path(text))
	if err != nil || json.Unmarshal(data, &list) != nil {
		return nil, false
	}
	return list, true
}

func (d *Declared) path(text string) string {
	return filepath.Join(d.dir, model.ScriptHash(declaredForm+text)+".json")
}

// keep keeps an answer. One that can't be kept is asked for again.
func (d *Declared) keep(text string, list []model.Parameter) {
	data, err := json.Marshal(list)
	if err != nil || os.MkdirAll(d.dir, 0o700) != nil {
		return
	}
	if atomicfile.Write(d.path(text), data, 0o600) == nil {
		d.forgetOldest()
	}
}

// forgetOldest removes the oldest answers once there are too many.
func (d *Declared) forgetOldest() {
	entries, err := os.ReadDir(d.dir)
	if err != nil || len(entries) <= maxDeclared {
		return
	}
	var infos []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			infos = append(infos, info)
		}
	}
	slices.SortFunc(infos, func(a, b fs.FileInfo) int {
		return cmp.Or(a.ModTime().Compare(b.ModTime()), strings.Compare(a.Name(), b.Name()))
	})
	for _, info := range infos[:max(0, len(infos)-maxDeclared)] {
		if err := os.Remove(filepath.Join(d.dir, info.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return
		}
	}
}
