package command

import (
	"github.com/stepdeck/stepdeck/app/browser"
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
	if c.OpenURL == nil || !browser.HasDisplay(c.getenv) {
		return model.SignInElsewhere
	}
	return model.SignInHere
}
