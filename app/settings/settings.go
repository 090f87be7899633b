// Package settings is the service for the settings of this computer: programs, limits and the look of the window. It also
// finds programs and newer versions of Stepdeck.
package settings

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Setting is a setting of this computer.
type Setting struct {
	Key     string
	About   string
	Default string
	Value   string // empty: the default
	check   func(string) error
}

// Keys of the limits of packages.
const (
	FileBytes      = archive.SettingFileBytes
	Entries        = archive.SettingEntries
	EntryBytes     = archive.SettingEntryBytes
	TotalBytes     = archive.SettingTotalBytes
	Ratio          = archive.SettingRatio
	NameBytes      = archive.SettingNameBytes
	ComponentBytes = archive.SettingComponentBytes
	Depth          = archive.SettingDepth
)

// Keys of the limits of what scripts can keep with a run.
const (
	ArtifactFileBytes = "artifact.fileBytes"
	ArtifactRunBytes  = "artifact.runBytes"
	ArtifactFiles     = "artifact.files"
)

// ArtifactPrefix is the prefix of their keys.
const ArtifactPrefix = "artifact."

// PackagePrefix is the prefix of the keys of the limits of packages.
const PackagePrefix = "package."

// Theme is the key of the window's colours: light, dark or empty, which follows the system.
const Theme = "window.theme"

// Browser is the key of the command line of the browser in which people sign in and the AWS console opens; empty: the system's.
const Browser = "browser"

// SystemCertificates is the key of the setting that lets scripts use the certificates that the system trusts: on or off.
const SystemCertificates = "scripts.systemCertificates"

// StayAwake is the key of the setting that keeps the system from sleeping while a run goes on: on or off.
const StayAwake = "runs.stayAwake"

// All returns every setting that a person can change, sorted by key, without values.
func All() []Setting {
	limits, kept := archive.DefaultLimits(), model.DefaultArtifactLimits()
	number := func(key, about string, standard int64) Setting {
		return Setting{Key: key, About: about, Default: strconv.FormatInt(standard, 10), check: checkNumber}
	}
	list := []Setting{
		{Key: Browser, About: "Browser for signing in and the AWS console: a program and its options, such as firefox -P Work, with {url} " +
			"where the address goes if that is not the end; empty: the system's.", check: checkLine},
		{Key: ToolKey(AWS), About: "Path of the aws program; empty: search for it."},
		{Key: ToolKey(PowerShell), About: "Path of pwsh (PowerShell 7); empty: search for it."},
		{Key: ToolKey(Bash), About: "Path of bash; empty: search for it."},
		{Key: ToolKey(Python), About: "Path of python3 (3.8 or later), such as that of a virtual environment; empty: search for it."},
		{Key: ToolKey(WindowsPowerShell), About: "Path of Windows PowerShell; empty: the one that comes with Windows."},
		number(ArtifactFileBytes, "Largest artifact of a run, in bytes.", kept.FileBytes),
		number(ArtifactRunBytes, "Maximum size of all artifacts of a run together, in bytes.", kept.RunBytes),
		number(ArtifactFiles, "Maximum number of artifacts of a run.", int64(kept.Files)),
		number(FileBytes, "Largest package file, in bytes.", limits.FileBytes),
		number(Entries, "Maximum number of files and folders in a package.", int64(limits.Entries)),
		number(EntryBytes, "Largest file in a package, unpacked, in bytes.", limits.EntryBytes),
		number(TotalBytes, "Maximum size of all files in a package together, unpacked, in bytes.", limits.TotalBytes),
		number(Ratio, "Highest ratio of unpacked to packed bytes.", limits.Ratio),
		number(NameBytes, "Longest path in a package, in bytes.", int64(limits.NameBytes)),
		number(ComponentBytes, "Longest name of a file or folder in a package, in bytes.", int64(limits.ComponentBytes)),
		{Key: UpdatesCheck, About: "Check once a day for a newer version: on or off.", Default: off, check: checkSwitch},
		{Key: SystemCertificates, Default: off, check: checkSwitch,
			About: "Let scripts use the certificates that this system trusts, such as a company's: on or off."},
		{Key: StayAwake, Default: on, check: checkSwitch, About: "Keep the system from going to sleep while a run goes on: on or off."},
		{Key: Theme, About: "Colours of the window: light or dark; empty: the system's.", check: checkTheme},
		number(Depth, "Maximum depth of folders in a package.", int64(limits.Depth)),
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

func checkLine(text string) error {
	if strings.ContainsAny(text, "\r\n") {
		return model.NewError("setting.lines", "The value has several lines. Enter one.")
	}
	return nil
}

func checkNumber(text string) error {
	if n, err := strconv.ParseInt(text, 10, 64); err != nil || n <= 0 {
		return model.NewError("setting.number", "%q is not a whole number above zero.", text)
	}
	return nil
}

// Check returns an error if a value is not valid for a setting. An empty value, the default, is always valid.
func Check(key, value string) error {
	var keys []string
	for _, s := range All() {
		keys = append(keys, s.Key)
		if s.Key != key {
			continue
		}
		if strings.ContainsRune(value, 0) {
			return model.NewError("setting.nul", "The value of %s contains a NUL character.", key)
		}
		if value == "" || s.check == nil {
			return nil
		}
		return s.check(value)
	}
	if near := model.Nearest(key, keys); near != "" {
		return model.NewError("setting.unknown", "There is no setting %q. Did you mean %q?", key, near)
	}
	return model.NewError("setting.unknown", "There is no setting %q. Choose one of: %s.", key, strings.Join(keys, ", "))
}

// Values are the settings of this computer.
type Values struct{ values map[string]string }

// Get returns the value of a setting, or its default.
func (s Values) Get(key string) string {
	if v := s.values[key]; v != "" {
		return v
	}
	for _, known := range All() {
		if known.Key == key {
			return known.Default
		}
	}
	return ""
}

// Theme returns the colours of the window: light, dark or empty, which follows the system.
func (s Values) Theme() string { return s.Get(Theme) }

// Browser returns the command line of the browser that the person has chosen; empty: the system's.
func (s Values) Browser() string { return s.Get(Browser) }

// SystemCertificates reports whether scripts are to use the certificates that the system trusts.
func (s Values) SystemCertificates() bool { return s.Get(SystemCertificates) == on }

// StayAwake reports whether runs are to keep the system from going to sleep.
func (s Values) StayAwake() bool { return s.Get(StayAwake) == on }

// Kept returns everything that is stored, including values of the user interface.
func (s Values) Kept() map[string]string { return maps.Clone(s.values) }

// List returns every setting with its value.
func (s Values) List() []Setting {
	list := All()
	for i, known := range list {
		list[i].Value = s.values[known.Key]
	}
	return list
}

// PackageLimits returns the limits of packages.
func (s Values) PackageLimits() archive.Limits {
	return archive.LimitsFrom(func(key string) (int64, bool) {
		n, err := strconv.ParseInt(s.values[key], 10, 64)
		return n, err == nil
	})
}

// ArtifactLimits returns the limits of what scripts can keep with a run.
func (s Values) ArtifactLimits() model.ArtifactLimits {
	limits := model.DefaultArtifactLimits()
	for key, at := range map[string]*int64{ArtifactFileBytes: &limits.FileBytes, ArtifactRunBytes: &limits.RunBytes} {
		if n, err := strconv.ParseInt(s.values[key], 10, 64); err == nil {
			*at = n
		}
	}
	if n, err := strconv.Atoi(s.values[ArtifactFiles]); err == nil {
		limits.Files = n
	}
	return limits
}

// Programs returns the paths of programs that are set.
func (s Values) Programs() script.Settings {
	programs := script.Settings{}
	for key, path := range s.values {
		if kind, ok := toolOf(key); ok {
			programs[kind] = path
		}
	}
	return programs
}
