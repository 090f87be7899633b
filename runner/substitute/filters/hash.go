package filters

import (
	"crypto/md5"  //nolint:gosec // a script asks for it, to compare with what others made
	"crypto/sha1" //nolint:gosec // a script asks for it, to compare with what others made
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	gohash "hash"
	"strings"
)

// hash returns the filters that make a hash.
func hash(name string) filter {
	switch name {
	case "md5":
		return digest(md5.New)
	case "sha1":
		return digest(sha1.New)
	case "sha256":
		return digest(sha256.New)
	case "sha384":
		return digest(sha512.New384)
	case "sha512":
		return digest(sha512.New)
	}
	return nil
}

// digest takes how many bytes of the hash to print, and how the text becomes bytes (utf8, unicode, base64), in either order.
func digest(algorithm func() gohash.Hash) filter {
	return func(c Call) (string, bool, error) {
		size, encode, ok := digestOptions(c.Options)
		if !ok {
			return "", false, nil
		}
		data, ok := encode(c.Text)
		if !ok {
			return "", false, nil
		}
		h := algorithm()
		h.Write(data)
		sum := h.Sum(nil)
		if size > 0 && size < len(sum) {
			sum = sum[:size]
		}
		return hex.EncodeToString(sum), true, nil
	}
}

func digestOptions(options []string) (size int, encode func(string) ([]byte, bool), ok bool) {
	if len(options) > 2 {
		return 0, nil, false
	}
	for _, o := range options {
		if n, isNumber := integer(o); isNumber && n > 0 && size == 0 {
			size = n
		} else if e, known := digestEncoding(o); known && encode == nil {
			encode = e
		} else {
			return 0, nil, false
		}
	}
	if encode == nil {
		encode, _ = digestEncoding("utf8")
	}
	return size, encode, true
}

func digestEncoding(name string) (func(string) ([]byte, bool), bool) {
	if strings.EqualFold(name, "base64") {
		return func(text string) ([]byte, bool) {
			data, err := decodeBase64(text)
			return data, err == nil
		}, true
	}
	e, ok := encodingNamed([]string{name})
	return func(text string) ([]byte, bool) { return e.encode(text), true }, ok
}
