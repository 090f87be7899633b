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

// Open opens a page with the browser of this computer: see [model.PageURL] for what a page is. It returns once the browser has
// taken it, after some seconds at most.
func Open(ctx context.Context, address string) error {
	u, err := model.PageURL(address)
	if err != nil {
		return err
	}
	return start(ctx, opener(u.String()))
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
