package command

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestWayToSignIn(t *testing.T) {
	opens := func(context.Context, string) error { return nil }
	for _, tt := range []struct {
		environ []string
		opens   func(context.Context, string) error
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

// A page comes from a server: what it names besides a page is not opened.
func TestOnlyPagesAreOpened(t *testing.T) {
	for _, address := range []string{
		"", "file:///etc/passwd", "http://example.com", "-x", "javascript:x", "https:", "calc.exe", "https:///x",
	} {
		if err := openBrowser(t.Context(), address); model.ErrorCode(err) != "browser.url" {
			t.Errorf("%q: %v", address, err)
		}
	}
	page := "https://example.com/?a=1&b=%22"
	if program := opener(page); !slices.Contains(program, page) || strings.Contains(program[0], "cmd") || strings.HasSuffix(program[0], "sh") {
		t.Errorf("the page is opened by %q", program)
	}
}
