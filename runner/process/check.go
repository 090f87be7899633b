package process

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// check refuses what the system would refuse with a bare error number, or cut off in silence. It names variables and
// never shows what they hold.
func (s Spec) check() error {
	if !filepath.IsAbs(s.Path) || !filepath.IsAbs(s.Dir) {
		return fmt.Errorf("process: program %q and folder %q must be absolute paths", s.Path, s.Dir)
	}
	total := 0
	for i, arg := range s.Args {
		if strings.ContainsRune(arg, 0) {
			return model.NewError("process.argument.nul", "Argument %d of %s holds a NUL character, which no program can be given. Take it out.", i+1, filepath.Base(s.Path))
		}
		if size(arg) > maxString {
			return model.NewError("process.argument.long", "Argument %d of %s is %d bytes long; this system takes %d. Hand it over in a file.", i+1, filepath.Base(s.Path), len(arg), maxString)
		}
		total += size(arg) + perString
	}
	for i, entry := range s.Env {
		name, _, ok := strings.Cut(entry, "=")
		switch {
		case !ok || name == "":
			return fmt.Errorf("process: entry %d of the environment has no name", i+1)
		case strings.ContainsRune(name, 0):
			return fmt.Errorf("process: the name of entry %d of the environment holds a NUL character", i+1)
		case strings.ContainsRune(entry, 0):
			return model.NewError("process.variable.nul", "The variable %s holds a NUL character, which no environment can. Take it out, or hand the value over in a file.", name)
		case size(entry) > maxString:
			return model.NewError("process.variable.long", "The value of the variable %s is too long for an environment variable: %d bytes, and this system takes %d with the name. Read it as a project variable, which has no such limit, or hand it over in a file.", name, len(entry)-len(name)-1, maxString)
		}
		total += size(entry) + perString
	}
	if total > maxTotal {
		return model.NewError("process.environment.large", "The environment and the arguments of %s come to %d bytes; this system takes %d. Hand large values over in files.", filepath.Base(s.Path), total, maxTotal)
	}
	return nil
}
