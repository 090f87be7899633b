package script

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

func fileName(kind Kind) string { return string(kind) + ".exe" }

func executable(fs.FileInfo) bool { return true }

// Two variables often name the same folder, such as ProgramFiles and ProgramW6432, and not always in the same case.
func samePath(a, b string) bool { return strings.EqualFold(a, b) }

func hideWindow(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
}

// refused says why a program with the right name is the wrong one. Windows's own bash.exe starts a Linux (WSL), which
// has neither the step's AWS variables nor the files under their names.
func refused(kind Kind, path string) error {
	if kind != Bash {
		return nil
	}
	folder := strings.ToLower(filepath.Dir(path))
	system := strings.ToLower(os.Getenv("SystemRoot"))
	if strings.HasSuffix(folder, `\windowsapps`) || system != "" && strings.HasPrefix(folder+`\`, system+`\`) {
		return errors.New("this is the Bash of WSL, a separate Linux without the step's AWS variables and files")
	}
	return nil
}

// arrange puts Git's Bash before any other on the PATH, and Windows PowerShell's own folder before any copy.
func arrange(kind Kind, onPath, usual []string) []string {
	if kind == Bash || kind == WindowsPowerShell {
		return append(usual, onPath...)
	}
	return append(onPath, usual...)
}

// usualFolders returns the folders where a tool usually is.
func usualFolders(kind Kind) []string {
	switch kind {
	case Bash:
		return append(gitBash(), below([]string{`Git\bin`}, "ProgramFiles", "ProgramW6432", "ProgramFiles(x86)", `LocalAppData\Programs`)...)
	case PowerShell:
		return below([]string{`PowerShell\7`, `PowerShell\7-preview`, `Microsoft\WindowsApps`}, "ProgramFiles", "ProgramW6432",
			"ProgramFiles(x86)", "LocalAppData")
	case WindowsPowerShell:
		return below([]string{`System32\WindowsPowerShell\v1.0`}, "SystemRoot")
	case AWS:
		return below([]string{`Amazon\AWSCLIV2`, `Amazon\AWSCLI\bin`}, "ProgramFiles", "ProgramW6432", "ProgramFiles(x86)",
			`LocalAppData\Programs`)
	}
	return nil
}

// gitBash returns the folders of Bash that belong to the git.exe on the PATH: Git\cmd\git.exe has Git\bin\bash.exe.
func gitBash() []string {
	var folders []string
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		if !filepath.IsAbs(folder) {
			continue
		}
		if _, err := os.Stat(filepath.Join(folder, "git.exe")); err == nil {
			folders = append(folders, filepath.Join(filepath.Dir(folder), "bin"))
		}
	}
	return folders
}

// below joins each folder to each root, which is a variable and folders below it.
func below(folders []string, roots ...string) []string {
	var found []string
	for _, root := range roots {
		variable, rest, _ := strings.Cut(root, `\`)
		base := os.Getenv(variable)
		if !filepath.IsAbs(base) {
			continue
		}
		for _, folder := range folders {
			found = append(found, filepath.Join(base, rest, folder))
		}
	}
	return found
}
