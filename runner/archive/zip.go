package archive

import (
	"archive/zip"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// zipEntry is what the headers say about one entry.
type zipEntry struct {
	item
	stored string // the name's bytes in the archive
	target string // of a link, once it is read
	method uint16
	crc    uint32
	start  int64 // of the local header
	end    int64 // of the data
}

// Flags of a zip entry. Source: APPNOTE.TXT 4.4.4.
const (
	flagEncrypted       = 1 << 0
	flagStrongEncrypted = 1 << 6
	flagUTF8            = 1 << 11
	flagMasked          = 1 << 13
)

// scanZip checks the central directory. It reads no data and starts no decompressor. If local is set, the local headers
// must match, no data may be used twice, and no link may lead out; only of links is the data read, because it is the
// target.
func (a *Archive) scanZip(ctx context.Context, local bool) (_ []zipEntry, _ *policy, err error) {
	defer recoverTo(&err, a.name)
	source := &zipSource{r: a.file, limits: a.limits, pkg: a.name}
	reader, err := zip.NewReader(source, a.info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are checked here, not there
		return nil, nil, damaged(a.name, err)
	}
	source.scanned = true
	names := zipNames(reader.File)
	p := newPolicy(a.name, a.format, a.limits, a.info.Size())
	p.seen = make(map[string]seenEntry, len(reader.File))
	entries := make([]zipEntry, len(reader.File))
	for i, f := range reader.File {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		e := &entries[i]
		if err := e.fill(f, names[i], p); err != nil {
			return nil, nil, err
		}
		if err := p.admit(&e.item); err != nil {
			return nil, nil, err
		}
		if local {
			if err := e.compareLocal(f, source, p); err != nil {
				return nil, nil, err
			}
		}
	}
	if local {
		err = a.scanDeep(ctx, reader.File, entries, p)
	}
	return entries, p, err
}

// scanDeep checks what needs all entries: overlaps first, so that no link is read from the data of another entry.
func (a *Archive) scanDeep(ctx context.Context, files []*zip.File, entries []zipEntry, p *policy) error {
	if err := refuseOverlaps(entries, a.info.Size(), p); err != nil {
		return err
	}
	for i := range entries {
		e := &entries[i]
		if e.kind != link || e.own {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := e.readTarget(files[i]); err != nil {
			return corrupt(a.name, e.raw, err)
		}
		if err := p.admitLink(&e.item, e.target); err != nil {
			return err
		}
	}
	return p.checkLinks(ctx)
}

// readTarget reads the target of a link, at most one byte more than a target may have.
func (e *zipEntry) readTarget(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	target, err := io.ReadAll(io.LimitReader(r, maxLinkTarget+1))
	e.target = string(target)
	return errors.Join(err, r.Close())
}

func (e *zipEntry) fill(f *zip.File, name string, p *policy) error {
	mode, known := unixMode(f)
	e.item = item{
		raw: name, kind: file, size: clampSize(f.UncompressedSize64), packed: clampSize(f.CompressedSize64),
		exec: known && mode&0o111 != 0, modified: zipTime(f),
	}
	e.stored, e.method, e.crc = f.Name, f.Method, f.CRC32
	switch what := mode & 0o170000; {
	case what == 0o120000:
		e.kind = link
	case what == 0o040000, f.ExternalAttrs&0x10 != 0 && f.UncompressedSize64 == 0:
		e.kind = folder
	case what != 0 && what != 0o100000:
		return refuseEntry(codeSpecial, p.pkg, name, specialName(what))
	}
	if f.Flags&(flagEncrypted|flagStrongEncrypted|flagMasked) != 0 || f.Method == 99 {
		return refuseEntry(codeEncrypted, p.pkg, name)
	}
	if f.Method != zip.Store && f.Method != zip.Deflate {
		return refuseEntry(codeMethod, p.pkg, name, methodName(f.Method))
	}
	if f.Method == zip.Store && f.CompressedSize64 != f.UncompressedSize64 {
		return refuseEntry(codeSize, p.pkg, name)
	}
	return nil
}

func clampSize(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

// unixMode returns the Unix mode if the entry was made by a program that knows one: on Unix, on macOS, or 7-Zip
// anywhere, which marks it.
func unixMode(f *zip.File) (mode uint32, known bool) {
	const unix, macOS, markOf7Zip = 3, 19, 0x8000
	creator := f.CreatorVersion >> 8
	if creator != unix && creator != macOS && f.ExternalAttrs&markOf7Zip == 0 {
		return 0, false
	}
	return f.ExternalAttrs >> 16, true
}

func specialName(mode uint32) string {
	switch mode {
	case 0o010000:
		return "a named pipe"
	case 0o140000:
		return "a socket"
	case 0o020000, 0o060000:
		return "a device"
	default:
		return "something unknown"
	}
}

func methodName(method uint16) string {
	switch method {
	case 1, 2, 3, 4, 5, 6:
		return "an obsolete method"
	case 9:
		return "Deflate64"
	case 12:
		return "bzip2"
	case 14:
		return "LZMA"
	case 93:
		return "Zstandard"
	case 95:
		return "XZ"
	default:
		return fmt.Sprintf("method %d", method)
	}
}

// compareLocal reads the local header. A reader that uses it (as some do) must see the same entry.
func (e *zipEntry) compareLocal(f *zip.File, source *zipSource, p *policy) error {
	source.nameBytes = len(f.Name)
	data, err := f.DataOffset()
	if err != nil || data > p.size {
		return refuseEntry(codeCorrupt, p.pkg, e.raw).Because(cmp.Or(err, io.ErrUnexpectedEOF))
	}
	e.start, e.end = source.headerAt, data+e.packed
	head := source.header
	switch {
	case len(head) < localHeaderBytes:
		return refuseEntry(codeCorrupt, p.pkg, e.raw).Because(io.ErrUnexpectedEOF)
	case binary.LittleEndian.Uint16(head[6:])&(flagEncrypted|flagStrongEncrypted) != 0:
		return refuseEntry(codeEncrypted, p.pkg, e.raw)
	case binary.LittleEndian.Uint16(head[8:]) != e.method:
		return refuseEntry(codeHeader, p.pkg, e.raw, "the compression method")
	case int(binary.LittleEndian.Uint16(head[26:])) != len(f.Name) || !sameName(string(head[localHeaderBytes:]), f.Name):
		return refuseEntry(codeHeader, p.pkg, e.raw, "the name")
	}
	return nil
}

// sameName allows for old .NET programs, which wrote "\" in one header and "/" in the other.
func sameName(a, b string) bool {
	return a == b || strings.ReplaceAll(a, `\`, "/") == strings.ReplaceAll(b, `\`, "/")
}

// refuseOverlaps rejects entries that share data: they are a bomb (a few kilobytes that unpack to petabytes) or a
// disguise.
func refuseOverlaps(entries []zipEntry, size int64, p *policy) error {
	order := make([]int32, len(entries))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(entries[a].start, entries[b].start) })
	var before *zipEntry
	for _, i := range order {
		e := &entries[i]
		if e.end < e.start || e.end > size {
			return refuseEntry(codeCorrupt, p.pkg, e.raw).Because(io.ErrUnexpectedEOF)
		}
		if before != nil && e.start < before.end {
			return refuseEntry(codeOverlap, p.pkg, e.raw, shown(before.raw))
		}
		before = e
	}
	return nil
}

// zipNames returns every entry's name as its creator meant it, whatever the flags say.
func zipNames(files []*zip.File) []string {
	names := make([]string, len(files))
	var legacy []string
	var at []int
	for i, f := range files {
		switch unicodeName, ok := unicodePath(f); {
		case ok:
			names[i] = unicodeName
		case utf8.ValidString(f.Name):
			names[i] = f.Name
		default:
			legacy, at = append(legacy, f.Name), append(at, i)
		}
	}
	if len(legacy) > 0 {
		page := legacyPage(legacy, charmap.CodePage437) // the zip standard's own
		for j, name := range legacy {
			names[at[j]] = decodeWith(page, name)
		}
	}
	return names
}

// unicodePath returns the name in the extra field that Info-ZIP and WinZip add to a name in a code page. Source:
// APPNOTE.TXT 4.6.9. It is valid only if it was made for this name, and never together with the UTF-8 flag.
func unicodePath(f *zip.File) (string, bool) {
	if f.Flags&flagUTF8 != 0 {
		return "", false
	}
	field := extraField(f.Extra, 0x7075)
	if len(field) < 5 || field[0] != 1 || binary.LittleEndian.Uint32(field[1:]) != crc32.ChecksumIEEE([]byte(f.Name)) {
		return "", false
	}
	name := string(field[5:])
	return name, utf8.ValidString(name)
}

func extraField(extra []byte, id uint16) []byte {
	for len(extra) >= 4 {
		size := int(binary.LittleEndian.Uint16(extra[2:]))
		if len(extra) < 4+size {
			return nil
		}
		if binary.LittleEndian.Uint16(extra) == id {
			return extra[4 : 4+size]
		}
		extra = extra[4+size:]
	}
	return nil
}

// zipTime is the modification time. Without one of the extra fields that have UTC, a zip file has only local time.
func zipTime(f *zip.File) time.Time {
	t := f.Modified
	for _, id := range []uint16{0x5455, 0x000a, 0x5855, 0x000d} { // extended, NTFS, old Unix twice
		if extraField(f.Extra, id) != nil {
			return t
		}
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.Local)
}

// zipOrNuPkg checks for what only NuGet packages have.
func (a *Archive) zipOrNuPkg() (_ Format, err error) {
	defer recoverTo(&err, a.name)
	reader, err := zip.NewReader(&zipSource{r: a.file, limits: a.limits, pkg: a.name}, a.info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return "", damaged(a.name, err)
	}
	manifest, types := false, false
	for _, f := range reader.File {
		name := strings.ToLower(f.Name)
		manifest = manifest || strings.HasSuffix(name, ".nuspec") && !strings.Contains(name, "/")
		types = types || name == "[content_types].xml"
	}
	if manifest && types {
		return NuPkg, nil
	}
	return Zip, nil
}
