package script

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// bash prepares a Bash script. Bash itself reads the bootstrap before it, as BASH_ENV, so that the script is run and not
// sourced.
func (c *Command) bash(in Input) error {
	if err := c.unixText(in.Script); err != nil {
		return err
	}
	bootstrap, err := c.bashBootstrap(in)
	if err != nil {
		return err
	}
	script := filepath.ToSlash(in.Script)
	c.Env = append(c.Env, "BASH_ENV="+escapeBashEnv(filepath.ToSlash(bootstrap)))
	c.Args = bashArguments(script, runtime.GOOS)
	return nil
}

// bashBootstrap writes the bootstrap and the files that it reads.
func (c *Command) bashBootstrap(in Input) (path string, err error) {
	helpers, err := c.write(in.Dir, "helpers.sh", in.Bootstraps.BashHelpers)
	if err != nil {
		return "", err
	}
	c.failed = filepath.Join(filepath.Dir(helpers), "failed")
	parameters, err := bashParameters(in.Parameters)
	if err != nil {
		return "", err
	}
	if len(in.Arguments) > 0 {
		parameters = setBashArguments(in.Arguments)
	}
	values := ""
	if len(in.Variables) > 0 {
		if values, err = bashValues(in.Variables); err != nil {
			return "", err
		}
	}
	beside, err := c.bashBeside(in)
	if err != nil {
		return "", err
	}
	placeholders := map[string]string{"stop": yesNo(in.StopOnFirstFailure), "helpers": quoteBash(filepath.ToSlash(helpers)),
		"beside": quoteBash(filepath.ToSlash(beside))}
	for name, text := range map[string]string{"values": values, "parameters": parameters} {
		placeholders[name] = "''"
		if text == "" {
			continue
		}
		file, err := c.write(in.Dir, name, text)
		if err != nil {
			return "", err
		}
		placeholders[name] = quoteBash(filepath.ToSlash(file))
	}
	text, err := fill(in.Bootstraps.Bash, placeholders)
	if err != nil {
		return "", err
	}
	return c.write(in.Dir, "bootstrap.sh", text)
}

// escapeBashEnv escapes a path for BASH_ENV, in which Bash expands what it expands between double quotes.
func escapeBashEnv(path string) string {
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, "`", "\\`", `"`, `\"`).Replace(path)
}

// bashArguments returns Bash's arguments. Git's Bash expands wildcards and removes quotes in the arguments that it is
// started with, so a name with such characters reaches it as code; the script is sourced then.
func bashArguments(script, system string) []string {
	if system == "windows" && strings.ContainsAny(script, "'`$*?[]{}!#&;()^\\\"") {
		return []string{"--noprofile", "--norc", "-c", "BASH_ARGV0=" + quoteBashArgument(script) + `; builtin . "$0"`, "bash"}
	}
	return []string{"--noprofile", "--norc", script}
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
	case Windows1252:
		c.Warnings = append(c.Warnings, readAsWindows1252(name))
		to = UTF8
	case UTF8BOM:
		to = UTF8
	case UTF8:
	}
	unix := strings.ReplaceAll(text, "\r\n", "\n")
	if unix == text && to == encoding {
		return nil
	}
	return WriteText(path, unix, to)
}
