package terminal_test

import (
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/app/terminal"
)

func TestTheCommandOfATerminal(t *testing.T) {
	as := terminal.As{
		Account: "-x; rm", Roles: []string{"arn:a ", "arn:b"}, Confirm: []string{"Website prod"}, Region: "eu-west-1", Shell: "/bin/zsh",
	}
	want := []string{
		"/opt/stepdeck", "account", "shell", "--pause", "--data-folder", "/my data", "--role", "arn:a", "--role", "arn:b",
		"--confirm", "Website prod", "--region", "eu-west-1", "--shell", "/bin/zsh", "--", "-x; rm",
	}
	if got := terminal.Command("/opt/stepdeck", "/my data", as); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	want = []string{"/opt/stepdeck", "account", "shell", "--pause", "--data-folder", "/d", "--", "Website"}
	if got := terminal.Command("/opt/stepdeck", "/d", terminal.As{Account: "Website"}); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
