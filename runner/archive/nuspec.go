package archive

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// maxNuspecBytes is far above real manifests, which have a few kilobytes.
const maxNuspecBytes = 1 << 20

// parseNuspec returns metadata/id and metadata/version, whatever the namespace and other content.
func parseNuspec(data []byte) (id, version string, err error) {
	text, err := xmlText(data)
	if err != nil {
		return "", "", err
	}
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "utf-16", "utf-8": // already decoded
			return input, nil
		case "iso-8859-1", "latin1", "windows-1252", "us-ascii", "ascii":
			return charmap.Windows1252.NewDecoder().Reader(input), nil
		}
		return nil, fmt.Errorf("unknown encoding %q", label)
	}
	id, version, err = readMetadata(d)
	if err != nil {
		return "", "", err
	}
	return checkManifest(strings.TrimSpace(id), strings.TrimSpace(version))
}

// readMetadata returns the text of the first id and the first version below package/metadata.
func readMetadata(d *xml.Decoder) (id, version string, err error) {
	var open []string
	texts := map[string]*strings.Builder{"id": {}, "version": {}}
	done := map[string]bool{}
	for !done["id"] || !done["version"] {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", "", fmt.Errorf("the manifest is not XML: %w", err)
		}
		// The path is compared only if it has the right depth: a manifest may have very many elements with very long names.
		field := ""
		if len(open) == 3 && open[0] == "package" && open[1] == "metadata" && texts[open[2]] != nil {
			field = open[2]
		}
		switch t := token.(type) {
		case xml.StartElement:
			open = append(open, strings.ToLower(t.Name.Local))
		case xml.EndElement:
			if field != "" {
				done[field] = true
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if field != "" && !done[field] {
				texts[field].Write(t)
			}
		}
		if len(open) > 100 {
			return "", "", errors.New("the manifest is nested too deeply")
		}
	}
	return texts["id"].String(), texts["version"].String(), nil
}

func checkManifest(id, version string) (string, string, error) {
	switch {
	case id == "" || version == "":
		return "", "", errors.New("the manifest names no id or no version")
	case !isID(id):
		return "", "", fmt.Errorf("the manifest's id %s is not a package id", shown(id))
	case len(version) > 128 ||
		strings.ContainsFunc(version, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`/\:*?"<>|`, r) }):
		return "", "", fmt.Errorf("the manifest's version %s is not a version", shown(version))
	}
	return id, version, nil
}

// xmlText removes a byte order mark and decodes UTF-16.
func xmlText(data []byte) (string, error) {
	var decoder *encoding.Decoder
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("<\x00")):
		decoder = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\x00<")):
		decoder = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()
	default:
		return string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))), nil
	}
	decoded, err := decoder.Bytes(data)
	if err != nil || !utf8.Valid(decoded) {
		return "", errors.New("the manifest's encoding is broken")
	}
	return strings.TrimPrefix(string(decoded), "\ufeff"), nil
}
