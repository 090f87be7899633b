package app

import (
	"slices"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Setting is one thing that can be set on this computer.
type Setting struct {
	Key     string
	About   string
	Default string
	check   func(string) error
}

// Keys of the settings that name programs.
const (
	SettingAWS               = "tool.aws"
	SettingPowerShell        = "tool.pwsh"
	SettingWindowsPowerShell = "tool.powershell"
	SettingBash              = "tool.bash"
)

// SettingTheme holds light, dark or nothing, which follows the system.
const SettingTheme = "window.theme"

// AllSettings lists every setting that a person can change, by key.
func AllSettings() []Setting {
	limits := archive.DefaultLimits()
	number := func(key, about string, usual int64) Setting {
		return Setting{key, about, strconv.FormatInt(usual, 10), checkNumber}
	}
	list := []Setting{
		{SettingAWS, "Path of the aws program; empty: searched for.", "", nil},
		{SettingPowerShell, "Path of pwsh (PowerShell 7); empty: searched for.", "", nil},
		{SettingBash, "Path of bash; empty: searched for.", "", nil},
		{SettingWindowsPowerShell, "Path of Windows PowerShell; empty: the one of Windows.", "", nil},
		number(archive.SettingFileBytes, "Largest package file, in bytes.", limits.FileBytes),
		number(archive.SettingEntries, "Most files and folders in a package.", int64(limits.Entries)),
		number(archive.SettingEntryBytes, "Largest file in a package, unpacked, in bytes.", limits.EntryBytes),
		number(archive.SettingTotalBytes, "All files of a package together, unpacked, in bytes.", limits.TotalBytes),
		number(archive.SettingRatio, "Highest ratio of unpacked to packed bytes.", limits.Ratio),
		number(archive.SettingNameBytes, "Longest path in a package, in bytes.", int64(limits.NameBytes)),
		number(archive.SettingComponentBytes, "Longest name of a file or folder in a package, in bytes.", int64(limits.ComponentBytes)),
		{SettingUpdates, "Look once a day for a newer version and tell of it: on or off.", settingOff, checkSwitch},
		{SettingTheme, "Colours of the window: light or dark; empty: the system's.", "", checkTheme},
		number(archive.SettingDepth, "Deepest path in a package, in parts.", int64(limits.Depth)),
	}
	slices.SortFunc(list, func(a, b Setting) int { return strings.Compare(a.Key, b.Key) })
	return list
}

func checkTheme(text string) error {
	if text != "light" && text != "dark" {
		return model.NewError("setting.theme", "%q is not a theme. Use light or dark, or leave it empty to follow the system.", text)
	}
	return nil
}

func checkNumber(text string) error {
	if n, err := strconv.ParseInt(text, 10, 64); err != nil || n <= 0 {
		return model.NewError("setting.number", "%q is not a whole number above zero.", text)
	}
	return nil
}

// CheckSetting says what is wrong with a value for a setting; an empty value is the default.
func CheckSetting(key, value string) error {
	var keys []string
	for _, s := range AllSettings() {
		keys = append(keys, s.Key)
		if s.Key != key {
			continue
		}
		if value == "" || s.check == nil {
			return nil
		}
		return s.check(value)
	}
	if near := model.Nearest(key, keys); near != "" {
		return model.NewError("setting.unknown", "There is no setting %q. Did you mean %q?", key, near)
	}
	return model.NewError("setting.unknown", "There is no setting %q. There are: %s.", key, strings.Join(keys, ", "))
}

// Settings is what has been set on this computer.
type Settings struct{ values map[string]string }

// Get gives the value of a setting, or its default.
func (s Settings) Get(key string) string {
	if v := s.values[key]; v != "" {
		return v
	}
	for _, known := range AllSettings() {
		if known.Key == key {
			return known.Default
		}
	}
	return ""
}

// IsSet reports whether a setting differs from its default by somebody's choice.
func (s Settings) IsSet(key string) bool { return s.values[key] != "" }

// PackageLimits are the limits of packages as they are set.
func (s Settings) PackageLimits() archive.Limits {
	return archive.LimitsFrom(func(key string) (int64, bool) {
		n, err := strconv.ParseInt(s.values[key], 10, 64)
		return n, err == nil
	})
}

// Programs are the paths of programs as they are set.
func (s Settings) Programs() script.Settings {
	return script.Settings{
		AWS: s.values[SettingAWS], PowerShell: s.values[SettingPowerShell],
		WindowsPowerShell: s.values[SettingWindowsPowerShell], Bash: s.values[SettingBash],
	}
}
