package command

import (
	"context"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestWayToSignIn(t *testing.T) {
	opens := func(context.Context, string, string) error { return nil }
	for _, tt := range []struct {
		environ []string
		opens   func(context.Context, string, string) error
		want    model.SignInWay
	}{
		{[]string{"DISPLAY=:0", "WAYLAND_DISPLAY=w"}, opens, model.SignInHere},
		{[]string{"DISPLAY=:0", "SSH_CONNECTION=x"}, opens, model.SignInElsewhere},
		{[]string{"DISPLAY=:0", "SSH_TTY=x"}, opens, model.SignInElsewhere},
		{[]string{"DISPLAY=:0"}, nil, model.SignInElsewhere},
	} {
		c := &cli{IO: IO{Environ: tt.environ, OpenURL: tt.opens}}
		if got := c.wayToSignIn(); got != tt.want {
			t.Errorf("%v: %s", tt.environ, got)
		}
	}
}
