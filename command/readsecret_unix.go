//go:build !windows

package command

import (
	"errors"
	"io"

	"golang.org/x/sys/unix"
)

// readSecret reads a line of a terminal without showing it. It returns io.EOF when the person ends the input (Ctrl-D) instead of
// answering, which term.ReadPassword ignores here: it takes a read of nothing for one to repeat.
func readSecret(fd int) (line []byte, err error) {
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	hidden := *before
	hidden.Lflag &^= unix.ECHO
	hidden.Lflag |= unix.ICANON | unix.ISIG
	hidden.Iflag |= unix.ICRNL
	if err := unix.IoctlSetTermios(fd, setTermios, &hidden); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unix.IoctlSetTermios(fd, setTermios, before)) }()
	return readHiddenLine(func(b []byte) (int, error) { return unix.Read(fd, b) })
}

// readHiddenLine reads byte by byte, so that what follows the line is left for the next reader.
func readHiddenLine(read func([]byte) (int, error)) ([]byte, error) {
	var line []byte
	b := make([]byte, 1)
	for {
		n, err := read(b)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return nil, err
		case n == 0 && len(line) == 0:
			return nil, io.EOF
		case n == 0, b[0] == '\n':
			return line, nil
		default:
			line = append(line, b[0])
		}
	}
}
