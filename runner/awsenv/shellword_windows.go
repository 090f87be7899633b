package awsenv

import (
	"fmt"
	"strings"
	"unicode"
)

// shellWord returns a text as one word of a command that a person copies into a terminal, where nothing in it is expanded: in
// double quotes, which cmd.exe knows too, or as PowerShell writes it.
func shellWord(text string) string {
	if inert(text) {
		return `"` + text + `"`
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\'':
			b.WriteString("''")
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default: // a person must see what the command says
			fmt.Fprintf(&b, "'+[char]::ConvertFromUtf32(0x%X)+'", r)
		}
	}
	if quoted := "'" + b.String() + "'"; !strings.Contains(quoted, "'+[char]") {
		return quoted
	}
	return "('" + b.String() + "')"
}
