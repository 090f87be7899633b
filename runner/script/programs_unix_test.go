//go:build !windows

package script_test

// Programs that scripts of tests start: they are on every system of this kind.
const (
	exits0         = "bash -c 'exit 0'"
	exits7         = "bash -c 'exit 7'"
	printsOnBoth   = "bash -c 'echo program; echo complaint >&2'" // standard output and standard error
	printsNonASCII = "bash -c 'printf é🚀'"
)
