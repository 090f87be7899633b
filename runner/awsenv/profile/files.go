package profile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// Files of thousands of profiles have less than a megabyte.
const largest = 8 << 20

// readFile returns the text of a file of profiles. One that doesn't exist has none.
func readFile(path string) (string, error) {
	if path == "" || path == os.DevNull {
		return "", nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", unreadable(path).Because(err)
	case !info.Mode().IsRegular():
		return "", model.NewError("profile.file.kind", "%s has the AWS profiles, but is not a file. Name the file that has them.", path)
	case info.Size() > largest:
		return "", model.NewError("profile.file.large", "The file of AWS profiles %s is larger than %d MB. Name the file that has them.",
			path, largest>>20)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		return "", unreadable(path).Because(err)
	}
	if bytes.HasPrefix(body, []byte(model.ByteOrderMark)) || !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
		return "", model.NewError("profile.file.encoding",
			"The file of AWS profiles %s is not plain UTF-8. Save it as UTF-8 without a byte order mark.", path)
	}
	return string(body), nil
}

func unreadable(path string) *model.Error {
	return model.NewError("profile.file.read", "The file of AWS profiles %s can't be read. Make it readable for yourself.", path)
}
