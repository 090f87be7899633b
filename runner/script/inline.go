package script

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// WriteInline writes a step's inline script into the folder dir in the form that its language needs, and returns its
// path. PowerShell: UTF-8 with BOM, as 5.1 otherwise assumes the machine's code page, and on Windows with CRLF. Bash:
// UTF-8 without BOM, with line feeds, and Python likewise.
func WriteInline(dir string, language model.Language, body string) (path string, err error) {
	if strings.ContainsRune(body, 0) {
		return "", model.NewError("script.body.nul", "The script contains a NUL character, so it is not text. Load it again as text.")
	}
	body = strings.TrimPrefix(body, "\ufeff")
	body = strings.ReplaceAll(body, "\r\n", "\n")
	if !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	switch language {
	case model.Bash:
		path = filepath.Join(dir, "script.sh")
	case model.Python:
		path = filepath.Join(dir, "script.py")
	case model.PowerShell:
		path = filepath.Join(dir, "script.ps1")
		if runtime.GOOS == "windows" {
			body = strings.ReplaceAll(body, "\n", "\r\n")
		}
		body = "\ufeff" + body
	default:
		return "", unsupported(language)
	}
	if err := writeNew(path, body); err != nil {
		return "", fmt.Errorf("write the step's script: %w", err)
	}
	return path, nil
}

// writeNew creates a file that only this user can read; it must not exist yet.
func writeNew(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(path)
	}
	return err
}

func unsupported(language model.Language) error {
	return model.NewError("script.language.later", "Scripts in %q can't be run by this version of Stepdeck. Use powershell, bash or python.",
		language)
}
