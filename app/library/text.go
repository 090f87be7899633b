package library

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// MaxScript is the maximum size of a script file that can be edited, in bytes.
const MaxScript = 4 << 20

// ReadScript returns the text of a script file, for editing.
func ReadScript(path string) (text string, err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // opening a pipe would wait for a writer
		return "", model.NewError("script.load.kind", "%s is not a file. Choose a script.", path)
	}
	unreadable := model.NewError("script.load", "The file %s can't be read. Check its path and rights.", path)
	in, err := os.Open(path)
	if err != nil {
		return "", unreadable.Because(err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	data, err := io.ReadAll(io.LimitReader(in, MaxScript+1))
	if err != nil {
		return "", unreadable.Because(err)
	}
	if len(data) > MaxScript {
		return "", model.NewError("script.load.large",
			"The file %s is too large for the editor. Put it into a package, or run it from its folder.", path)
	}
	text = Text(data)
	if strings.ContainsRune(text, 0) {
		return "", model.NewError("script.load.binary", "%s is not a text file.", path)
	}
	return text, nil
}

// Text decodes a script file in any encoding that scripts may have.
func Text(data []byte) string {
	text, _ := script.Decode(data)
	return text
}
