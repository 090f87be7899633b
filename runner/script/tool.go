package script

import (
	"runtime"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Kind is a kind of program that steps need.
type Kind string

// The kinds of tools.
const (
	Bash              Kind = "bash"
	PowerShell        Kind = "pwsh"       // 7 and later, on any system
	WindowsPowerShell Kind = "powershell" // 5.1, part of Windows
	AWS               Kind = "aws"
	Python            Kind = "python3"
)

// Tool is a program that was found and reported its version.
type Tool struct {
	Kind    Kind
	Path    string
	Version string
}

// Settings are the paths that the user chose, by kind; the other tools are searched for.
type Settings map[Kind]string

// Versions caches the versions of tools, so that a run doesn't have to start them. A file with another size or
// modification time is another tool.
type Versions interface {
	Get(path string, size int64, changed time.Time) (version string, ok bool)
	Put(path string, size int64, changed time.Time, version string)
}

// KindFor returns the program that runs a language. For PowerShell it depends on the edition: by default Windows
// PowerShell on Windows and PowerShell 7 elsewhere.
func KindFor(language model.Language, edition model.Edition) (Kind, error) {
	return kindFor(language, edition, runtime.GOOS)
}

func kindFor(language model.Language, edition model.Edition, system string) (Kind, error) {
	switch language {
	case model.Bash:
		return Bash, nil
	case model.Python:
		return Python, nil
	case model.PowerShell:
	default:
		return "", unsupported(language)
	}
	switch {
	case edition == model.EditionCore, edition != model.EditionDesktop && system != "windows":
		return PowerShell, nil
	case system != "windows":
		return "", model.NewError("script.edition.desktop",
			"The step needs Windows PowerShell (edition desktop), which exists only on Windows. Choose auto or core, or run it on Windows.")
	}
	return WindowsPowerShell, nil
}

// title is the tool's name in sentences.
func (k Kind) title() string {
	switch k {
	case Bash:
		return "Bash"
	case PowerShell:
		return "PowerShell 7 (pwsh)"
	case WindowsPowerShell:
		return "Windows PowerShell"
	case AWS:
		return "The AWS command line (aws)"
	case Python:
		return "Python 3"
	}
	return string(k)
}
