package awsenv

import (
	"cmp"
	"path/filepath"

	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
)

// ProfileFiles returns the files with the profiles of whoever has that environment and home folder, as the aws command finds them.
func ProfileFiles(environ []string, home string) profile.Files {
	env := lookup(environ)
	inHome := func(name string) string {
		if home == "" {
			return ""
		}
		return filepath.Join(home, ".aws", name)
	}
	return profile.Files{
		Config:      cmp.Or(env("AWS_CONFIG_FILE"), inHome("config")),
		Credentials: cmp.Or(env("AWS_SHARED_CREDENTIALS_FILE"), inHome("credentials")),
	}
}
