package filters

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escape returns the filters that write a text so that a format reads it back, and those for URIs and Markdown.
func escape(name string) filter {
	switch name {
	case "htmlescape":
		return plain(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;", "/", "&#x2F;").Replace)
	case "xmlescape":
		return plain(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;").Replace)
	case "jsonescape":
		return plain(strings.NewReplacer(`"`, `\"`, "\r", `\r`, "\t", `\t`, "\n", `\n`, `\`, `\\`).Replace)
	case "yamlsinglequoteescape":
		return plain(yamlSingleQuoted)
	case "yamldoublequoteescape":
		return plain(yamlDoubleQuoted)
	case "propertieskeyescape":
		return plain(propertiesKey)
	case "propertiesvalueescape":
		return plain(propertiesValue)
	case "uriescape":
		return plain(func(text string) string { return percent(text, unreserved+reserved) })
	case "uridataescape":
		return plain(func(text string) string { return percent(text, unreserved) })
	case "uripart":
		return uriPart
	case "markdown", "markdowntohtml":
		return toHTML
	}
	return nil
}

// yamlSingleQuoted doubles quotes, and adds a line end to each run of them: YAML reads a single one as a blank.
func yamlSingleQuoted(text string) string {
	var out strings.Builder
	for text != "" {
		at := strings.IndexByte(text, '\n')
		if at < 0 {
			break
		}
		end := "\n"
		if at > 0 && text[at-1] == '\r' {
			at, end = at-1, "\r\n"
		}
		rest := text[at:]
		for strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r\n") {
			rest = strings.TrimPrefix(strings.TrimPrefix(rest, "\r"), "\n")
		}
		out.WriteString(text[:at] + end + text[at:len(text)-len(rest)])
		text = rest
	}
	out.WriteString(text)
	return strings.ReplaceAll(out.String(), "'", "''")
}

func yamlDoubleQuoted(text string) string {
	return runes(text, func(_ int, r rune) string {
		switch r {
		case '\r':
			return `\r`
		case '\n':
			return `\n`
		case '\t':
			return `\t`
		case '\\':
			return `\\`
		case '"':
			return `\"`
		}
		if r < ' ' || r > '~' {
			return unicodeEscape(r)
		}
		return string(r)
	})
}

func propertiesKey(text string) string {
	return runes(text, func(_ int, r rune) string {
		if strings.ContainsRune(" :=", r) {
			return `\` + string(r)
		}
		return properties(r)
	})
}

func propertiesValue(text string) string {
	return runes(text, func(at int, r rune) string {
		if at == 0 && r == ' ' {
			return `\ `
		}
		return properties(r)
	})
}

// properties escapes a character of a Java properties file, which is in ISO 8859-1.
func properties(r rune) string {
	switch r {
	case '\\':
		return `\\`
	case '\r':
		return `\r`
	case '\n':
		return `\n`
	case '\t':
		return `\t`
	}
	if r >= 0xFF {
		return unicodeEscape(r)
	}
	return string(r)
}

func runes(text string, f func(at int, r rune) string) string {
	var out strings.Builder
	for at, r := range text {
		out.WriteString(f(at, r))
	}
	return out.String()
}

// unicodeEscape writes a character as one or two UTF-16 units.
func unicodeEscape(r rune) string {
	if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// Characters of RFC 3986.
const (
	unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	reserved   = ":/?#[]@!$&'()*+,;="
)

// percent writes all bytes but those of safe as %XX.
func percent(text, safe string) string {
	var out strings.Builder
	for i := range len(text) {
		if strings.IndexByte(safe, text[i]) >= 0 {
			out.WriteByte(text[i])
		} else {
			fmt.Fprintf(&out, "%%%02X", text[i])
		}
	}
	return out.String()
}
