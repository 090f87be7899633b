package terminal

import (
	"os/exec"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// candidate is a terminal program with the arguments that make it run a command in a new window.
type candidate struct {
	program string
	args    []string
	start   func(cmd *exec.Cmd) // sets what the system needs; may be nil
}

// CodeNoDisplay is the code of the error that a new window can't open where the command runs.
const CodeNoDisplay = "terminal.display"

// Open opens a new terminal window of this computer and runs a command in it. title is shown while the command has not set one.
// environ is the command's environment, and env returns a variable of this one. It returns once the terminal has started.
func Open(title string, command, environ []string, env func(name string) string) error {
	var because error
	for _, c := range candidates(title, command, env) {
		path, err := exec.LookPath(c.program)
		if err != nil {
			continue
		}
		if because = start(path, c, environ); because == nil {
			return nil
		}
	}
	if !hasDisplay(env) {
		return model.NewError(CodeNoDisplay, "There is no display here on which a new terminal could open: neither DISPLAY nor WAYLAND_DISPLAY "+
			"is set, as over SSH.").Because(because)
	}
	return model.NewError("terminal.none", "No terminal program could be started on this computer. %s", howToInstall).Because(because)
}

// start starts a terminal program. One that is still there after a moment, or has handed its work to another process, has started.
func start(path string, c candidate, environ []string) error {
	const moment = time.Second
	cmd := exec.Command(path, c.args...) //nolint:noctx // it outlives the caller
	cmd.Env = append([]string{}, environ...)
	cmd.SysProcAttr = detached()
	if c.start != nil {
		c.start(cmd)
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(moment):
		return nil
	}
}

// As says what uses an account in a new terminal.
type As struct {
	Account string
	Roles   []string // ARNs of roles that are assumed one after the other
	Confirm []string // ids or labels of the protected AWS accounts that may be used
	Region  string   // empty: the account's
	Shell   string   // path; empty: the person's usual one
}

// DataFolderFlag is the name of the command's flag for the data folder.
const DataFolderFlag = "data-folder"

// Command returns the words that run Stepdeck's command, program, in a new terminal. There is no secret among them. The data folder,
// a full path, is one of them: a terminal that is open already (Windows Terminal, gnome-terminal) starts the command in its own
// environment, which may have another one or none.
func Command(program, dataFolder string, as As) []string {
	words := []string{program, "account", "shell", "--pause", "--" + DataFolderFlag, dataFolder}
	for _, arn := range as.Roles {
		words = append(words, "--role", strings.TrimSpace(arn))
	}
	for _, typed := range as.Confirm {
		words = append(words, "--confirm", typed)
	}
	if as.Region != "" {
		words = append(words, "--region", as.Region)
	}
	if as.Shell != "" {
		words = append(words, "--shell", as.Shell)
	}
	return append(words, "--", as.Account) // a name may look like a flag
}
