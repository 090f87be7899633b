package terminal

import (
	"syscall"
	"testing"
)

// A Windows Terminal that runs already starts the command in its own environment, so the data folder stands in the command line.
func TestTheCommandLineOfWindowsTerminal(t *testing.T) {
	words := Command(`C:\Program Files\Stepdeck\stepdeck.exe`, `D:\My data; old`, As{Account: "My web"})
	line := "wt.exe"
	for _, arg := range candidates("My web", words, nil)[0].args {
		line += " " + syscall.EscapeArg(arg)
	}
	const want = `wt.exe new-tab --title "My web" -- "C:\Program Files\Stepdeck\stepdeck.exe" account shell --pause ` +
		`--data-folder "D:\My data\; old" -- "My web"`
	if line != want {
		t.Errorf("%s\nwant\n%s", line, want)
	}
}
