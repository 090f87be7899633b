package archive

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// hostile is a package that must be rejected.
type hostile struct {
	name   string
	format Format
	data   []byte
	code   string // of the error
	entry  string // that the error names, if any
	limits Limits
}

func TestHostilePackagesAreRejected(t *testing.T) {
	corpus := hostileCorpus(t)
	if len(corpus) < 200 {
		t.Fatalf("only %d cases", len(corpus))
	}
	t.Logf("%d hostile packages", len(corpus))
	checkReasonsCovered(t, corpus)
	for _, h := range corpus {
		t.Run(string(h.format)+"/"+h.name, func(t *testing.T) {
			t.Parallel()
			h.mustBeRefused(t)
		})
	}
}

// checkReasonsCovered fails if a reason to reject a package has no case, or not one in every format that can have it.
func checkReasonsCovered(t *testing.T, corpus []hostile) {
	t.Helper()
	have := map[string]map[Format]bool{}
	for _, h := range corpus {
		if have[h.code] == nil {
			have[h.code] = map[Format]bool{}
		}
		have[h.code][h.format] = true
	}
	everywhere := []string{codeAbsolute, codeEscapes, codeName, codeReserved, codeCollision, codeLink}
	for setting := range limitSentences {
		if setting != SettingRatio { // a plain tar has nothing to blow up
			everywhere = append(everywhere, limitCode(setting))
		}
	}
	for _, code := range everywhere {
		if len(have[code]) != len(allFormats) {
			t.Errorf("%s has cases for %v only", code, have[code])
		}
	}
	for code := range entrySentences {
		if have[code] == nil {
			t.Errorf("%s has no case", code)
		}
	}
	if len(have[limitCode(SettingRatio)]) != len(allFormats)-1 {
		t.Errorf("bombs are %v only", have[limitCode(SettingRatio)])
	}
}

func (h hostile) mustBeRefused(t *testing.T) {
	ctx := context.Background()
	outer := t.TempDir()
	path := filepath.Join(outer, "evil.1.0.0."+string(h.format))
	inner := filepath.Join(outer, "a", "b")
	if err := os.MkdirAll(inner, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, path, h.data)
	write(t, filepath.Join(outer, "a", "out-evil"), []byte("a neighbour"))
	before := readTree(t, outer)
	for _, made := range []bool{false, true} {
		dest := filepath.Join(inner, "out")
		if made {
			if err := os.Mkdir(dest, 0o700); err != nil {
				t.Fatal(err)
			}
			before["a/b/out"] = treeFile{folder: true}
		}
		_, err := Extract(ctx, path, dest, Options{Limits: h.limits})
		if err == nil {
			t.Fatalf("accepted; unpacked %v", readTree(t, dest))
		}
		if code := model.ErrorCode(err); code != h.code {
			t.Errorf("code %q, want %q: %v", code, h.code, err)
		}
		if !strings.Contains(err.Error(), h.entry) || !strings.Contains(err.Error(), "evil.1.0.0") {
			t.Errorf("the error names neither package nor entry %q: %v", h.entry, err)
		}
		if after := readTree(t, outer); !reflect.DeepEqual(after, before) {
			t.Fatalf("left behind %v, before %v", after, before)
		}
	}
	if _, err := List(ctx, path, h.limits); err != nil && model.ErrorCode(err) == "" {
		t.Errorf("the listing fails without a code: %v", err)
	}
	_, err := Identify(ctx, path, h.limits)
	if err != nil && model.ErrorCode(err) == "" {
		t.Errorf("the import fails without a code: %v", err)
	}
	if strings.HasPrefix(h.name, "link_") && model.ErrorCode(err) != h.code {
		t.Errorf("the import says code %q, want %q: %v", model.ErrorCode(err), h.code, err)
	}
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func hostileCorpus(t *testing.T) []hostile {
	var all []hostile
	for _, format := range allFormats {
		all = append(all, hostileNames(t, format)...)
		all = append(all, hostileStructures(t, format)...)
	}
	all = append(all, hostileZips()...)
	all = append(all, hostileNuPkgs()...)
	all = append(all, hostileTars(t)...)
	return all
}

func hostileNames(t *testing.T, format Format) []hostile {
	rows := []struct{ name, code, shown string }{
		{"../x", codeEscapes, "../x"},
		{"../../etc/passwd", codeEscapes, "../../etc/passwd"},
		{"a/../../x", codeEscapes, "a/../../x"},
		{"../out-evil", codeEscapes, "../out-evil"},
		{"../out/x", codeEscapes, "../out/x"},
		{`..\x`, codeEscapes, `..\x`},
		{`a\..\..\x`, codeEscapes, `a\..\..\x`},
		{"./../x", codeEscapes, "./../x"},
		{"a/b/../../../x", codeEscapes, "../../../x"},
		{"..", codeEscapes, ".."},
		{"../", codeEscapes, "../"},
		{"../evil-dir/", codeEscapes, "../evil-dir/"},
		{strings.Repeat("../", 8) + "etc/passwd", codeEscapes, "etc/passwd"},
		{"/etc/passwd", codeAbsolute, "/etc/passwd"},
		{"//server/share/x", codeAbsolute, "//server"},
		{`\\server\share\x`, codeAbsolute, `\\server`},
		{`\x`, codeAbsolute, `\x`},
		{`C:\Windows\x`, codeAbsolute, `C:\Windows`},
		{"C:x", codeAbsolute, "C:x"},
		{"c:/x", codeAbsolute, "c:/x"},
		{`\\?\C:\x`, codeAbsolute, `\\?\C:\x`},
		{"/", codeAbsolute, "/"},
		{"a:b", codeAbsolute, "a:b"},
		{"file.txt:stream", codeName, "file.txt:stream"},
		{"a<b", codeName, "a<b"},
		{"a>b", codeName, "a>b"},
		{`a"b`, codeName, "a"},
		{"a|b", codeName, "a|b"},
		{"what?", codeName, "what?"},
		{"*", codeName, "*"},
		{"bell\a", codeName, "bell"},
		{"line\nbreak", codeName, "line"},
		{"esc\x1b[2J", codeName, "esc"},
		{"del\x7f", codeName, "del"},
		{"c1\u0085", codeName, "c1"},
		{"txt.\u202eexe", codeName, "txt."},
		{"iso\u2066late", codeName, "iso"},
		{"bom\ufeff", codeName, "bom"},
		{"lost\ufffd", codeName, "lost"},
		{"dot.", codeName, "dot."},
		{"dots/.../x", codeName, "dots/.../x"},
		{"blank ", codeName, "blank "},
		{"folder /x", codeName, "folder /x"},
		{"con", codeReserved, "con"},
		{"CON.txt", codeReserved, "CON.txt"},
		{"a/nul/b", codeReserved, "a/nul/b"},
		{"AUX", codeReserved, "AUX"},
		{"prn.tar.gz", codeReserved, "prn.tar.gz"},
		{"com1", codeReserved, "com1"},
		{"LPT9.x", codeReserved, "LPT9.x"},
		{"COM\u00b9", codeReserved, "COM"},
		{"conin$", codeReserved, "conin$"},
		{"con .txt", codeReserved, "con .txt"},
		{"$MFT/x", codeReserved, "$MFT"},
		{"deep" + strings.Repeat("/d", 60), "archive.limit.maxDepth", "deep/d"},
		{strings.Repeat("long/", 300) + "x", "archive.limit.maxNameBytes", "long/"},
		{strings.Repeat("l", 201), "archive.limit.maxComponentBytes", "lll"},
	}
	var all []hostile
	for _, row := range rows {
		label := row.name
		if len(label) > 30 {
			label = label[:30]
		}
		all = append(all, hostile{
			name: fmt.Sprintf("name_%q", label), format: format, code: row.code, entry: row.shown,
			data: build(t, format, simple{name: "first.txt", content: "fine"}, simple{name: row.name, content: ""}),
		})
	}
	return all
}

func hostileStructures(t *testing.T, format Format) []hostile {
	text := func(name string) simple { return simple{name: name, content: name} }
	symlink := func(name, target string) simple { return simple{name: name, content: target, link: true} }
	rows := []struct {
		name    string
		entries []simple
		code    string
		entry   string
		limits  Limits
	}{
		{"twice", []simple{text("a"), text("a")}, codeCollision, `"a"`, Limits{}},
		{"twice_by_cleaning", []simple{text("a/b"), text("a/./b")}, codeCollision, "a/b", Limits{}},
		{"case", []simple{text("Run.sh"), text("run.sh")}, codeCollision, "Run.sh", Limits{}},
		{"case_of_folders", []simple{text("Lib/a"), text("lib/b")}, codeCollision, "Lib", Limits{}},
		{"unicode_form", []simple{text("caf\u00e9"), text("cafe\u0301")}, codeCollision, "caf\u00e9", Limits{}},
		{"full_folding", []simple{text("stra\u00dfe"), text("STRASSE")}, codeCollision, "stra\u00dfe", Limits{}},
		{"kelvin", []simple{text("\u212a"), text("k")}, codeCollision, "\u212a", Limits{}},
		{"ignored_joiner", []simple{text("\u00e4b"), text("\u00e4\u200db")}, codeCollision, "\u00e4b", Limits{}},
		{"file_as_folder", []simple{text("a"), text("a/b")}, codeCollision, `"a"`, Limits{}},
		{"folder_as_file", []simple{text("a/b"), text("a")}, codeCollision, `"a"`, Limits{}},
		{"link_absolute", []simple{symlink("l", "/etc/passwd")}, codeLink, "/etc/passwd", Limits{}},
		{"link_out", []simple{symlink("a/l", "../../x")}, codeLink, "a/l", Limits{}},
		{"link_to_parent", []simple{symlink("l", "..")}, codeLink, `"l"`, Limits{}},
		{"link_sibling", []simple{symlink("l", "../out-evil")}, codeLink, "out-evil", Limits{}},
		{"link_backslash", []simple{symlink("l", `..\x`)}, codeLink, `"l"`, Limits{}},
		{"link_drive", []simple{symlink("l", `C:\Windows`)}, codeLink, `"l"`, Limits{}},
		{"link_unc", []simple{symlink("l", `\\server\share`)}, codeLink, `"l"`, Limits{}},
		{"link_empty", []simple{symlink("l", "")}, codeLink, `"l"`, Limits{}},
		{"link_name_out", []simple{symlink("../l", "x")}, codeEscapes, "../l", Limits{}},
		{"link_chain", []simple{symlink("a/b/up", "../.."), symlink("l", "a/b/up/../x")}, codeLink, `"l"`, Limits{}},
		{"link_chain_case", []simple{symlink("a/b/Up", "../.."), symlink("l", "A/B/uP/../x")}, codeLink, `"l"`, Limits{}},
		{"write_through_link", []simple{symlink("l", "a"), text("l/x")}, codeCollision, `"l"`, Limits{}},
		{"write_over_link", []simple{symlink("l", "a"), text("l")}, codeCollision, `"l"`, Limits{}},
		{"link_over_file", []simple{text("l"), symlink("l", "a")}, codeCollision, `"l"`, Limits{}},
		{"entries", []simple{text("1"), text("2"), text("3"), text("4"), text("5"), text("6"), text("7")}, "archive.limit.maxEntries",
			SettingEntries, Limits{Entries: 6}},
		{"implied_folders", []simple{text("a/b/c/d/e/f/g/x")}, "archive.limit.maxEntries", SettingEntries, Limits{Entries: 7}},
		{"entry_bytes", []simple{{name: "big", content: strings.Repeat("0123456789", 100)}}, "archive.limit.maxEntryBytes", SettingEntryBytes,
			Limits{EntryBytes: 999}},
		{"total_bytes", []simple{{name: "1", content: strings.Repeat("a", 600)}, {name: "2", content: strings.Repeat("b", 600)}},
			"archive.limit.maxTotalBytes", SettingTotalBytes, Limits{TotalBytes: 1199}},
		{"file_bytes", []simple{text("a")}, "archive.limit.maxFileBytes", SettingFileBytes, Limits{FileBytes: 20}},
	}
	if format != Tar { // a plain tar has nothing to blow up
		rows = append(rows, []struct {
			name    string
			entries []simple
			code    string
			entry   string
			limits  Limits
		}{{"bomb", []simple{{name: "zeros", content: strings.Repeat("\x00", 2<<20)}}, "archive.limit.maxRatio", SettingRatio, Limits{}}}...)
	}
	var all []hostile
	for _, row := range rows {
		all = append(all, hostile{name: row.name, format: format, data: build(t, format, row.entries...), code: row.code, entry: row.entry,
			limits: row.limits})
	}
	for _, share := range []int{3, 10, 30} {
		whole := build(t, format, simple{name: "a", content: strings.Repeat("some text ", 1000)}, simple{name: "b", content: "b"})
		all = append(all, hostile{name: fmt.Sprintf("cut_at_%d_percent", share), format: format, data: whole[:len(whole)*share/100],
			code: "", entry: ""})
	}
	for i := range all {
		if all[i].code == "" {
			all[i].code = cutCode(all[i])
		}
	}
	return append(all,
		hostile{name: "empty_file", format: format, data: nil, code: "archive.empty"},
		hostile{name: "other_content", format: format, data: []byte("7z\xbc\xaf\x27\x1c and more"), code: "archive.content"},
		hostile{name: "garbage", format: format, data: bytes.Repeat([]byte("garbage!"), 300), code: garbageCode(format)},
	)
}

// cutCode returns the code for a truncated package, which depends on where it is cut.
func cutCode(h hostile) string {
	if h.format.isZip() {
		return "archive.damaged" // no directory
	}
	if h.format == Tar && len(h.data) > 512 {
		return codeCorrupt // in the data of an entry
	}
	return "archive.damaged"
}

// garbageCode: only a compressed tar has a signature that can be missing.
func garbageCode(format Format) string {
	if format == TarGz || format == TarBz2 {
		return "archive.content"
	}
	return "archive.damaged"
}

func hostileZips() []hostile {
	zero, many := uint32(0), uint32(1<<31-1)
	with := func(change func(*rawEntry)) []byte {
		e := unixFile("thing.txt", "some content of the thing")
		change(&e)
		return rawZip(unixFile("first", "1"), e)
	}
	special := func(mode uint32) []byte { return with(func(e *rawEntry) { e.attrs = mode << 16; e.method = 0 }) }
	var all []hostile
	add := func(name, code string, data []byte) {
		all = append(all, hostile{name: name, format: Zip, code: code, entry: "thing.txt", data: data})
	}
	add("encrypted", codeEncrypted, with(func(e *rawEntry) { e.flags = 1 }))
	add("encrypted_strongly", codeEncrypted, with(func(e *rawEntry) { e.flags = 1 | 1<<6 }))
	add("encrypted_directory", codeEncrypted, with(func(e *rawEntry) { e.flags = 1 << 13 }))
	add("encrypted_aes", codeEncrypted, with(func(e *rawEntry) { e.method = 99 }))
	for _, method := range []uint16{1, 6, 9, 12, 14, 93, 95, 97, 98, 1000} {
		add(fmt.Sprintf("method_%d", method), codeMethod, with(func(e *rawEntry) { e.method, e.packed = method, []byte("garbage") }))
	}
	add("method_95_empty", codeMethod, with(func(e *rawEntry) { e.method, e.packed = 95, []byte{} }))
	add("pipe", codeSpecial, special(0o010644))
	add("character_device", codeSpecial, special(0o020644))
	add("block_device", codeSpecial, special(0o060644))
	add("socket", codeSpecial, special(0o140644))
	add("unknown_type", codeSpecial, special(0o170644))
	add("size_too_small", codeCorrupt, with(func(e *rawEntry) { e.size = ptr(uint32(3)) }))
	add("size_too_large", codeCorrupt, with(func(e *rawEntry) { e.size = ptr(uint32(3000)) }))
	add("size_zero", codeCorrupt, with(func(e *rawEntry) { e.size = &zero }))
	add("size_huge", "archive.limit.maxRatio", with(func(e *rawEntry) { e.size = &many }))
	add("size_stored", codeSize, with(func(e *rawEntry) { e.method = 0; e.size = ptr(uint32(3)) }))
	add("checksum", codeCorrupt, with(func(e *rawEntry) { e.crc = ptr(uint32(12345)) }))
	add("checksum_zero", codeCorrupt, with(func(e *rawEntry) { e.crc = &zero }))
	add("data_garbage", codeCorrupt, with(func(e *rawEntry) { e.packed = []byte("\xff\xff\xff\xff garbage") }))
	add("data_missing", codeCorrupt, with(func(e *rawEntry) { e.packed = []byte{} }))
	add("other_local_name", codeHeader, with(func(e *rawEntry) { e.localName = "../../evil" }))
	add("other_local_name_same_length", codeHeader, with(func(e *rawEntry) { e.localName = "../ng.txt" }))
	add("other_local_method", codeHeader, with(func(e *rawEntry) { e.localMethod = ptr(uint16(0)) }))
	add("same_data_other_name", codeHeader, rawZip(unixFile("thing.txt", "some content"), rawEntry{
		name: "another thing.txt", content: "some content", made: madeOnUnix, attrs: modeFile, method: 8, sameDataAs: 1,
	}))
	all = append(all, overlapBomb(), lyingDirectory())
	add("folder_with_content", codeSize, with(func(e *rawEntry) { e.name += "/"; e.method = 0 }))
	all[len(all)-1].entry = "thing.txt/"
	add("empty_name", codeName, rawZip(unixFile("thing.txt", "x"), unixFile("", "y")))
	all[len(all)-1].entry = `""`
	add("not_utf8_escape", codeEscapes, rawZip(rawEntry{name: "../\x81thing.txt", content: "x"}))
	add("unicode_path_escape", codeEscapes,
		rawZip(rawEntry{name: "innocent", content: "x", extra: unicodePathField("innocent", "../thing.txt")}))
	add("link_of_7zip", codeLink, rawZip(rawEntry{name: "thing.txt", content: "../x", attrs: modeLink | 0x8000}))
	add("link_too_long", codeLink, rawZip(unixLink("thing.txt", strings.Repeat("a/", 3000))))
	return all
}

func unicodePathField(raw, name string) []byte {
	le := binary.LittleEndian
	body := le.AppendUint32([]byte{1}, crcOf(raw))
	body = append(body, name...)
	return append(le.AppendUint16(le.AppendUint16(nil, 0x7075), uint16(len(body))), body...)
}

// overlapBomb: the data of the first entry contains the second entry, so both unpack the same bytes.
func overlapBomb() hostile {
	inner := rawZip(rawEntry{name: "inner.txt", content: strings.Repeat("x", 1000)})
	innerEntry := inner[:30+len("inner.txt")+1000]
	data := rawZip(rawEntry{name: "outer.bin", content: string(innerEntry)}, rawEntry{name: "inner.txt", content: strings.Repeat("x", 1000)})
	// Make the second directory entry point into the data of the first.
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[at+42:], uint32(30+len("outer.bin")))
	return hostile{name: "overlapping_data", format: Zip, code: codeOverlap, entry: "inner.txt", data: data}
}

// lyingDirectory has more entries than it declares: the count is modulo 65,536.
func lyingDirectory() hostile {
	entry := rawZip(rawEntry{name: "a"})
	local := entry[:31]
	header := entry[31 : 31+47]
	data := append([]byte{}, local...)
	const entries = 65536 + 1
	data = append(data, bytes.Repeat(header, entries)...)
	end := append([]byte{}, entry[len(entry)-22:]...)
	binary.LittleEndian.PutUint32(end[12:], uint32(entries*len(header)))
	binary.LittleEndian.PutUint32(end[16:], uint32(len(local)))
	return hostile{name: "lying_directory", format: Zip, code: "archive.limit.maxEntries", entry: SettingEntries, data: append(data, end...)}
}

func hostileNuPkgs() []hostile {
	rows := []struct{ name, code, entry string }{
		{"%2e%2e/x", codeEscapes, "../x"},
		{"%2e%2e%2fx", codeEscapes, "../x"},
		{"..%5cx", codeEscapes, `..\x`},
		{"a%2f..%2f..%2fx", codeEscapes, "a/../../x"},
		{"%2fetc%2fpasswd", codeAbsolute, "/etc/passwd"},
		{"%43%3a%5cx", codeAbsolute, `C:\x`},
		{"%63on", codeReserved, "con"},
		{"a%00b", codeName, "a\ufffdb"},
		{"a%0ab", codeName, "a\ufffdb"},
		{"dot%2e", codeName, "dot."},
		{"%FFx/../../y", codeEscapes, "%FFx/../../y"},
		{"_rels/../../x", codeEscapes, "_rels/../../x"},
		{"package/services/metadata/../../../../x", codeEscapes, "package/services/metadata/"},
		{"_rels/con", codeReserved, "_rels/con"},
	}
	var all []hostile
	for _, row := range rows {
		all = append(all, hostile{name: "escaped_" + strings.ReplaceAll(row.name, "/", "_"), format: NuPkg, code: row.code, entry: row.entry,
			data: nupkgOf(unixFile(row.name, "x"))})
	}
	return append(all,
		hostile{name: "case_by_escape", format: NuPkg, code: codeCollision, entry: "run me.sh",
			data: nupkgOf(unixFile("run me.sh", "1"), unixFile("Run%20me.sh", "2"))},
		hostile{name: "encrypted_part", format: NuPkg, code: codeEncrypted, entry: "x",
			data: nupkgOf(rawEntry{name: "x", content: "x", flags: 1})},
	)
}

func hostileTars(t *testing.T) []hostile {
	var all []hostile
	for _, format := range []Format{Tar, TarGz, TarBz2} {
		add := func(name, code, entry string, headers ...tar.Header) {
			all = append(all, hostile{name: name, format: format, code: code, entry: entry,
				data: packed(t, format, rawTar(t, append([]tar.Header{tarFile("first.txt", "fine")}, headers...)...))})
		}
		add("hard_link", codeHardLink, "hard", tar.Header{Name: "hard", Linkname: "first.txt", Typeflag: tar.TypeLink})
		add("hard_link_out", codeHardLink, "hard", tar.Header{Name: "hard", Linkname: "../../x", Typeflag: tar.TypeLink})
		add("character_device", codeSpecial, "dev", tar.Header{Name: "dev", Typeflag: tar.TypeChar})
		add("block_device", codeSpecial, "dev", tar.Header{Name: "dev", Typeflag: tar.TypeBlock})
		add("pipe", codeSpecial, "pipe", tar.Header{Name: "pipe", Typeflag: tar.TypeFifo})
		add("vendor_type", codeSpecial, "odd", tar.Header{Name: "odd", Typeflag: 'Z'})
		plain := rawTar(t, tarFile("first.txt", strings.Repeat("text ", 500)), tarFile("second.txt", "2"))
		broken := bytes.Clone(plain)
		broken[512+2560+100] ^= 0xff // the mode of the second header: the checksum fails
		all = append(all, hostile{name: "header_checksum", format: format, code: codeCorrupt, entry: "first.txt",
			data: packed(t, format, broken)})
		huge := bytes.Clone(plain)
		copy(huge[124:], "77777777777\x00") // 8 GiB
		fixTarChecksum(huge)
		all = append(all, hostile{name: "size_lie", format: format, code: "archive.limit.maxEntryBytes", entry: "first.txt",
			data: packed(t, format, huge)})
		slash := bytes.Clone(plain)
		copy(slash, "first/txt/\x00") // a regular file by type, a folder by name
		fixTarChecksum(slash)
		all = append(all, hostile{name: "file_with_slash", format: format, code: codeSize, entry: "first/txt/", data: packed(t, format, slash)})
		if format == Tar {
			continue
		}
		data := packed(t, format, plain)
		flipped := bytes.Clone(data)
		flipped[len(flipped)-6] ^= 0xff // in the checksum or the end mark
		all = append(all, hostile{name: "stream_checksum", format: format, code: codeCorrupt, data: flipped})
		padding := append(bytes.Clone(plain), make([]byte, 4<<20)...)
		all = append(all, hostile{name: "bomb_behind_the_end", format: format, code: "archive.limit.maxRatio", entry: SettingRatio,
			data: packed(t, format, padding)})
		all = append(all, hostile{name: "bomb_of_long_names", format: format, code: "archive.limit.maxRatio", entry: SettingRatio,
			data: packed(t, format, longNames(4))})
	}
	return all
}

// longNames is a chain of headers each of which announces a name, with no entry at the end.
func longNames(count int) []byte {
	var out []byte
	for range count {
		header := make([]byte, 512)
		copy(header, "././@LongLink")
		copy(header[100:], "0000644\x000000000\x000000000\x0000003777777\x00" /* 1 MiB - 1 */)
		copy(header[136:], "00000000000\x00")
		header[156] = 'L'
		copy(header[257:], "ustar  \x00")
		fixTarChecksum(header)
		out = append(append(out, header...), make([]byte, 1<<20)...)
	}
	return out
}

func fixTarChecksum(header []byte) {
	copy(header[148:156], "        ")
	sum := 0
	for _, b := range header[:512] {
		sum += int(b)
	}
	copy(header[148:], fmt.Sprintf("%06o\x00 ", sum))
}
