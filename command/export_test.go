package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// SchemaNames returns what schema --of takes, but for the project file.
func SchemaNames() []string {
	var names []string
	for _, k := range recordKinds() {
		names = append(names, k.name)
	}
	return names
}

// JSONCommands returns the commands with a flag --json that print records of their own, such as "runs list".
func JSONCommands() (paths []string) {
	asAnother := []string{"runs again"} // prints the records of run
	walkCommands((&cli{}).root(), func(cmd *cobra.Command) {
		path := pathBelowRoot(cmd)
		if cmd.Flags().Lookup("json") != nil && !slices.Contains(asAnother, path) {
			paths = append(paths, path)
		}
	})
	return paths
}

func walkCommands(cmd *cobra.Command, visit func(*cobra.Command)) {
	for _, sub := range cmd.Commands() {
		visit(sub)
		walkCommands(sub, visit)
	}
}

func pathBelowRoot(cmd *cobra.Command) string {
	return strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
}
