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

// startError turns "no such file or directory" into which one, and what to do. The system's number leaves open whether
// it means the program, the folder or what the program's first line names, so it is looked up.
func startError(s Spec, cause error) error {
	name := filepath.Base(s.Path)
	say := func(code, format string, args ...any) error {
		return model.NewError(code, format, args...).Because(cause)
	}

	if st, err := os.Stat(s.Dir); errors.Is(err, fs.ErrNotExist) {
		return say("process.folder.missing", "%s can't be started: its working folder %s does not exist any more. Run the step again.", name, s.Dir)
	} else if err == nil && !st.IsDir() {
		return say("process.folder.file", "%s can't be started: its working folder %s is a file. Choose a folder.", name, s.Dir)
	}
	st, err := os.Stat(s.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return say("process.program.missing", "Unable to run %s: there is no program at %s. Install it, or choose where it is under Settings, Tools.", name, s.Path)
	case err == nil && st.IsDir():
		return say("process.program.folder", "Unable to run %s: %s is a folder. Choose the program in it under Settings, Tools.", name, s.Path)
	case errors.Is(cause, syscall.E2BIG):
		return say("process.environment.large", "The environment and the arguments of %s are too large for this system. Hand large values over in files.", name)
	case errors.Is(cause, syscall.EAGAIN) || errors.Is(cause, syscall.ENOMEM):
		return say("process.resources", "%s can't be started: this computer has no memory or no process left for it. End other programs and run the step again.", name)
	case errors.Is(cause, fs.ErrNotExist):
		return say("process.program.interpreter", "Unable to run %s: the file %s exists, but the program that its first line (#!) or its header asks for does not. Install that program, or choose another one under Settings, Tools.", name, s.Path)
	case isNoProgram(cause):
		return say("process.program.format", "Unable to run %s: %s is not a program for this computer (%s, %s). Choose another one under Settings, Tools.", name, s.Path, runtime.GOOS, runtime.GOARCH)
	case errors.Is(cause, fs.ErrPermission):
		return say("process.program.permission", "Unable to run %s: starting %s in %s is not permitted. Check that the file may be executed and the folder be entered.", name, s.Path, s.Dir)
	}
	return say("process.start", "Unable to run %s (%s) in the folder %s.", name, s.Path, s.Dir)
}

// noSupervisor is told when not even the process that watches over the script could be started.
func noSupervisor(s Supervisor, cause error) error {
	if s.Program != "" && (errors.Is(cause, fs.ErrNotExist) || errors.Is(cause, fs.ErrPermission) || isNoProgram(cause)) {
		return model.NewError("process.supervisor.program",
			"The program %s, which watches over scripts, can't be started. It is a part of Stepdeck: install Stepdeck again.", s.Program).Because(cause)
	}
	return model.NewError("process.supervisor.start",
		"The process that watches over the script can't be started. Free some memory or end other programs, and run the step again.").Because(cause)
}

// otherBuild is told when the supervisor is of another version than this program.
func otherBuild(s Supervisor, its string) error {
	program := "The file of this program"
	if s.Program != "" {
		program = "The program " + s.Program + ", which watches over scripts,"
	}
	return model.NewError("process.supervisor.version",
		"%s has another version than the running Stepdeck (%s, not %s), so the script was not started. "+
			"If Stepdeck was just updated, run it again; else install Stepdeck again.",
		program, cmp.Or(its, "none"), cmp.Or(s.Build, "none"))
}

func lostSupervisor(r Result) error {
	err := model.NewError("process.supervisor.lost",
		"The process that watches over the script was killed from outside, by somebody or because memory ran out. Its script was ended with it: nothing of it runs on. Run the step again.")
	if len(r.Survivors) > 0 {
		names := make([]string, 0, len(r.Survivors))
		for _, p := range r.Survivors {
			names = append(names, p.Name)
		}
		err = model.NewError("process.supervisor.lost.survivors",
			"The process that watches over the script was killed from outside, by somebody or because memory ran out. These processes of the script run on and must be ended by hand: %s.", strings.Join(names, ", "))
	}
	return err
}
