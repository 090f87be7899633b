package script_test

// Programs that scripts of tests start: Windows comes with cmd.exe, but without Bash.
const (
	exits0       = "cmd /c exit 0"
	exits7       = "cmd /c exit 7"
	printsOnBoth = `cmd /c "echo program& echo complaint 1>&2"` // standard output and standard error
	// Only ASCII: PowerShell itself reads programs in the console's code page here, a step always in UTF-8.
	printsNonASCII = "cmd /c echo ab"
)
