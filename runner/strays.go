package runner

import (
	"path/filepath"

	"github.com/stepdeck/stepdeck/runner/process"
)

// EndStrays ends what the script of a step has left running whose engine and supervisor were killed at once. The step's own AWS
// configuration in its work folder, which all of its programs know from their environment, tells them from others.
func EndStrays(workFolder string) (ended int, survivors []process.Process) {
	space := workspaceAt(workFolder)
	return process.EndStrays("AWS_CONFIG_FILE=" + space.awsConfig() + string(filepath.Separator))
}
