package command

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// wayToSignIn returns how a person signs in unless they choose: with a code where no browser can open here, or where its answer
// could not reach this computer.
func (c *cli) wayToSignIn() model.SignInWay {
	for _, name := range []string{"SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"} {
		if c.getenv(name) != "" {
			return model.SignInElsewhere
		}
	}
	if c.OpenURL == nil || !hasDisplay(c.getenv) {
		return model.SignInElsewhere
	}
	return model.SignInHere
}

// openBrowser opens a page with the browser of this computer. What else a URL can name is not opened: it comes from a server.
func openBrowser(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !model.IsLoopback(u.Hostname())) {
		return model.NewError("browser.url", "%q is no page that a browser should open.", model.SafeLine(address))
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
