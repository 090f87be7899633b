package awsenv

import (
	"fmt"
	"os"
	"path/filepath"
)

// The names of the files in a folder made by [PrivateConfig], as in ~/.aws.
const (
	configName      = "config"
	credentialsName = "credentials"
)

// PrivateConfig creates a folder with an empty AWS configuration and an empty credentials file for one script, which finds
// them by [Options].PrivateConfig. The script can write them, such as with aws configure set, and use what it wrote. The
// caller removes the folder, which may then hold keys.
func PrivateConfig(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fmt.Errorf("create the script's AWS configuration: %w", err)
	}
	for _, name := range []string{configName, credentialsName} {
		// Not every tool takes a file that a variable names and that doesn't exist for an empty one.
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			return fmt.Errorf("create the script's AWS configuration: %w", err)
		}
	}
	return nil
}

// privateConfig returns the variables that lead to the script's own files in dir. BOTO_CONFIG has no file of its own: nothing
// writes it.
func (e environment) privateConfig(dir string) []Variable {
	if dir == "" {
		return nil
	}
	return []Variable{
		{"AWS_CONFIG_FILE", filepath.Join(dir, configName)},
		{"AWS_SHARED_CREDENTIALS_FILE", filepath.Join(dir, credentialsName)},
		{"BOTO_CONFIG", e.nullDevice()},
	}
}
