package script

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

func fileNames(kind Kind) []string {
	if kind == Python {
		return []string{"python.exe", "python3.exe"}
	}
	return []string{string(kind) + ".exe"}
}

func executable(fs.FileInfo) bool { return true }

// Two variables often name the same folder, such as ProgramFiles and ProgramW6432, and not always in the same case.
func samePath(a, b string) bool { return strings.EqualFold(a, b) }

func hideWindow(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
}

// refused says why a program with the right name is the wrong one. Windows's own bash.exe starts a Linux (WSL), which
// has neither the step's AWS variables nor the files under their names.
func refused(kind Kind, path string) error {
	folder := strings.ToLower(filepath.Dir(path))
	system := strings.ToLower(os.Getenv("SystemRoot"))
	apps := strings.HasSuffix(folder, `\windowsapps`)
	switch {
	case kind == Bash && (apps || system != "" && strings.HasPrefix(folder+`\`, system+`\`)):
		return errors.New("this is the Bash of WSL, a separate Linux without the step's AWS variables and files")
	case kind == Python && apps && !storeHasPython(folder):
		return errors.New("this is a placeholder of Windows that opens the Microsoft Store, and no Python")
	}
	return nil
}

// storeHasPython reports whether Python of the Microsoft Store is installed: its aliases and the placeholders of Windows have the
// same names, but it has a folder of its own beside them.
func storeHasPython(folder string) bool {
	found, err := filepath.Glob(filepath.Join(folder, "PythonSoftwareFoundation.Python.3*"))
	return err == nil && len(found) > 0
}

// launched returns the newest Python 3 that the launcher of Python knows.
func launched(ctx context.Context, kind Kind, onPath []string) []string {
	if kind != Python {
		return nil
	}
	folders := append(slices.Clone(onPath), below([]string{"", `Programs\Python\Launcher`}, "SystemRoot", "LocalAppData")...)
	for _, folder := range folders {
		launcher := filepath.Join(folder, "py.exe")
		if info, err := os.Stat(launcher); err != nil || info.IsDir() {
			continue
		}
		return launchedBy(ctx, launcher)
	}
	return nil
}

// launchedBy asks a launcher.
func launchedBy(ctx context.Context, launcher string) []string {
	ctx, cancel := context.WithTimeout(ctx, versionTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, launcher, "-3", "-c", "import sys; print(sys.executable)")
	command.Env = plainEnvironment(os.Environ())
	hideWindow(command)
	out, err := command.Output()
	if path := strings.TrimSpace(string(out)); err == nil && filepath.IsAbs(path) {
		return []string{path}
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
func usualFolders(kind Kind, onPath []string) []string {
	switch kind {
	case Bash:
		return append(gitBash(onPath), below([]string{`Git\bin`}, "ProgramFiles", "ProgramW6432", "ProgramFiles(x86)",
			`LocalAppData\Programs`)...)
	case PowerShell:
		return below([]string{`PowerShell\7`, `PowerShell\7-preview`, `Microsoft\WindowsApps`}, "ProgramFiles", "ProgramW6432",
			"ProgramFiles(x86)", "LocalAppData")
	case WindowsPowerShell:
		return below([]string{`System32\WindowsPowerShell\v1.0`}, "SystemRoot")
	case AWS:
		return below([]string{`Amazon\AWSCLIV2`, `Amazon\AWSCLI\bin`}, "ProgramFiles", "ProgramW6432", "ProgramFiles(x86)",
			`LocalAppData\Programs`, "LocalAppData")
	case Python:
		return newest(below([]string{"Python3*"}, `LocalAppData\Programs\Python`, "ProgramFiles", "ProgramW6432"))
	}
	return nil
}

// gitBash returns the folders of Bash that belong to the git.exe on the PATH: Git\cmd\git.exe has Git\bin\bash.exe.
func gitBash(onPath []string) []string {
	var folders []string
	for _, folder := range onPath {
		if _, err := os.Stat(filepath.Join(folder, "git.exe")); err == nil {
			folders = append(folders, filepath.Join(filepath.Dir(folder), "bin"))
		}
	}
	return folders
}

// newest returns the folders that match, those of longer and higher numbers first: Python313, Python39.
func newest(patterns []string) []string {
	var folders []string
	for _, pattern := range patterns {
		found, _ := filepath.Glob(pattern) // the patterns are well formed
		folders = append(folders, found...)
	}
	slices.SortStableFunc(folders, func(a, b string) int {
		a, b = filepath.Base(a), filepath.Base(b)
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(b, a))
	})
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
