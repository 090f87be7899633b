package script

import (
	"runtime"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Kind is a program that steps need.
type Kind string

// The kinds of tools.
const (
	Bash              Kind = "bash"
	PowerShell        Kind = "pwsh"       // 7 and later, any system
	WindowsPowerShell Kind = "powershell" // 5.1, a part of Windows
	AWS               Kind = "aws"
)

// Tool is a program that was found and has answered.
type Tool struct {
	Kind    Kind
	Path    string
	Version string
}

// Settings are the paths that a person chose, by kind; the others are searched for.
type Settings map[Kind]string

// Versions remembers what tools answered, so that a run starts none of them for it. A file with another size or time of
// change is another tool.
type Versions interface {
	Get(path string, size int64, changed time.Time) (version string, ok bool)
	Put(path string, size int64, changed time.Time, version string)
}

// KindFor tells which program runs a language. The edition counts for PowerShell: by itself, Windows PowerShell on Windows
// and PowerShell 7 elsewhere.
func KindFor(language model.Language, edition model.Edition) (Kind, error) {
	return kindFor(language, edition, runtime.GOOS)
}

func kindFor(language model.Language, edition model.Edition, system string) (Kind, error) {
	switch language {
	case model.Bash:
		return Bash, nil
	case model.PowerShell:
	default:
		return "", unsupported(language)
	}
	switch {
	case edition == model.EditionCore, edition != model.EditionDesktop && system != "windows":
		return PowerShell, nil
	case system != "windows":
		return "", model.NewError("script.edition.desktop", "The step asks for Windows PowerShell (edition desktop), which exists on Windows alone. Choose auto or core, or run it on Windows.")
	}
	return WindowsPowerShell, nil
}

// title is how a sentence calls the tool.
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
	}
	return string(k)
}
