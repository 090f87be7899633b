package model

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ByteOrderMark is what Windows' programs put before a text to tell its encoding. It belongs to no text.
const ByteOrderMark = "\ufeff"

// DecodeText gives the text of a file's bytes: UTF-8 with or without a byte order mark, or UTF-16, which Windows
// PowerShell's > writes, with a mark or where every other byte is zero. It is not ok where the bytes are neither; a text
// may still hold a NUL.
func DecodeText(data []byte) (text string, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decodeUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decodeUTF16(data[2:], binary.BigEndian)
	case alternates(data, 1):
		return decodeUTF16(data, binary.LittleEndian)
	case alternates(data, 0):
		return decodeUTF16(data, binary.BigEndian)
	}
	text = strings.TrimPrefix(string(data), ByteOrderMark)
	return text, utf8.ValidString(text)
}

// alternates reports whether the bytes are characters of ASCII in UTF-16 without a mark: every other byte is zero, from
// the given one on, and no other is.
func alternates(data []byte, zero int) bool {
	for i, b := range data {
		if (b == 0) != (i%2 == zero) {
			return false
		}
	}
	return len(data) > 0 && len(data)%2 == 0
}

func decodeUTF16(data []byte, order binary.ByteOrder) (text string, ok bool) {
	if len(data)%2 != 0 {
		return "", false
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	runes := utf16.Decode(units)
	return string(runes), slices.Equal(utf16.Encode(runes), units) // half a surrogate pair would become another character
}

// DecodeSecret gives a secret that came as bytes from source, such as "The file key.txt". What is no text, or holds what
// no secret does, is refused here, where its source can be named: AWS would blame the key.
func DecodeSecret(data []byte, source string) (string, error) {
	text, ok := DecodeText(data)
	switch {
	case !ok:
		return "", NewError("secret.encoding", "%s is not text in UTF-8 or UTF-16. Save it as UTF-8; a secret of other bytes has to be encoded first, in base64 for example.", source)
	case strings.ContainsRune(text, 0):
		return "", NewError("secret.nul", "%s holds a NUL character, so it is not the text of a secret. Save it as UTF-8.", source)
	}
	return text, nil
}
