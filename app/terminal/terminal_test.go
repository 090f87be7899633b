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
	words := []string{
		"/opt/stepdeck", "account", "shell", "--pause", "--role", "arn:a", "--role", "arn:b", "--confirm", "Website prod",
		"--region", "eu-west-1", "--shell", "/bin/zsh", "--", "-x; rm",
	}
	for _, tt := range []struct {
		home, system string
		want         []string
	}{
		{"", "linux", words},
		{"/data", "linux", append([]string{"env", "STEPDECK_HOME=/data"}, words...)},
		{"/data", "windows", words},
	} {
		if got := terminal.Command("/opt/stepdeck", tt.home, tt.system, as); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q", tt.system, got)
		}
	}
}
