package script

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Bootstraps are the texts of the bootstrap files, as shipped in assets.
type Bootstraps struct{ PowerShell, Bash, BashHelpers string }

// Variable is a value for the script. Names that differ in case alone are the same to a script.
type Variable struct {
	Name, Value string
	Sensitive   bool
}

// CheckValue says whether scripts of the language can be given the variable, so that a run that can't is refused before
// it starts. A language that is not known takes every value.
func CheckValue(language model.Language, v Variable) error {
	switch language {
	case model.Bash:
		return checkBashValue(v)
	case model.PowerShell:
		return checkPowerShellValue(v)
	}
	return nil
}

// Input is what a step's script needs to be started.
type Input struct {
	Language           model.Language
	Tool               Tool   // what runs it, found before
	Script             string // absolute path of the script, extracted or written, a copy that may be changed
	Parameters         string // code in the script's language, behind the script's name
	Variables          []Variable
	StopOnFirstFailure bool
	Dir                string // a private folder (0700) of this step, for the bootstrap and the values
	Bootstraps         Bootstraps
}

// Command is how to start a prepared script.
type Command struct {
	Path     string
	Args     []string // without the program's own name
	Env      []string // NAME=value, besides the environment of the step
	Dir      string   // the folder of the script
	Files    []string // to be removed when the script has ended; whoever can't start it removes them too
	Warnings []*model.Error

	failed string // the file that fail_step writes; empty: the language has none
}

// Failure returns the reason with which the script ended the step as failed. It counts whatever exit code the script made of
// it: a trap of its own can turn that into success.
func (c Command) Failure() (reason string, failed bool) {
	if c.failed == "" {
		return "", false
	}
	file, err := os.Open(c.failed)
	if err != nil {
		return "", false
	}
	defer file.Close() //nolint:errcheck // it was only read
	text, _ := io.ReadAll(io.LimitReader(file, maxReason))
	return strings.TrimSpace(string(text)), true
}

// maxReason is as much of a reason as a record needs.
const maxReason = 16 << 10

// Environment that keeps programs from painting what goes to a log.
func plainOutput() []string { return []string{"NO_COLOR=1", "TERM=dumb"} }

// Prepare writes the files that the script needs beside itself, and says how to start it.
func Prepare(ctx context.Context, in Input) (Command, error) {
	if err := ctx.Err(); err != nil {
		return Command{}, err
	}
	switch in.Language {
	case model.Bash, model.PowerShell:
	default:
		return Command{}, unsupported(in.Language)
	}
	if !filepath.IsAbs(in.Script) || !filepath.IsAbs(in.Dir) {
		return Command{}, fmt.Errorf("prepare script %q in %q: the paths must be absolute", in.Script, in.Dir)
	}
	if info, err := os.Stat(in.Script); errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return Command{}, model.NewError("script.missing", "There is no script file %q in the step's folder. Check the file's name in the step; upper and lower case count.", filepath.Base(in.Script))
	} else if err != nil {
		return Command{}, fmt.Errorf("prepare script: %w", err)
	}
	command := Command{Path: in.Tool.Path, Env: plainOutput(), Dir: filepath.Dir(in.Script)}
	var err error
	if in.Language == model.Bash {
		err = command.bash(in)
	} else {
		err = command.powerShell(in)
	}
	if err != nil {
		command.Remove()
		return Command{}, err
	}
	return command, nil
}

// Remove takes away the files of the command, as far as they are still there.
func (c Command) Remove() {
	for _, file := range c.Files {
		_ = os.Remove(file) // the folder goes as a whole later, and says so if it can't
	}
}

// write writes one of the command's files into the step's private folder.
func (c *Command) write(dir, name, text string) (path string, err error) {
	path = filepath.Join(dir, name)
	if err := writeNew(path, text); err != nil {
		return "", fmt.Errorf("prepare script: %w", err)
	}
	c.Files = append(c.Files, path)
	return path, nil
}

// fill writes texts in the places of a bootstrap that are marked by '@name@'. All places are filled at once, so a text
// that looks like a place stays as it is.
func fill(bootstrap string, places map[string]string) (string, error) {
	var pairs []string
	for name, text := range places {
		place := "'@" + name + "@'"
		if !strings.Contains(bootstrap, place) {
			return "", fmt.Errorf("prepare script: the bootstrap has no place for %s", place)
		}
		pairs = append(pairs, place, text)
	}
	return strings.NewReplacer(pairs...).Replace(bootstrap), nil
}

// unixLines ends lines by line feeds alone, as values and arguments have them on every system.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
