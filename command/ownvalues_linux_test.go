package command_test

import (
	"strings"
	"syscall"
	"testing"
)

// At a real terminal each step's own value is a question, and Enter keeps it.
func TestATerminalAsksForTheValueOfEachStep(t *testing.T) {
	d := newDesk(t)
	d.project(twoOwn())
	cmd, m := d.start("run", "P"), newTerminal(t)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = m.shown, m.shown, m.shown
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	must(t, cmd.Start())
	for _, question := range []string{"Back up: Which bucket [live-data]: ", "Depth [1]: ", "Empty: Which bucket [scratch]: "} {
		until(t, question, func() bool { return strings.Contains(m.screen.String(), question) })
		_, err := m.keys.WriteString("\n")
		must(t, err)
	}
	must(t, cmd.Wait())
	until(t, "what the steps print", func() bool {
		shown := m.screen.String()
		return strings.Contains(shown, "back up live-data") && strings.Contains(shown, "empty scratch")
	})
}
