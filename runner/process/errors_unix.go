//go:build unix

package process

import (
	"errors"
	"syscall"
)

func isNoProgram(err error) bool { return errors.Is(err, syscall.ENOEXEC) }
