package script

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Encoding is the encoding of a text file.
type Encoding uint8

// The encodings. Source of the order of detection: byte order mark, strict UTF-8, else windows-1252, as in Octopus.
const (
	UTF8 Encoding = iota
	UTF8BOM
	UTF16LE // with its mark, like the next one
	UTF16BE
	Windows1252
)

func (e Encoding) String() string {
	switch e {
	case UTF8:
		return "UTF-8"
	case UTF8BOM:
		return "UTF-8 with BOM"
	case UTF16LE:
		return "UTF-16 LE"
	case UTF16BE:
		return "UTF-16 BE"
	case Windows1252:
		return "windows-1252"
	}
	return "unknown"
}

var (
	markUTF8    = []byte("\xef\xbb\xbf")
	markUTF16LE = []byte("\xff\xfe")
	markUTF16BE = []byte("\xfe\xff")
)

// ReadText returns the text of a file and its encoding.
func ReadText(path string) (text string, e Encoding, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", UTF8, fmt.Errorf("read text: %w", err)
	}
	text, e = Decode(data)
	return text, e, nil
}

// WriteText writes text back to the file at path, which keeps its permissions, atomically. Text that no longer fits in
// windows-1252 becomes UTF-8.
func WriteText(path, text string, e Encoding) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("write text: %w", err)
		}
	}()
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".text-*")
	if err != nil {
		return err
	}
	_, err = file.Write(encode(text, e))
	if err == nil {
		err = file.Chmod(info.Mode().Perm())
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// Decode returns the text of a file's bytes without its byte order mark, and its encoding.
func Decode(data []byte) (string, Encoding) {
	switch {
	case bytes.HasPrefix(data, markUTF8) && utf8.Valid(data):
		return string(data[len(markUTF8):]), UTF8BOM
	case bytes.HasPrefix(data, markUTF16LE) && len(data)%2 == 0:
		return decodeUTF16(data[2:], binary.LittleEndian), UTF16LE
	case bytes.HasPrefix(data, markUTF16BE) && len(data)%2 == 0:
		return decodeUTF16(data[2:], binary.BigEndian), UTF16BE
	case utf8.Valid(data):
		return string(data), UTF8
	}
	return decodeWindows1252(data), Windows1252
}

func encode(text string, e Encoding) []byte {
	switch e {
	case UTF8BOM:
		return append(bytes.Clone(markUTF8), text...)
	case UTF16LE:
		return encodeUTF16(text, markUTF16LE, binary.LittleEndian)
	case UTF16BE:
		return encodeUTF16(text, markUTF16BE, binary.BigEndian)
	case Windows1252:
		if data, fits := encodeWindows1252(text); fits {
			return data
		}
	case UTF8:
	}
	return []byte(text)
}

func decodeUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

func encodeUTF16(text string, mark []byte, order binary.AppendByteOrder) []byte {
	data := bytes.Clone(mark)
	for _, unit := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, unit)
	}
	return data
}

// Five bytes are undefined in windows-1252. They are decoded to the control characters with their number and back, so
// that nothing in a file is lost. Source: WHATWG Encoding Standard, index windows-1252.
func decodeWindows1252(data []byte) string {
	var b strings.Builder
	for _, c := range data {
		r := charmap.Windows1252.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func encodeWindows1252(text string) (data []byte, fits bool) {
	for _, r := range text {
		c, ok := charmap.Windows1252.EncodeRune(r)
		switch {
		case ok:
			data = append(data, c)
		case r >= 0x80 && r <= 0x9f && charmap.Windows1252.DecodeByte(byte(r)) == utf8.RuneError:
			data = append(data, byte(r))
		default:
			return nil, false
		}
	}
	return data, true
}
