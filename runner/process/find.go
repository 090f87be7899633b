package process

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// Supervisor names the program that owns a script's processes. The zero value is the running program, whose main must
// then call [Supervise].
type Supervisor struct {
	Program string // "" is the running program
	Build   string // version of this program; a supervisor of another build refuses to work

	held *os.File // on Linux: Program as it was when it was found
}

// supervisorName is the program's name, on Windows without .exe.
const supervisorName = "stepdeck-supervisor"

// FindSupervisor returns the separate supervisor program beside the running one, which starts three times as fast. If there
// is none, as beside a command that was built alone, it returns the running program. It also does if build is empty, because then
// nothing tells two builds apart, and if others may put a file there: the supervisor receives the script's secrets.
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
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() || !trusted(dir, path) {
		return Supervisor{Build: build}
	}
	return Supervisor{Program: path, Build: build, held: hold(path)}
}

// IsSupervisor reports whether a program was started as a supervisor. args are like os.Args.
func IsSupervisor(args []string) bool { return supervisor.Requested(args) }

// Supervise is the main function of a supervisor, and returns its exit code. A program that calls Run with the zero
// Supervisor begins its main with
//
//	if process.IsSupervisor(os.Args) {
//		os.Exit(process.Supervise())
//	}
//
// before anything else, because every step waits for it.
func Supervise() int { return supervisor.Main("") }
