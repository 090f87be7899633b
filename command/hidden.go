package command

import (
	"fmt"
	"os"
	"os/signal"
	"slices"
)

// giveBackTerminal has a signal during a question whose answer is hidden leave the terminal as it was before: the process would
// end with the echo off. While a run goes on, that one does so when it ends.
func (c *cli) giveBackTerminal() {
	read := c.ReadSecret
	if read == nil || c.RestoreTerminal == nil {
		return
	}
	c.ReadSecret = func(prompt string) (string, error) {
		if !c.heeded.Load() {
			release := c.restoreOnSignal()
			defer release()
		}
		return read(prompt)
	}
}

// restoreOnSignal restores the terminal when a signal ends the process, until release is called.
func (c *cli) restoreOnSignal() (release func()) {
	ending := slices.DeleteFunc(stopSignals(), signal.Ignored)
	if len(ending) == 0 { // Notify would take all there are
		return func() {}
	}
	signals, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, ending...)
	go func() {
		select {
		case s := <-signals:
			c.RestoreTerminal()
			fmt.Fprintln(c.Err)
			endBy(s)
		case <-done:
		}
	}()
	return func() { signal.Stop(signals); close(done) }
}
