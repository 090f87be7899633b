package filters

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text returns the filters that change a text.
func text(name string) filter {
	switch name {
	case "tolower":
		return plain(strings.ToLower)
	case "toupper":
		return plain(strings.ToUpper)
	case "trim":
		return trim
	case "substring":
		return substring
	case "truncate":
		return truncate
	case "append":
		return join(func(text, options string) string { return text + options })
	case "prepend":
		return join(func(text, options string) string { return options + text })
	case "indent":
		return indent
	case "tobase64":
		return toBase64
	case "frombase64":
		return fromBase64
	case "null":
		return null
	}
	return nil
}

func trim(c Call) (string, bool, error) {
	if len(c.Options) == 0 {
		return strings.TrimSpace(c.Text), true, nil
	}
	switch strings.ToLower(c.Options[0]) {
	case "start":
		return strings.TrimLeftFunc(c.Text, isSpace), true, nil
	case "end":
		return strings.TrimRightFunc(c.Text, isSpace), true, nil
	}
	return "", false, nil
}

func isSpace(r rune) bool { return strings.TrimSpace(string(r)) == "" }

// substring takes a length, or a start and a length. What is beyond the end is left out.
func substring(c Call) (string, bool, error) {
	var numbers []int
	for _, o := range c.Options {
		n, ok := integer(o)
		if !ok || n < 0 {
			return "", false, nil
		}
		numbers = append(numbers, n)
	}
	if len(numbers) == 1 {
		numbers = []int{0, numbers[0]}
	}
	if len(numbers) != 2 {
		return "", false, nil
	}
	from, whole := offset(c.Text, numbers[0])
	if !whole {
		return "", false, nil
	}
	to, _ := offset(c.Text[from:], numbers[1])
	return c.Text[from : from+to], true, nil
}

// truncate takes a length and what to put in place of what is cut off, "..." by default.
func truncate(c Call) (string, bool, error) {
	if len(c.Options) == 0 {
		return "", false, nil
	}
	length, ok := integer(c.Options[0])
	if !ok || length < 0 {
		return "", false, nil
	}
	at, _ := offset(c.Text, length)
	if at == len(c.Text) {
		return c.Text, true, nil
	}
	end := "..."
	if len(c.Options) > 1 {
		end = c.Options[1]
	}
	return c.Text[:at] + end, true, nil
}

// offset returns the offset after n UTF-16 units of a text, which is what .NET counts. It is never inside a character. whole is
// false if the text is shorter.
func offset(text string, n int) (at int, whole bool) {
	for at < len(text) && n > 0 {
		r, size := utf8.DecodeRuneInString(text[at:])
		if n -= max(utf16.RuneLen(r), 1); n < 0 {
			break
		}
		at += size
	}
	return at, n <= 0
}

// integer reads a number as .NET does an Int32.
func integer(text string) (n int, ok bool) {
	long, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	return int(long), err == nil
}

func join(f func(text, options string) string) filter {
	return func(c Call) (string, bool, error) {
		if len(c.Options) == 0 {
			return "", false, nil
		}
		return f(c.Text, strings.Join(c.Options, "")), true, nil
	}
}

// indent takes the indentation of all lines, or of the first and of the others: as a text, or as a number of blanks up to 255.
func indent(c Call) (string, bool, error) {
	first, others, ok := indents(c.Options)
	switch {
	case c.Text == "":
		return "", true, nil
	case !ok:
		return "", false, nil
	case len(c.Text)+len(first)+strings.Count(c.Text, "\n")*len(others) > c.Limit:
		return "", false, ErrTooLong
	}
	return first + strings.ReplaceAll(c.Text, "\n", "\n"+others), true, nil
}

func indents(options []string) (first, others string, ok bool) {
	switch len(options) {
	case 0:
		return "    ", "    ", true
	case 1:
		first, others = blanks(options[0])
		return first, others, true
	case 2:
		return options[0], options[1], true
	}
	return "", "", false
}

// blanks reads an indentation: 4, /4, 2/4, or any text.
func blanks(option string) (first, others string) {
	before, after, parted := strings.Cut(option, "/")
	if !parted {
		if n, ok := shortNumber(option); ok {
			return strings.Repeat(" ", n), strings.Repeat(" ", n)
		}
		return option, option
	}
	n, ok := shortNumber(after)
	if m, both := shortNumber(before); ok && (both || before == "") {
		return strings.Repeat(" ", m), strings.Repeat(" ", n)
	}
	return option, option
}

// shortNumber reads a number of one to three digits that is at most 255.
func shortNumber(text string) (int, bool) {
	if len(text) == 0 || len(text) > 3 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 8)
	return int(n), err == nil
}

// encoding is how a text becomes bytes.
type encoding struct {
	encode func(string) []byte
	decode func([]byte) string
}

// encodingNamed returns an encoding by the option that chooses it.
func encodingNamed(options []string) (e encoding, ok bool) {
	name := "utf8"
	if len(options) > 0 {
		name = strings.ToLower(options[0])
	}
	switch {
	case len(options) > 1:
		return encoding{}, false
	case name == "utf8" || name == "utf-8":
		return encoding{toUTF8, fromUTF8}, true
	case name == "unicode":
		return encoding{toUTF16, fromUTF16}, true
	}
	return encoding{}, false
}

func toUTF8(text string) []byte { return []byte(text) }

func fromUTF8(data []byte) string { return strings.ToValidUTF8(string(data), "\uFFFD") }

func toUTF16(text string) []byte {
	out := make([]byte, 0, 2*len(text))
	for _, unit := range utf16.Encode([]rune(text)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return out
}

func fromUTF16(data []byte) string {
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, binary.LittleEndian.Uint16(data[i:]))
	}
	text := string(utf16.Decode(units))
	if len(data)%2 == 1 {
		text += "\uFFFD"
	}
	return text
}

func toBase64(c Call) (string, bool, error) {
	e, ok := encodingNamed(c.Options)
	if !ok {
		return "", false, nil
	}
	return base64.StdEncoding.EncodeToString(e.encode(c.Text)), true, nil
}

func fromBase64(c Call) (string, bool, error) {
	data, err := decodeBase64(c.Text)
	if err != nil {
		return "", false, err
	}
	e, ok := encodingNamed(c.Options)
	if !ok {
		return "", false, nil
	}
	return e.decode(data), true, nil
}

// decodeBase64 ignores white space, as .NET does.
func decodeBase64(text string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, errors.New("it is not Base64")
	}
	return data, nil
}
