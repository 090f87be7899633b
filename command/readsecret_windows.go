package command

import "golang.org/x/term"

// readSecret reads a line of a console without showing it. It returns io.EOF when the person ends the input instead of answering.
func readSecret(fd int) ([]byte, error) { return term.ReadPassword(fd) }
