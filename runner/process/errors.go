package process

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/stepdeck/stepdeck/model"
)

// startError explains why a program could not be started. For "no such file or directory" it finds out which one: the
// error number may mean the program, its working folder or the interpreter in its first line.
func startError(s Spec, cause error) error {
	name := filepath.Base(s.Path)
	explain := func(code, format string, args ...any) error {
		return model.NewError(code, format, args...).Because(cause)
	}

	if st, err := os.Stat(s.Dir); errors.Is(err, fs.ErrNotExist) {
		return explain("process.folder.missing",
			"%s can't be started: its working folder %s no longer exists. Run the step again.", name, s.Dir)
	} else if err == nil && !st.IsDir() {
		return explain("process.folder.file", "%s can't be started: its working folder %s is a file. Choose a folder.", name, s.Dir)
	}
	st, err := os.Stat(s.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return explain("process.program.missing",
			"Unable to run %s: there is no program at %s. Install it, or set its path under Settings, Tools.", name, s.Path)
	case err == nil && st.IsDir():
		return explain("process.program.folder",
			"Unable to run %s: %s is a folder. Choose the program in it under Settings, Tools.", name, s.Path)
	case errors.Is(cause, syscall.E2BIG):
		return explain("process.environment.large",
			"The environment and the arguments of %s are too large for this system. Pass large values in files.", name)
	case errors.Is(cause, syscall.EAGAIN) || errors.Is(cause, syscall.ENOMEM):
		return explain("process.resources",
			"%s can't be started: this computer has run out of memory or processes. Close other programs and run the step again.", name)
	case errors.Is(cause, fs.ErrNotExist):
		return explain("process.program.interpreter",
			"Unable to run %s: the file %s exists, but the program named in its first line (#!) or its header does not. "+
				"Install that program, or choose another one under Settings, Tools.", name, s.Path)
	case isNotProgram(cause):
		return explain("process.program.format",
			"Unable to run %s: %s is not a program for this computer (%s, %s). Choose another one under Settings, Tools.",
			name, s.Path, runtime.GOOS, runtime.GOARCH)
	case errors.Is(cause, fs.ErrPermission):
		return explain("process.program.permission",
			"Unable to run %s: starting %s in %s is not permitted. Check the permissions to execute the file and to enter the folder.",
			name, s.Path, s.Dir)
	}
	return explain("process.start", "Unable to run %s (%s) in the folder %s.", name, s.Path, s.Dir)
}

// supervisorNotStarted returns the error for a supervisor that could not be started.
func supervisorNotStarted(s Supervisor, cause error) error {
	if s.Program != "" && (errors.Is(cause, fs.ErrNotExist) || errors.Is(cause, fs.ErrPermission) || isNotProgram(cause)) {
		return model.NewError("process.supervisor.program",
			"The program %s, which supervises scripts, can't be started. It is part of Stepdeck: install Stepdeck again.",
			s.Program).Because(cause)
	}
	return model.NewError("process.supervisor.start",
		"The process that supervises the script can't be started. Free some memory or close other programs, and run the step again.").
		Because(cause)
}

// buildMismatch returns the error for a supervisor of another build than this program.
func buildMismatch(s Supervisor, build string) error {
	return model.NewError("process.supervisor.version",
		"%s has another version than the running Stepdeck (%s, not %s), so the script was not started. "+
			"If Stepdeck was just updated, restart it; otherwise install Stepdeck again.",
		programOf(s), cmp.Or(build, "none"), cmp.Or(s.Build, "none"))
}

func supervisorSilent(s Supervisor) error {
	return model.NewError("process.supervisor.silent",
		"%s was not ready within %s, so the script was not started. Run the step again; if that doesn't help, install Stepdeck again.",
		programOf(s), model.TimeWords(startLimit))
}

func programOf(s Supervisor) string {
	if s.Program == "" {
		return "The file of this program"
	}
	return "The program " + s.Program + ", which supervises scripts,"
}

func supervisorLost(r Result) error {
	const killed = "The process that supervises the script was killed, by another program or because memory ran out. "
	err := model.NewError("process.supervisor.lost", killed+
		"The script was killed with it, and none of its processes is left. Run the step again.")
	if len(r.Survivors) > 0 {
		names := make([]string, 0, len(r.Survivors))
		for _, p := range r.Survivors {
			names = append(names, p.Name)
		}
		err = model.NewError("process.supervisor.lost.survivors", killed+
			"These processes of the script are still running and must be ended by hand: %s.", strings.Join(names, ", "))
	}
	return err
}
