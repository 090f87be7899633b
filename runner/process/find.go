package process

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// Supervisor says which program owns a script's processes. The zero value is the running program, whose main then begins
// as Supervise tells.
type Supervisor struct {
	Program string // "" is the running program
	Build   string // what it has to be a build of: it refuses an engine of any other

	held *os.File // on Linux: Program as it was when it was found
}

// supervisorName is the program's name without the ending that Windows gives it.
const supervisorName = "stepdeck-supervisor"

// FindSupervisor gives the program that lies beside the running one and does nothing but supervise, which starts in a
// third of the time. Where there is none, as beside a command that was built alone, and where build is empty, which is
// the same for all that was built without a version, the running program supervises itself.
func FindSupervisor(build string) Supervisor {
	self := Supervisor{Build: build}
	if build == "" {
		return self
	}
	program, err := os.Executable()
	if err != nil {
		return self
	}
	if program, err = filepath.EvalSymlinks(program); err != nil {
		return self
	}
	name := supervisorName
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return supervisorIn(filepath.Dir(program), name, build)
}

func supervisorIn(dir, name, build string) Supervisor {
	path := filepath.Join(dir, name)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return Supervisor{Build: build}
	}
	return Supervisor{Program: path, Build: build, held: hold(path)}
}

// IsSupervisor tells whether a program was started to be a supervisor, by its arguments and its name before them.
func IsSupervisor(args []string) bool { return supervisor.IsAsked(args) }

// Supervise is the main of a supervisor. A program that calls Run with the zero Supervisor begins its main with
//
//	if process.IsSupervisor(os.Args) {
//		os.Exit(process.Supervise())
//	}
//
// before it does anything else: the time until there is added to every step.
func Supervise() int { return supervisor.Main("") }
