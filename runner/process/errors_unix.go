//go:build unix

package process

import (
	"errors"
	"syscall"
)

func isNotProgram(err error) bool { return errors.Is(err, syscall.ENOEXEC) }
