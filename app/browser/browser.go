// Package browser opens pages with the browser of this computer, which gets none of Stepdeck's variables.
package browser

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Open opens a page: see [model.PageURL] for what a page is. command is the command line of the browser that the person has chosen; empty:
// the system's. It returns once the browser has taken the page, after some seconds at most.
func Open(ctx context.Context, command, address string) error {
	u, err := model.PageURL(address)
	if err != nil {
		return err
	}
	program := chosen(command, u.String())
	if err := start(ctx, program); err != nil {
		return model.NewError("browser.program", "The browser could not be opened with the program %s. Choose another one in the settings.",
			model.SafeLine(program[0])).Because(err)
	}
	return nil
}

// start starts a program that hands a page to the browser. It may be the browser itself, and is then left running.
func start(ctx context.Context, program []string) error {
	const patience = 5 * time.Second
	cmd := exec.Command(program[0], program[1:]...) //nolint:noctx // it outlives the command
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "STEPDECK_") { // a passphrase is among them
			cmd.Env = append(cmd.Env, entry)
		}
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	case <-time.After(patience):
	}
	return nil
}
