package process

import (
	"errors"

	"golang.org/x/sys/windows"
)

func isNotProgram(err error) bool {
	return errors.Is(err, windows.ERROR_BAD_EXE_FORMAT) || errors.Is(err, windows.ERROR_EXE_MACHINE_TYPE_MISMATCH)
}
