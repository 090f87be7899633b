package desktop

import (
	"github.com/stepdeck/stepdeck/screens/runs"
	"github.com/stepdeck/stepdeck/screens/settings"
)

// missingTools is the help with programs that a run lacks.
type missingTools struct {
	settings.ToolChooser
	settings.Tools
}

func (w *window) missingTools() runs.Tools {
	return missingTools{
		settings.ToolChooser{Window: w.win, Settings: w.services.Settings(), Browse: w.choose, OpenPage: w.openPage},
		w.services.Settings().Tools(),
	}
}
