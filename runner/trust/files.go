package trust

import (
	"errors"
	"os"
)

// firstFile returns the certificates in the first of the files that has any.
func firstFile(paths []string) ([][]byte, error) {
	var failed []error
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if list := decode(text); len(list) > 0 {
			return list, nil
		}
	}
	return nil, errors.Join(failed...)
}
