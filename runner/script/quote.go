package script

import "strings"

// quoteBash quotes text as one Bash word with exactly these bytes. It can't contain NUL.
func quoteBash(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte('\'')
	from := 0
	for i := range len(text) {
		var as string
		switch text[i] {
		case '\'':
			as = `'\''`
		case '\r': // Git's Bash drops it from its input
			as = `'$'\r''`
		default:
			continue
		}
		b.WriteString(text[from:i])
		b.WriteString(as)
		from = i + 1
	}
	b.WriteString(text[from:])
	b.WriteByte('\'')
	return b.String()
}

// quoteBashArgument is quoteBash for a word that goes through a Windows command line: MSYS interprets ' and " there
// itself, so the result uses $'...' without either.
func quoteBashArgument(text string) string {
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(text) {
		switch c := text[i]; c {
		case '\'':
			b.WriteString(`\047`)
		case '"':
			b.WriteString(`\042`)
		case '\\':
			b.WriteString(`\134`)
		case '\r':
			b.WriteString(`\015`)
		case '\n':
			b.WriteString(`\012`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// patternBash returns a case pattern that matches name in any ASCII case.
func patternBash(name string) string {
	var b strings.Builder
	from := 0
	for i := range len(name) {
		c := name[i] | 0x20
		if c < 'a' || c > 'z' {
			continue
		}
		if from < i {
			b.WriteString(quoteBash(name[from:i]))
		}
		b.Write([]byte{'[', c &^ 0x20, c, ']'})
		from = i + 1
	}
	if from < len(name) || name == "" {
		b.WriteString(quoteBash(name[from:]))
	}
	return b.String()
}

// PowerShell accepts these as single quotes too. Source: PowerShell language specification, §2.3.5.2.
var powerShellQuotes = strings.NewReplacer("'", "''", "\u2018", "\u2018\u2018", "\u2019", "\u2019\u2019", "\u201a", "\u201a\u201a",
	"\u201b", "\u201b\u201b")

// quotePowerShell quotes text as one PowerShell string with exactly these characters.
func quotePowerShell(text string) string { return "'" + powerShellQuotes.Replace(text) + "'" }
