//go:build !windows

package command

import "github.com/spf13/cobra"

// systemCommands are those that only some systems have. Elsewhere than on Windows packages put the command where the
// shell finds it.
func (c *cli) systemCommands() []*cobra.Command { return nil }
