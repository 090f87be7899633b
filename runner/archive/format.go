package archive

import (
	"bytes"
	"strings"
)

// Format is a package's file format. Its text is stored in the database and shown in the window.
type Format string

// The supported formats.
const (
	Zip    Format = "zip"
	NuPkg  Format = "nupkg"
	Tar    Format = "tar"
	TarGz  Format = "tar.gz"
	TarBz2 Format = "tar.bz2"
)

// Formats lists the supported extensions, for file dialogs and sentences.
const Formats = ".zip, .nupkg, .tar, .tar.gz (.tgz) and .tar.bz2 (.tbz2)"

// Longer suffixes come before shorter ones that they end with.
var suffixes = []struct {
	text   string
	format Format
}{
	{".tar.gz", TarGz}, {".tgz", TarGz},
	{".tar.bz2", TarBz2}, {".tbz2", TarBz2}, {".tar.bz", TarBz2}, {".tbz", TarBz2},
	{".tar", Tar}, {".zip", Zip}, {".nupkg", NuPkg},
}

// splitFormat removes the suffix of a file name; the format is "" if it has no known one.
func splitFormat(name string) (stem string, format Format) {
	for _, s := range suffixes {
		if at := len(name) - len(s.text); at >= 0 && strings.EqualFold(name[at:], s.text) {
			return name[:at], s.format
		}
	}
	return name, ""
}

// Streams reports whether all of a package must be read to list it.
func (f Format) Streams() bool { return !f.isZip() }

func (f Format) isZip() bool { return f == Zip || f == NuPkg }

// The first bytes of files that people may take for a package.
var signatures = []struct {
	magic  string
	offset int
	name   string
}{
	{"PK\x03\x04", 0, "zip"},
	{"PK\x05\x06", 0, "zip"},
	{"\x1f\x8b", 0, "gzip"},
	{"BZh", 0, "bzip2"},
	{"\xfd7zXZ\x00", 0, "xz"},
	{"7z\xbc\xaf\x27\x1c", 0, "7z"},
	{"Rar!\x1a\x07", 0, "rar"},
	{"\x28\xb5\x2f\xfd", 0, "zstd"},
	{"\x04\x22\x4d\x18", 0, "lz4"},
	{"\x1f\x9d", 0, "compress (.Z)"},
	{"LZIP", 0, "lzip"},
	{"ustar", 257, "tar"},
}

// contentName names the type of a file by its first bytes, or returns "" if it is unknown.
func contentName(head []byte) string {
	for _, s := range signatures {
		if len(head) >= s.offset && bytes.HasPrefix(head[s.offset:], []byte(s.magic)) {
			return s.name
		}
	}
	return ""
}
