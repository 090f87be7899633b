package command

import (
	"context"

	"github.com/spf13/cobra"
)

// table says how a command prints a list: as rows, or with --json as one record a line.
type table[T any] struct {
	header []string
	none   string // said in place of an empty table
	read   func(ctx context.Context, args []string) ([]T, error)
	record func(item T) any
	row    func(item T) []string
}

// listed returns a command that takes n arguments and prints a list. what describes the arguments in errors.
func listed[T any](c *cli, use, short string, n int, what string, t table[T]) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: use, Short: short, Args: exactly(n, what),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := t.read(cmd.Context(), args)
			if err != nil {
				return err
			}
			if !asJSON {
				return t.print(c, list)
			}
			for _, item := range list {
				if err := c.printJSON(t.record(item)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return cmd
}

func (t table[T]) print(c *cli, list []T) error {
	if len(list) == 0 {
		c.say("%s", t.none)
		return nil
	}
	return c.table(t.header, convert(list, t.row))
}
