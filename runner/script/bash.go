package script

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// bash prepares a Bash script. It runs as bash -c '. bootstrap' script, so that $0 is the script; the bootstrap then
// sources "$0" with its parameters.
func (c *Command) bash(in Input) error {
	if err := c.unixText(in.Script); err != nil {
		return err
	}
	parameters, err := bashParameters(in.Parameters)
	if err != nil {
		return err
	}
	helpers, err := c.write(in.Dir, "helpers.sh", in.Bootstraps.BashHelpers)
	if err != nil {
		return err
	}
	c.failed = filepath.Join(filepath.Dir(helpers), "failed")
	placeholders := map[string]string{
		"values": "''", "stop": yesNo(in.StopOnFirstFailure), "parameters": parameters, "helpers": quoteBash(filepath.ToSlash(helpers)),
	}
	if len(in.Variables) > 0 {
		text, err := bashValues(in.Variables)
		if err != nil {
			return err
		}
		path, err := c.write(in.Dir, "values.sh", text)
		if err != nil {
			return err
		}
		placeholders["values"] = quoteBash(filepath.ToSlash(path))
	}
	text, err := fill(in.Bootstraps.Bash, placeholders)
	if err != nil {
		return err
	}
	script := filepath.ToSlash(in.Script)
	if runtime.GOOS == "windows" { // a command line could change the name; Git's Bash is version 5, which lets us set it
		text = "BASH_ARGV0=" + quoteBash(script) + "\n" + text
	}
	bootstrap, err := c.write(in.Dir, "bootstrap.sh", text)
	if err != nil {
		return err
	}
	c.Args = bashArguments(filepath.ToSlash(bootstrap), script, runtime.GOOS)
	return nil
}

func bashArguments(bootstrap, script, system string) []string {
	if system == "windows" {
		return []string{"--noprofile", "--norc", "-c", ". " + quoteBashArgument(bootstrap), "bash"}
	}
	return []string{"--noprofile", "--norc", "-c", ". " + quoteBash(bootstrap), script}
}

// bashValues returns code that stores each value in a shell variable, and a function that finds the variable of a name.
func bashValues(variables []model.InputValue) (string, error) {
	var values, find strings.Builder
	find.WriteString("__stepdeck_find() {\n  case $1 in\n")
	for i, v := range variables {
		if err := checkBashValue(v); err != nil {
			return "", err
		}
		fmt.Fprintf(&values, "__stepdeck_%d=%s\n", i, quoteBash(v.Value))
		fmt.Fprintf(&find, "    %s) __stepdeck_at=__stepdeck_%s ;;\n", patternBash(v.Name), strconv.Itoa(i))
	}
	find.WriteString("  esac\n}\n")
	return values.String() + find.String(), nil
}

func checkBashValue(v model.InputValue) error {
	if strings.ContainsRune(v.Value, 0) || strings.ContainsRune(v.Name, 0) {
		return model.NewError("script.value.nul",
			"The value of variable %q contains a NUL character, which Bash can't store. Encode the value, for example in base64.", v.Name)
	}
	return nil
}

// unixText makes a script from a package readable for Bash: UTF-8 without BOM, with line feeds.
func (c *Command) unixText(path string) error {
	text, encoding, err := ReadText(path)
	if err != nil {
		return fmt.Errorf("prepare script: %w", err)
	}
	name := filepath.Base(path)
	if strings.ContainsRune(text, 0) {
		c.Warnings = append(c.Warnings,
			model.NewError("script.file.nul", "The script %q contains NUL characters, so it may not be text. Bash may reject it.", name))
		return nil
	}
	to := encoding
	switch encoding {
	case UTF16LE, UTF16BE:
		c.Warnings = append(c.Warnings,
			model.NewError("script.file.utf16", "The script %q is in %s, which Bash can't read. It runs as UTF-8. Save it as UTF-8.",
				name, encoding))
		to = UTF8
	case UTF8BOM:
		to = UTF8
	case UTF8, Windows1252:
	}
	unix := strings.ReplaceAll(text, "\r\n", "\n")
	if unix == text && to == encoding {
		return nil
	}
	return WriteText(path, unix, to)
}
