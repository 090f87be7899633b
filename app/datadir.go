package app

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// PrepareDataDir creates the data folder, accessible only to its owner, and returns an error for a folder that is not suitable
// for secrets or a database.
func PrepareDataDir(dir string) error { return store.PrepareFolder(dir) }

// DataDir returns the data folder: the given one, else STEPDECK_HOME in environ, else the system's default.
func DataDir(given string, environ []string) (string, error) {
	if given == "" {
		given = getenv(environ, "STEPDECK_HOME")
	}
	if given != "" {
		dir, err := filepath.Abs(given)
		if err != nil {
			return "", fmt.Errorf("find the data folder: %w", err)
		}
		return dir, nil
	}
	var base string
	switch runtime.GOOS {
	case "windows":
		base = getenv(environ, "LOCALAPPDATA")
	case "darwin":
		base = getenv(environ, "HOME")
		if base != "" {
			base = filepath.Join(base, "Library", "Application Support")
		}
	default:
		if base = getenv(environ, "XDG_DATA_HOME"); !filepath.IsAbs(base) {
			base = ""
		}
		if home := getenv(environ, "HOME"); base == "" && home != "" {
			base = filepath.Join(home, ".local", "share")
		}
	}
	if base == "" {
		return "", model.NewError("app.datadir", "There is no home folder for Stepdeck's data. Set STEPDECK_HOME to a folder of your own.")
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return filepath.Join(base, "Stepdeck"), nil
	}
	return filepath.Join(base, "stepdeck"), nil
}

func home(environ []string) string {
	if runtime.GOOS == "windows" {
		return getenv(environ, "USERPROFILE")
	}
	return getenv(environ, "HOME")
}

// getenv returns a variable's value as the system does: the last one wins, and on Windows case doesn't matter.
func getenv(environ []string, name string) string {
	found := ""
	for _, entry := range environ {
		key, value, ok := strings.Cut(entry, "=")
		if ok && (key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name)) {
			found = value
		}
	}
	return found
}

// Who returns user@host, for the record of a run.
func Who(environ []string) string {
	user := getenv(environ, "USER")
	if user == "" {
		user = getenv(environ, "USERNAME")
	}
	if user == "" {
		user = getenv(environ, "LOGNAME")
	}
	host, err := os.Hostname()
	switch {
	case err != nil || host == "":
		return user
	case user == "":
		return host
	}
	return user + "@" + host
}
