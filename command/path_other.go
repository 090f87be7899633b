//go:build !windows

package command

import "github.com/spf13/cobra"

// systemCommands returns the commands that only this system has: none. Outside Windows, packages install stepdeck in a
// folder that is on the PATH already.
func (c *cli) systemCommands() []*cobra.Command { return nil }
