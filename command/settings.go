package command

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
)

func (c *cli) settingsCommand() *cobra.Command {
	list := &cobra.Command{
		Use: "list", Short: "List the settings of this computer", Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			var rows [][]string
			now := s.Now()
			for _, setting := range app.AllSettings() {
				value := now.Get(setting.Key)
				if !now.IsSet(setting.Key) && value != "" {
					value += " (default)"
				}
				rows = append(rows, []string{setting.Key, value, setting.About})
			}
			return c.table([]string{"SETTING", "VALUE", "MEANING"}, rows)
		},
	}
	set := &cobra.Command{
		Use: "set KEY VALUE", Short: "Change a setting; an empty value is its default again",
		Example:           `  stepdeck settings set tool.pwsh /opt/powershell/pwsh`,
		Args:              exactly(2, "the key of a setting and a value"),
		ValidArgsFunction: c.complete(first(offerSettings)),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, value := args[0], strings.TrimSpace(args[1])
			if err := app.CheckSetting(key, value); err != nil {
				return err
			}
			if strings.ContainsRune(value, 0) {
				return model.NewError("setting.nul", "The value of %s holds a NUL character.", key)
			}
			s, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			return s.Store.SaveSettings(cmd.Context(), map[string]string{key: value})
		},
	}
	return group("settings", "List and change the settings of this computer", list, set)
}
