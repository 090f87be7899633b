package script

import (
	"strings"
	"testing"
)

func TestEveryToolCanBeInstalled(t *testing.T) {
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, kind := range []Kind{AWS, Bash, PowerShell, WindowsPowerShell, Python} {
			i := howToInstall(kind, system)
			if i.sentence() == "" || strings.HasSuffix(i.sentence(), " ") {
				t.Errorf("%s on %s: %q", kind, system, i.sentence())
			}
			if i.Page != "" && !strings.HasPrefix(i.Page, "https://") {
				t.Errorf("%s on %s: page %q", kind, system, i.Page)
			}
		}
	}
	tests := []struct {
		kind         Kind
		system, want string
	}{
		{Bash, "windows", "install Git for Windows, whose Bash it is, run: winget install Git.Git, or see https://git-scm.com/download/win"},
		{Bash, "linux", "install your system's package bash"},
		{AWS, "linux", "see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"},
		{AWS, "darwin", "run: brew install awscli, or see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"},
	}
	for _, tt := range tests {
		if got := howToInstall(tt.kind, tt.system).sentence(); got != tt.want {
			t.Errorf("%s on %s: %q, want %q", tt.kind, tt.system, got, tt.want)
		}
	}
}
