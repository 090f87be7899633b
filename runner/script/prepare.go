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

// Bootstraps are the contents of the bootstrap files in assets.
type Bootstraps struct {
	PowerShell, Bash, BashHelpers, Python string

	// Read where files beside a Bash script have Windows line ends or a byte order mark.
	BashBeside, BashSource, BashStart string
}

// CheckValue returns an error if a script in the language can't get the variable's value, so that the run is rejected
// before it starts. An unknown language accepts every value.
func CheckValue(language model.Language, v model.InputValue) error {
	switch language {
	case model.Bash:
		return checkBashValue(v)
	case model.PowerShell:
		return checkPowerShellValue(v)
	case model.Python:
		return checkPythonValue(v)
	}
	return nil
}

// Input is what is needed to start a step's script.
type Input struct {
	Language           model.Language
	Tool               Tool             // the program that runs it
	Script             string           // absolute path of a copy of the script, which may be changed
	Folder             string           // absolute path of the folder of what came with the script; empty if nothing did
	Parameters         string           // code in the script's language, after the script's name
	Arguments          []model.Argument // instead of Parameters
	Variables          []model.InputValue
	EnvVars            []model.InputValue // environment variables of the project and step
	StopOnFirstFailure bool
	Dir                string // a private folder (0700) of the step, for the bootstrap and the values
	Bootstraps         Bootstraps
}

// Command is how to start a prepared script.
type Command struct {
	Path     string
	Args     []string // without the program's own name
	Env      []string // NAME=value, besides the environment of the step
	Dir      string   // the folder of the script
	Files    []string // to be removed when the script has ended or can't be started
	Warnings []*model.Error
	Notes    []string // for those who look for a cause; nothing is wrong

	failed string // the file that fail_step writes; empty if the language has none
}

// Failure returns the reason with which the script ended the step as failed. It applies whatever the script's exit
// code: its own trap can turn that into success.
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

// maxReason is how much of a reason is recorded, in bytes.
const maxReason = 16 << 10

// plainOutput is the environment that keeps programs from colouring their output.
func plainOutput() []string { return []string{"NO_COLOR=1", "TERM=dumb"} }

// Prepare writes the files that the script needs, and returns how to start it.
func Prepare(ctx context.Context, in Input) (Command, error) {
	if err := ctx.Err(); err != nil {
		return Command{}, err
	}
	switch in.Language {
	case model.Bash, model.PowerShell, model.Python:
	default:
		return Command{}, unsupported(in.Language)
	}
	if !filepath.IsAbs(in.Script) || !filepath.IsAbs(in.Dir) {
		return Command{}, fmt.Errorf("prepare script %q in %q: the paths must be absolute", in.Script, in.Dir)
	}
	if info, err := os.Stat(in.Script); errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return Command{}, model.NewError("script.missing",
			"There is no script file %q in the step's folder. Check the file's name in the step, including upper and lower case.",
			filepath.Base(in.Script))
	} else if err != nil {
		return Command{}, fmt.Errorf("prepare script: %w", err)
	}
	command := Command{Path: in.Tool.Path, Env: plainOutput(), Dir: filepath.Dir(in.Script)}
	var err error
	switch in.Language {
	case model.Bash:
		err = command.bash(in)
	case model.Python:
		err = command.python(in)
	case model.PowerShell:
		err = command.powerShell(in)
	}
	if err != nil {
		command.Remove()
		return Command{}, err
	}
	return command, nil
}

// Remove removes the command's files that still exist.
func (c Command) Remove() {
	for _, file := range c.Files {
		_ = os.Remove(file) // the whole folder is removed later, and errors are reported then
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

// fill replaces the placeholders '@name@' in a bootstrap. All are replaced at once, so a text that looks like a
// placeholder stays unchanged.
func fill(bootstrap string, placeholders map[string]string) (string, error) {
	var pairs []string
	for name, text := range placeholders {
		placeholder := "'@" + name + "@'"
		if !strings.Contains(bootstrap, placeholder) {
			return "", fmt.Errorf("prepare script: the bootstrap has no placeholder %s", placeholder)
		}
		pairs = append(pairs, placeholder, text)
	}
	return strings.NewReplacer(pairs...).Replace(bootstrap), nil
}

// unixLines converts line ends to line feeds, which values and arguments have on every system.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
