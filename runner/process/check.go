package process

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// check returns an error for anything that the system would reject with a bare error number or silently truncate. The
// error names variables but never contains their values.
func (s Spec) check() error {
	if !filepath.IsAbs(s.Path) || !filepath.IsAbs(s.Dir) {
		return fmt.Errorf("process: program %q and folder %q must be absolute paths", s.Path, s.Dir)
	}
	total, name := 0, filepath.Base(s.Path)
	for i, arg := range s.Args {
		if strings.ContainsRune(arg, 0) {
			return model.NewError("process.argument.nul",
				"Argument %d of %s contains a NUL character, which can't be passed to a program. Remove it.", i+1, name)
		}
		if size(arg) > maxString {
			return model.NewError("process.argument.long",
				"Argument %d of %s is %d bytes long; this system allows %d. Pass it in a file.", i+1, name, len(arg), maxString)
		}
		total += size(arg) + perString
	}
	for i, entry := range s.Env {
		variable, value, ok := strings.Cut(entry, "=")
		switch {
		case !ok || variable == "":
			return fmt.Errorf("process: entry %d of the environment has no name", i+1)
		case strings.ContainsRune(variable, 0):
			return fmt.Errorf("process: the name of entry %d of the environment contains a NUL character", i+1)
		case strings.ContainsRune(entry, 0):
			return model.NewError("process.variable.nul",
				"The variable %s contains a NUL character, which an environment can't. Remove it, or pass the value in a file.", variable)
		case size(entry) > maxString:
			return model.NewError("process.variable.long",
				"The value of the variable %s is too long for an environment variable: %d bytes; this system allows %d including the name. "+
					"Read it as a project variable, which has no such limit, or pass it in a file.", variable, len(value), maxString)
		}
		total += size(entry) + perString
	}
	if total > maxTotal {
		return model.NewError("process.environment.large",
			"The environment and the arguments of %s are %d bytes together; this system allows %d. Pass large values in files.",
			name, total, maxTotal)
	}
	return nil
}
