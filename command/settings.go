package command

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app/settings"
)

func (c *cli) settingsCommand() *cobra.Command {
	var asJSON bool
	list := &cobra.Command{
		Use: "list", Short: "List the settings of this computer", Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			var rows [][]string
			for _, setting := range s.Settings().Now().List() {
				value := setting.Value
				if value == "" {
					value = setting.Default
				}
				if asJSON {
					if err := c.printJSON(settingRecord{setting.Key, value, setting.Value != "", setting.About}); err != nil {
						return err
					}
					continue
				}
				if setting.Value == "" && value != "" {
					value += " (default)"
				}
				rows = append(rows, []string{setting.Key, value, setting.About})
			}
			if asJSON {
				return nil
			}
			return c.table([]string{"SETTING", "VALUE", "MEANING"}, rows)
		},
	}
	list.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	set := &cobra.Command{
		Use: "set KEY VALUE", Short: "Change a setting; an empty value restores its default",
		Example:           `  stepdeck settings set tool.pwsh /opt/powershell/pwsh`,
		Args:              exactly(2, "the key of a setting and a value"),
		ValidArgsFunction: c.complete(firstArg(completeSettings)),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, value := args[0], strings.TrimSpace(args[1])
			if err := settings.Check(key, value); err != nil {
				return err
			}
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			return s.Settings().Set(cmd.Context(), key, value)
		},
	}
	return group("settings", "List and change the settings of this computer", `  stepdeck settings list
  stepdeck settings set tool.pwsh /opt/powershell/pwsh`, list, set)
}
