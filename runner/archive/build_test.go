package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
	"time"

	"github.com/mholt/archiver/v3"
)

// Builders of packages, valid and crafted. Those for zip write every byte themselves, because no library writes invalid
// ones.

const (
	madeOnUnix = 3 << 8
	modeFile   = 0o100644 << 16
	modeLink   = 0o120777 << 16
	modeFolder = 0o040755 << 16
)

// rawEntry is a zip entry with any headers.
type rawEntry struct {
	name    string
	content string
	attrs   uint32 // external attributes
	made    uint16 // by which system
	flags   uint16
	method  uint16 // of the headers
	packed  []byte // the data, if not content by method
	extra   []byte

	localName   string  // if not name
	localMethod *uint16 // if not method
	size        *uint32 // if not that of content
	crc         *uint32 // if not that of content
	sameDataAs  int     // 1-based: the number of an earlier entry whose data this one claims too
}

func ptr[T any](v T) *T { return &v }

func unixFile(name, content string) rawEntry {
	return rawEntry{name: name, content: content, attrs: modeFile, made: madeOnUnix, method: zip.Deflate}
}

func unixLink(name, target string) rawEntry {
	return rawEntry{name: name, content: target, attrs: modeLink, made: madeOnUnix}
}

func deflated(content string) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed)
	_, _ = w.Write([]byte(content))
	_ = w.Close()
	return b.Bytes()
}

func rawZip(entries ...rawEntry) []byte {
	le := binary.LittleEndian
	var out, directory bytes.Buffer
	var offsets []uint32
	for _, e := range entries {
		data := e.packed
		if data == nil {
			data = []byte(e.content)
			if e.method == zip.Deflate {
				data = deflated(e.content)
			}
		}
		size, crc := uint32(len(e.content)), crc32.ChecksumIEEE([]byte(e.content))
		if e.size != nil {
			size = *e.size
		}
		if e.crc != nil {
			crc = *e.crc
		}
		localName, localMethod := e.name, e.method
		if e.localName != "" {
			localName = e.localName
		}
		if e.localMethod != nil {
			localMethod = *e.localMethod
		}
		offset := uint32(out.Len())
		if e.sameDataAs > 0 {
			offset = offsets[e.sameDataAs-1]
		}
		offsets = append(offsets, offset)
		common := func(method uint16) []byte {
			b := le.AppendUint16(nil, 20)
			b = le.AppendUint16(b, e.flags)
			b = le.AppendUint16(b, method)
			b = le.AppendUint32(b, 0x5b5d6000) // 2025-10-29 12:00
			b = le.AppendUint32(b, crc)
			b = le.AppendUint32(b, uint32(len(data)))
			return le.AppendUint32(b, size)
		}
		if e.sameDataAs == 0 {
			out.WriteString("PK\x03\x04")
			out.Write(common(localMethod))
			out.Write(le.AppendUint16(le.AppendUint16(nil, uint16(len(localName))), uint16(len(e.extra))))
			out.WriteString(localName)
			out.Write(e.extra)
			out.Write(data)
		}
		directory.WriteString("PK\x01\x02")
		directory.Write(le.AppendUint16(nil, e.made|20))
		directory.Write(common(e.method))
		directory.Write(le.AppendUint16(le.AppendUint16(nil, uint16(len(e.name))), uint16(len(e.extra))))
		directory.Write(make([]byte, 6)) // comment, disk, internal attributes
		directory.Write(le.AppendUint32(le.AppendUint32(nil, e.attrs), offset))
		directory.WriteString(e.name)
		directory.Write(e.extra)
	}
	start := uint32(out.Len())
	out.Write(directory.Bytes())
	out.WriteString("PK\x05\x06\x00\x00\x00\x00")
	out.Write(le.AppendUint16(le.AppendUint16(nil, uint16(len(entries))), uint16(len(entries))))
	out.Write(le.AppendUint32(le.AppendUint32(nil, uint32(directory.Len())), start))
	out.Write([]byte{0, 0})
	return out.Bytes()
}

const someManifest = `<?xml version="1.0"?><package><metadata><id>Some.Id</id><version>1.0.0</version></metadata></package>`

// nupkgOf adds the parts that NuGet adds.
func nupkgOf(entries ...rawEntry) []byte {
	return rawZip(append([]rawEntry{
		unixFile("_rels/.rels", "<Relationships/>"),
		unixFile("Some.Id.nuspec", someManifest),
		unixFile("[Content_Types].xml", "<Types/>"),
		unixFile("package/services/metadata/core-properties/x.psmdcp", "<coreProperties/>"),
	}, entries...)...)
}

// rawTar writes headers unchanged, in GNU format, which allows names that are not UTF-8.
func rawTar(t testing.TB, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		content := h.Uname // carries the content; owners mean nothing here
		h.Uname = ""
		h.Format = tar.FormatGNU
		if h.ModTime.IsZero() {
			h.ModTime = time.Unix(1_700_000_000, 0)
		}
		if h.Mode == 0 {
			h.Mode = 0o644
		}
		if h.Typeflag == 0 {
			h.Typeflag = tar.TypeReg
		}
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(content))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatalf("%q: %v", h.Name, err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarFile(name, content string) tar.Header {
	if strings.HasSuffix(name, "/") {
		return tar.Header{Name: name, Typeflag: tar.TypeDir}
	}
	return tar.Header{Name: name, Uname: content}
}

func tarLink(name, target string) tar.Header {
	return tar.Header{Name: name, Linkname: target, Typeflag: tar.TypeSymlink}
}

func packed(t testing.TB, format Format, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var err error
	switch format {
	case TarGz:
		err = (&archiver.Gz{CompressionLevel: flate.BestSpeed, SingleThreaded: true}).Compress(bytes.NewReader(plain), &out)
	case TarBz2:
		err = (&archiver.Bz2{CompressionLevel: 1}).Compress(bytes.NewReader(plain), &out)
	default:
		return plain
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// simple is an entry that every format supports.
type simple struct {
	name, content string
	link          bool
}

// build packs the same entries in any format.
func build(t testing.TB, format Format, entries ...simple) []byte {
	t.Helper()
	if format.isZip() {
		var raw []rawEntry
		for _, e := range entries {
			if e.link {
				raw = append(raw, unixLink(e.name, e.content))
			} else {
				raw = append(raw, unixFile(e.name, e.content))
			}
		}
		if format == NuPkg {
			return nupkgOf(raw...)
		}
		return rawZip(raw...)
	}
	var headers []tar.Header
	for _, e := range entries {
		if e.link {
			headers = append(headers, tarLink(e.name, e.content))
		} else {
			headers = append(headers, tarFile(e.name, e.content))
		}
	}
	return packed(t, format, rawTar(t, headers...))
}

var allFormats = []Format{Zip, NuPkg, Tar, TarGz, TarBz2}
