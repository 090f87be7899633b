package archive

import (
	"strings"
	"unicode/utf8"
)

// unescapePart decodes the percent-encoding of names in a NuGet package, once. Bad escapes stay, and so does the whole
// name if the result would not be text.
func unescapePart(name string) string {
	if !strings.Contains(name, "%") {
		return name
	}
	b := make([]byte, 0, len(name))
	for i := 0; i < len(name); i++ {
		if name[i] == '%' && i+2 < len(name) {
			high, ok1 := hexDigit(name[i+1])
			low, ok2 := hexDigit(name[i+2])
			if ok1 && ok2 {
				b = append(b, high<<4|low)
				i += 2
				continue
			}
		}
		b = append(b, name[i])
	}
	if !utf8.Valid(b) {
		return name
	}
	return string(b)
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	default:
		return 0, false
	}
}

// isPackagingPart reports whether a file of a NuGet package belongs to NuGet (a part of the Open Packaging Conventions,
// the manifest, a signature) and not to the author. Other files under package/ are the author's.
func isPackagingPart(name string) bool {
	key := strings.ToLower(name)
	return key == "_rels" || strings.HasPrefix(key, "_rels/") ||
		key == "package/services/metadata" || strings.HasPrefix(key, "package/services/metadata/") ||
		key == "[content_types].xml" || key == ".signature.p7s" ||
		strings.HasSuffix(key, ".nuspec") || strings.HasSuffix(key, ".nupkg.sha512")
}
