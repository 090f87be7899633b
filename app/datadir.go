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

// PrepareDataDir makes the data folder, for its owner alone, and refuses one that is no place for secrets or a database.
func PrepareDataDir(dir string) error { return store.PrepareFolder(dir) }

// DataDir is the folder that all data lies in: the given one, STEPDECK_HOME, or the system's usual place.
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
		return "", model.NewError("app.datadir", "There is no home folder to keep the data in. Set STEPDECK_HOME to a folder of your own.")
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

// getenv finds a variable as the system does: on Windows in any case, and the last one wins.
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

// Who names the person at this computer for the record of a run.
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
