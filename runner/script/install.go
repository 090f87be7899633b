package script

import "runtime"

// Install says how to install a program: a command to type if the system has one, and the vendor's page.
type Install struct {
	Command string
	Page    string
	Hint    string // if neither applies
}

// HowToInstall says how to install a tool on this system.
func HowToInstall(kind Kind) Install { return howToInstall(kind, runtime.GOOS) }

const (
	pageAWS        = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
	pagePython     = "https://www.python.org/downloads/"
	pagePowerShell = "https://learn.microsoft.com/powershell/scripting/install/installing-powershell-on-"
)

func howToInstall(kind Kind, system string) Install {
	switch kind {
	case AWS:
		return Install{Page: pageAWS,
			Command: map[string]string{"windows": "winget install Amazon.AWSCLI", "darwin": "brew install awscli"}[system]}
	case PowerShell:
		switch system {
		case "windows":
			return Install{Command: "winget install Microsoft.PowerShell", Page: pagePowerShell + "windows"}
		case "darwin":
			return Install{Command: "brew install powershell", Page: pagePowerShell + "macos"}
		}
		return Install{Page: pagePowerShell + "linux"}
	case Bash:
		switch system {
		case "windows":
			return Install{Command: "winget install Git.Git", Page: "https://git-scm.com/download/win",
				Hint: "install Git for Windows, whose Bash it is"}
		case "darwin":
			return Install{Command: "brew install bash", Hint: "repair macOS, which has it at /bin/bash"}
		}
		return Install{Hint: "install your system's package bash"}
	case Python:
		return Install{Page: pagePython,
			Command: map[string]string{"windows": "winget install Python.Python.3.13", "darwin": "brew install python"}[system]}
	case WindowsPowerShell:
		if system == "windows" {
			return Install{Hint: `repair Windows, which has it at System32\WindowsPowerShell\v1.0`}
		}
		return Install{Hint: "use Windows, the only system that has it"}
	}
	return Install{}
}

// install returns the installation advice as the end of a sentence.
func install(kind Kind) string { return HowToInstall(kind).sentence() }

func (i Install) sentence() string {
	text := i.Hint
	if i.Command != "" {
		if text != "" {
			text += ", "
		}
		text += "run: " + i.Command
	}
	if i.Page != "" {
		if text != "" {
			text += ", or "
		}
		text += "see " + i.Page
	}
	return text
}
