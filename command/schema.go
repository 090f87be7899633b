package command

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/doctor"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// recordKind describes what a command prints or reads as JSON, one object per line.
type recordKind struct {
	name, about string
	records     []any // each line is one of these
}

// recordKinds lists every kind except the project file.
func recordKinds() []recordKind {
	return []recordKind{
		{"run", "a line of run --json", toAny(engine.EventsWithText())},
		{"events", "a line of run --events", toAny(engine.Events())},
		{"commands", "a line that run --events reads on standard input", toAny(engine.Commands())},
		{"preview", "run --preview --json", []any{previewRecord{}}},
		{"runs", "a line of runs list --json; runs show --json", []any{runRecord{}}},
		{"export", "a line of runs export --format jsonl", []any{exportedRun{}, engine.Line{}}},
		{"artifacts", "a line of runs artifacts --json", []any{artifactRecord{}}},
		{"choices", "a line of choices --json", []any{choiceRecord{}}},
		{"import", "a line of import --json", []any{importRecord{}}},
		{"projects", "a line of projects list --json", []any{projectRecord{}}},
		{"accounts", "a line of account list --json", []any{accountRecord{}}},
		{"sign-ins", "a line of account sign-ins --json", []any{signInRecord{}}},
		{"profiles", "a line of account profiles --json", []any{profileRecord{}}},
		{"portal-roles", "a line of account roles --json", []any{portalRoleRecord{}}},
		{"aws-accounts", "a line of aws-account list --json", []any{awsAccountRecord{}}},
		{"packages", "a line of package list --json", []any{packageRecord{}}},
		{"package-files", "a line of package files --json", []any{packageFileRecord{}}},
		{"settings", "a line of settings list --json", []any{settingRecord{}}},
		{"doctor", "a line of doctor --json", []any{doctor.Finding{}}},
		{"version", "version --json", []any{app.Version{}}},
		{"update", "version --check --json", []any{settings.Update{}}},
		{"sandbox", "sandbox, once it listens", []any{sandboxRecord{}}},
	}
}

func toAny[T any](list []T) []any { return convert(list, func(t T) any { return t }) }

const projectSchema = "project"

func (c *cli) schemaCommand() *cobra.Command {
	of := projectSchema
	about := []string{projectSchema + "\ta Stepdeck file"}
	for _, k := range recordKinds() {
		about = append(about, k.name+"\t"+k.about)
	}
	cmd := &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of Stepdeck files, or of a command's output", Args: exactly(0, "no argument"),
		Long: "Print the JSON Schema of Stepdeck files, or with --of that of the JSON that a command prints or reads:\n\n  " +
			strings.ReplaceAll(strings.Join(about, "\n  "), "\t", ": "),
		Example: "  stepdeck schema > stepdeck.schema.json\n  stepdeck schema --of events",
		RunE: func(*cobra.Command, []string) error {
			text, err := schemaOf(of)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.Out, "%s\n", text)
			return err
		},
	}
	cmd.Flags().StringVar(&of, "of", of, "project, or the output or input of a command: see above")
	_ = cmd.RegisterFlagCompletionFunc("of", cobra.FixedCompletions(about, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func schemaOf(name string) ([]byte, error) {
	names := []string{projectSchema}
	if name == projectSchema {
		return projects.Schema()
	}
	for _, k := range recordKinds() {
		if k.name == name {
			return json.MarshalIndent(newSchema("Stepdeck: "+k.about, k.records), "", "  ")
		}
		names = append(names, k.name)
	}
	return nil, model.NewError("usage", "There is no schema of %q. Choose one of: %s.", name, strings.Join(names, ", "))
}
