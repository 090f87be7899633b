package joblog

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash/maphash"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// blockBytes is how much of a value is encoded at a time: a multiple of 3, so that the base64 of consecutive blocks
// joined is the base64 of the whole.
const blockBytes = 3072

// form is one way in which a secret may be printed. A long value is never kept encoded: its blocks are encoded while a
// stream is compared with them.
type form struct {
	src    []byte // the value in UTF-8 or UTF-16LE
	head   []byte // what precedes the first block, encoded
	encode func(dst, piece []byte) []byte
	text   bool // encode needs whole characters
}

// block returns the encoded block of src that begins at off, and where the next one begins.
func (f *form) block(dst []byte, off int) (encoded []byte, next int) {
	next = min(off+blockBytes, len(f.src))
	for f.text && next < len(f.src) && !utf8.RuneStart(f.src[next]) {
		next++
	}
	if off == 0 {
		dst = append(dst, f.head...)
	}
	return f.encode(dst, f.src[off:next]), next
}

// key is equal for forms with the same encoded text.
func (f *form) key(seed maphash.Seed) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	var piece []byte
	for off := 0; off < len(f.src); {
		piece, off = f.block(piece[:0], off)
		_, _ = h.Write(piece)
	}
	return h.Sum64()
}

// formsOf lists every form of a value that is long enough to be hidden everywhere.
func formsOf(value string) []*form {
	bases := []string{value}
	if unix := strings.ReplaceAll(value, "\r\n", "\n"); strings.Contains(unix, "\n") {
		bases = []string{unix, strings.ReplaceAll(unix, "\n", "\r\n")}
	}
	var all []*form
	for _, base := range bases {
		all = append(all, textForms(base)...)
		for _, other := range []string{strings.ToUpper(base), strings.ToLower(base)} {
			all = append(all, &form{src: []byte(other), encode: raw, text: true})
		}
		all = append(all, base64Forms([]byte(base), base64.RawStdEncoding, base64.RawURLEncoding)...)
		wide := utf16LE(base)
		// Without the zero byte that begins or ends a Latin letter, both byte orders are the same.
		all = append(all, &form{src: bytes.TrimSuffix(wide, []byte{0}), encode: raw},
			&form{src: bytes.TrimPrefix(swapped(wide), []byte{0}), encode: raw})
		all = append(all, base64Forms(wide, base64.RawStdEncoding)...) // powershell -EncodedCommand
	}
	return distinct(all)
}

// wordFormsOf lists the forms of a short value, which are hidden only as whole words.
func wordFormsOf(value string) []*form {
	all := textForms(value)
	for _, v := range []string{value, value + "\n"} { // echo adds a line feed
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			all = append(all, &form{src: []byte(v), encode: enc.AppendEncode})
		}
	}
	return distinct(all)
}

func textForms(value string) []*form {
	src := []byte(value)
	encoders := []func(dst, piece []byte) []byte{
		raw,
		hex.AppendEncode, upperHex,
		jsonText(""), jsonText("/"), // with letters and, in PHP and others, the slash
		jsonHex(lowerDigits, "<>&", false), jsonHex(lowerDigits, "<>&'", false), // Go; PowerShell 5
		jsonHex(upperDigits, "\"'<>&+`", true), // System.Text.Json
		jsonHex(lowerDigits, "", true),         // Python
		replacing("&", "&amp;", "<", "&lt;", ">", "&gt;"),
		replacing("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;"),
		replacing("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;"),
		replacing("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;"),
		replacing("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;"),
		replacing("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;"), // Python
		replacing("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;", "/", "&#x2F;"),
		replacing("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;", "/", "&#x2f;"),
		replacing("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;", "/", "&#x2F;"), // mustache
		replacing("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;", "/", "&#x2f;"),
		replacing("&", "&#x26;", "<", "&#x3C;", ">", "&#x3E;", `"`, "&#x22;", "'", "&#x27;"),
		replacing("&", "&#x26;", "<", "&#x3c;", ">", "&#x3e;", `"`, "&#x22;", "'", "&#x27;"),
		replacing("'", `'\''`), replacing("'", `'"'"'`), // Bash in single quotes
		replacing(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`"),              // Bash in double quotes, declare -p
		replacing(`\`, `\\`, "'", `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`), // Bash's $'...'
		bashEscaped,          // printf %q
		replacing("'", "''"), // PowerShell in single quotes, SQL, YAML
		replacing("`", "``", `"`, "`\"", "$", "`$"),                                            // PowerShell in double quotes
		replacing(`"`, `""`),                                                                   // PowerShell, CSV
		replacing("\n", `\n`, "\r", `\r`, "\t", `\t`),                                          // logs with one line per record
		replacing("%", "%%"), replacing("^", "^^", "&", "^&", "|", "^|", "<", "^<", ">", "^>"), // cmd
	}
	for _, digits := range []string{upperDigits, lowerDigits} {
		encoders = append(encoders,
			percent(digits, "", "%20"),                 // RFC 3986
			percent(digits, "", "+"),                   // HTML forms and queries
			percent(digits, "*", "+"),                  // HTML forms in browsers, Java
			percent(digits, "/", "%20"),                // Python's quote, S3 keys
			percent(digits, "!'()*", "%20"),            // encodeURIComponent
			percent(digits, "$&+:=@", "%20"),           // Go's path
			percent(digits, ";,/?:@&=+$!*'()#", "%20")) // encodeURI
	}
	all := make([]*form, len(encoders))
	for i, encode := range encoders {
		all[i] = &form{src: src, encode: encode, text: true}
	}
	return all
}

// base64Forms covers the three positions in a group of three bytes where the value may begin inside a longer encoded
// text. Characters that also depend on the bytes beside the value are left out.
func base64Forms(src []byte, encodings ...*base64.Encoding) []*form {
	var all []*form
	for _, enc := range encodings {
		encode := func(dst, piece []byte) []byte {
			dst = enc.AppendEncode(dst, piece)
			if len(piece)%3 != 0 {
				dst = dst[:len(dst)-1]
			}
			return dst
		}
		all = append(all, &form{src: src, encode: encode})
		for before := 1; before <= 2 && len(src) > 2; before++ { // bytes of the group before the value
			group := append(make([]byte, before), src[:3-before]...)
			all = append(all, &form{src: src[3-before:], head: enc.AppendEncode(nil, group)[before+1:], encode: encode})
		}
	}
	return all
}

func distinct(all []*form) []*form {
	seed, seen := maphash.MakeSeed(), map[uint64]bool{}
	kept := all[:0]
	for _, f := range all {
		if key := f.key(seed); !seen[key] {
			seen[key] = true
			kept = append(kept, f)
		}
	}
	return kept
}

const (
	lowerDigits = "0123456789abcdef"
	upperDigits = "0123456789ABCDEF"
)

func raw(dst, piece []byte) []byte { return append(dst, piece...) }

func upperHex(dst, piece []byte) []byte {
	for _, c := range piece {
		dst = append(dst, upperDigits[c>>4], upperDigits[c&15])
	}
	return dst
}

// percent escapes as URLs do, except for the unreserved characters (RFC 3986 §2.3) and those in keep.
func percent(digits, keep, blank string) func(dst, piece []byte) []byte {
	var kept [256]bool
	for c := range 256 {
		kept[c] = isLetterOrDigit(byte(c)) || strings.IndexByte("-._~"+keep, byte(c)) >= 0
	}
	return func(dst, piece []byte) []byte {
		for _, c := range piece {
			switch {
			case kept[c]:
				dst = append(dst, c)
			case c == ' ':
				dst = append(dst, blank...)
			default:
				dst = append(dst, '%', digits[c>>4], digits[c&15])
			}
		}
		return dst
	}
}

// jsonText escapes what JSON requires, and the characters in also with a backslash.
func jsonText(also string) func(dst, piece []byte) []byte {
	return func(dst, piece []byte) []byte {
		for _, c := range piece {
			if strings.IndexByte(also, c) >= 0 {
				dst = append(dst, '\\', c)
			} else {
				dst = appendJSON(dst, c, lowerDigits)
			}
		}
		return dst
	}
}

// jsonHex escapes what JSON requires, and as \uXXXX the characters in also and, if ascii is set, everything beyond
// ASCII.
func jsonHex(digits, also string, ascii bool) func(dst, piece []byte) []byte {
	return func(dst, piece []byte) []byte {
		for len(piece) > 0 {
			r, n := utf8.DecodeRune(piece)
			switch {
			case r < utf8.RuneSelf && strings.IndexByte(also, piece[0]) >= 0:
				dst = appendUnit(dst, uint16(piece[0]), digits)
			case r < utf8.RuneSelf:
				dst = appendJSON(dst, piece[0], digits)
			case ascii && r != utf8.RuneError:
				for _, unit := range utf16.AppendRune(nil, r) {
					dst = appendUnit(dst, unit, digits)
				}
			default:
				dst = append(dst, piece[:n]...)
			}
			piece = piece[n:]
		}
		return dst
	}
}

func appendJSON(dst []byte, c byte, digits string) []byte {
	if k := strings.IndexByte("\"\\\b\f\n\r\t", c); k >= 0 {
		return append(dst, '\\', `"\bfnrt`[k])
	}
	if c < ' ' {
		return appendUnit(dst, uint16(c), digits)
	}
	return append(dst, c)
}

func appendUnit(dst []byte, unit uint16, digits string) []byte {
	return append(dst, '\\', 'u', digits[unit>>12], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}

func replacing(pairs ...string) func(dst, piece []byte) []byte {
	r := strings.NewReplacer(pairs...)
	return func(dst, piece []byte) []byte { return append(dst, r.Replace(string(piece))...) }
}

func bashEscaped(dst, piece []byte) []byte {
	for _, c := range piece {
		if c < utf8.RuneSelf && !isLetterOrDigit(c) && strings.IndexByte("-._/:=@%+", c) < 0 {
			dst = append(dst, '\\')
		}
		dst = append(dst, c)
	}
	return dst
}

func utf16LE(text string) (wide []byte) {
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	return wide
}

func swapped(wide []byte) []byte {
	other := make([]byte, len(wide))
	for i := range wide {
		other[i] = wide[i^1]
	}
	return other
}

func isLetterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
