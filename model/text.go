package model

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ByteOrderMark is what Windows programs put before a text to mark its encoding. It is not part of the text.
const ByteOrderMark = "\ufeff"

// DecodeText decodes the bytes of a text file: UTF-8 with or without a byte order mark, or UTF-16 (which Windows
// PowerShell's > writes) with a mark or with a zero in every other byte. ok is false if the bytes are neither. The text
// may contain NUL.
func DecodeText(data []byte) (text string, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decodeUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decodeUTF16(data[2:], binary.BigEndian)
	case isASCIIinUTF16(data, 1):
		return decodeUTF16(data, binary.LittleEndian)
	case isASCIIinUTF16(data, 0):
		return decodeUTF16(data, binary.BigEndian)
	}
	text = strings.TrimPrefix(string(data), ByteOrderMark)
	return text, utf8.ValidString(text)
}

// isASCIIinUTF16 reports whether data is ASCII text in UTF-16 without a mark: every other byte is zero, from index zero
// on, and no other is.
func isASCIIinUTF16(data []byte, zero int) bool {
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
	return string(runes), slices.Equal(utf16.Encode(runes), units) // half a surrogate pair would decode to another character
}

// DecodeSecret decodes a secret read from source, such as "The file key.txt". What is not text, or contains what no
// secret does, is rejected here, where its source can be named: later AWS would blame the key.
func DecodeSecret(data []byte, source string) (string, error) {
	text, ok := DecodeText(data)
	switch {
	case !ok:
		return "", NewError("secret.encoding",
			"%s is not text in UTF-8 or UTF-16. Save it as UTF-8; encode a binary secret first, for example in base64.", source)
	case strings.ContainsRune(text, 0):
		return "", NewError("secret.nul", "%s contains a NUL character, so it is not a secret in text form. Save it as UTF-8.", source)
	}
	return text, nil
}
