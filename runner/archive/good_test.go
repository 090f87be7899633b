package archive

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// unpack writes data to a file of that name, unpacks it and returns the result.
func unpack(t *testing.T, fileName string, data []byte, opts Options) (map[string]treeFile, Result) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, fileName)
	write(t, path, data)
	dest := filepath.Join(dir, "out")
	result, err := Extract(context.Background(), path, dest, opts)
	if err != nil {
		t.Fatal(err)
	}
	return readTree(t, dest), result
}

// goodNames maps names in archives to names as a person reads them.
var goodNames = []struct{ stored, want string }{
	{"plain.txt", "plain.txt"},
	{"./dot.txt", "dot.txt"},
	{"./nested/./a//b.txt", "nested/a/b.txt"},
	{"safe/../inner.txt", "inner.txt"},
	{"a/b/../../c/file.txt", "c/file.txt"},
	{`back\slash.txt`, "back/slash.txt"},
	{`.\win\..\win2\x.txt`, "win2/x.txt"},
	{"Mixed/CASE.Txt", "Mixed/CASE.Txt"},
	{"with space/who am i.sh", "with space/who am i.sh"},
	{"á_ó_í_çø.txt", "á_ó_í_çø.txt"},
	{"âçÿú¢ŤṵﻝﺕﻻⱩῠᾌ", "âçÿú¢ŤṵﻝﺕﻻⱩῠᾌ"},
	{"パッケージ/説明.txt", "パッケージ/説明.txt"},
	{"emoji-👩‍💻.md", "emoji-👩‍💻.md"},
	{"نص.txt", "نص.txt"},
	{"cafe\u0301.txt", "cafe\u0301.txt"},
	{".hidden", ".hidden"},
	{"-rf", "-rf"},
	{"~/.bashrc", "~/.bashrc"},
	{"`id`;$(id)&'", "`id`;$(id)&'"},
	{"..hidden/..x", "..hidden/..x"},
	{"console.log", "console.log"},
	{"com10.txt", "com10.txt"},
	{"nullable/auxiliary", "nullable/auxiliary"},
	{"percent%20sign", "percent%20sign"},
	{"package/kept.txt", "package/kept.txt"},
	{" leading", " leading"},
	{"a[1]{2}#3@4!5+6=7,8^9.txt", "a[1]{2}#3@4!5+6=7,8^9.txt"},
	{strings.Repeat("n", 200), strings.Repeat("n", 200)},
	{strings.Repeat("d/", 39) + "deep", strings.Repeat("d/", 39) + "deep"},
}

func TestGoodNamesInEveryFormat(t *testing.T) {
	for _, format := range allFormats {
		t.Run(string(format), func(t *testing.T) {
			var entries []simple
			want := map[string]string{}
			for i, n := range goodNames {
				content := fmt.Sprintf("content %d", i)
				entries = append(entries, simple{name: n.stored, content: content})
				if format == NuPkg {
					want[strings.ReplaceAll(n.want, "%20", " ")] = content
				} else {
					want[n.want] = content
				}
			}
			data := build(t, format, entries...)
			got, result := unpack(t, "good.1.0.0."+string(format), data, Options{})
			if result.Files != len(goodNames) || len(result.Warnings) != 0 {
				t.Errorf("result %+v", result)
			}
			files := map[string]string{}
			for name, f := range got {
				if !f.folder {
					files[name] = f.data
				}
			}
			if !reflect.DeepEqual(files, want) {
				t.Errorf("unpacked %q", files)
			}
		})
	}
}

func TestSizesInEveryFormat(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	sizes := []int{0, 1, 511, 512, 513, 4095, 4096, 65535, 65536, copyBytes + 1, pieceBytes*2 + 7}
	var entries []simple
	want := map[string]treeFile{}
	for _, size := range sizes {
		name := fmt.Sprintf("size-%d", size)
		content := string(halfRandom(r, size))
		entries = append(entries, simple{name: name, content: content})
		want[name] = treeFile{data: content}
	}
	for i := range 300 { // enough for several workers
		name := fmt.Sprintf("many-%03d", i)
		entries = append(entries, simple{name: name, content: name})
		want[name] = treeFile{data: name}
	}
	for _, format := range allFormats {
		for _, workers := range []int{1, 4} {
			if workers > 1 && !format.isZip() {
				continue // a stream has one reader
			}
			t.Run(fmt.Sprintf("%s/%d_workers", format, workers), func(t *testing.T) {
				var last Progress
				got, result := unpack(t, "sizes.1.0.0."+string(format), build(t, format, entries...),
					Options{Workers: workers, Progress: func(p Progress) { last = p }})
				if !reflect.DeepEqual(got, want) {
					t.Error("other content")
				}
				if workers == 1 {
					compareWithBsdtar(t, writePackage(t, "sizes.1.0.0."+string(format), build(t, format, entries...)), got)
				}
				if last.Files != len(want) || last.Bytes != result.Bytes || last.Done != last.Total || last.Total == 0 {
					t.Errorf("the last progress is %+v", last)
				}
			})
		}
	}
}

// Windows's limit of 260 characters applies to no call: writing, times, reading, copying, removal after a failure.
func TestLongPaths(t *testing.T) {
	deep := strings.Repeat(strings.Repeat("l", 180)+"/", 5)
	entries := []simple{{name: deep + "run.sh", content: "echo"}, {name: deep + "other/data.txt", content: "data"}}
	for _, format := range allFormats {
		t.Run(string(format), func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "long.1.0.0."+string(format))
			write(t, path, build(t, format, entries...))
			dest, copied := filepath.Join(dir, "out"), filepath.Join(dir, "copied")
			if _, err := Extract(context.Background(), path, dest, Options{}); err != nil {
				t.Fatal(err)
			}
			if _, err := CopyFolder(context.Background(), dest, copied, Options{}); err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				data, err := os.ReadFile(filepath.Join(copied, filepath.FromSlash(e.name)))
				if err != nil || string(data) != e.content {
					t.Errorf("%q, %v", data, err)
				}
			}
			bad := filepath.Join(dir, "bad.1.0.0."+string(format))
			write(t, bad, build(t, format, append(entries, simple{name: "../x", content: "x"})...))
			if _, err := Extract(context.Background(), bad, filepath.Join(dir, "bad"), Options{}); err == nil {
				t.Error("accepted")
			}
			if _, err := os.Stat(filepath.Join(dir, "bad")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("something is left: %v", err)
			}
		})
	}
}

// The creator's code page is found by plausibility.
func TestNamesInCodePages(t *testing.T) {
	const utf8Flag = flagUTF8
	tests := []struct {
		name, stored, want string
		flags              uint16
		extra              []byte
	}{
		{"CP437", "M\x81ller/Gr\x94\xe1e.txt", "Müller/Größe.txt", 0, nil},
		{"CP437 French", "r\x82sum\x82.txt", "résumé.txt", 0, nil},
		{"CP437 alone", "Stra\xe1e.txt", "Straße.txt", 0, nil},
		{"CP437 boxes", "\x81ber \x84hnlich\x94.txt", "über ähnlichö.txt", 0, nil},
		{"windows-1252", "M\xfcller/Gr\xf6\xdfe.txt", "Müller/Größe.txt", 0, nil},
		{"windows-1252 Spanish", "p\xe1gina a\xf1o.txt", "página año.txt", 0, nil},
		{"windows-1252 lone letter", "voil\xe0 \xe0 c\xf4t\xe9.txt", "voilà à côté.txt", 0, nil},
		{"windows-1252 apostrophe", "it\x92s \x96 done.txt", "it’s – done.txt", 0, nil},
		{"flag says UTF-8, bytes are CP437", "r\x82sum\x82.txt", "résumé.txt", utf8Flag, nil},
		{"flag says UTF-8, bytes are windows-1252", "r\xe9sum\xe9.txt", "résumé.txt", utf8Flag, nil},
		{"no flag, bytes are UTF-8", "résumé.txt", "résumé.txt", 0, nil},
		{"UTF-8 with its flag", "résumé.txt", "résumé.txt", utf8Flag, nil},
		{"Unicode name beside", "r?sum?.txt", "résumé.txt", 0, unicodePathField("r?sum?.txt", "résumé.txt")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, _ := unpack(t, "names.1.0.0.zip",
				rawZip(rawEntry{name: test.stored, content: "x", flags: test.flags, extra: test.extra}), Options{})
			if got[test.want].data != "x" {
				t.Errorf("unpacked %+v", got)
			}
		})
	}
	for stored, want := range map[string]string{"r\xe9sum\xe9.txt": "résumé.txt", "r\x82sum\x82.txt": "résumé.txt"} {
		if got, _ := unpack(t, "names.1.0.0.tar", rawTar(t, tarFile(stored, "x")), Options{}); got[want].data != "x" {
			t.Errorf("tar: unpacked %+v", got)
		}
	}
}

func TestNuPkgNamesAndParts(t *testing.T) {
	data := nupkgOf(
		unixFile("my%20resource.txt", "1"), unixFile("100%.txt", "2"), unixFile("caf%C3%A9.txt", "3"), unixFile("latin%E9.txt", "4"),
		unixFile("%252e.txt", "5"), unixFile("package/file.txt", "6"), unixFile("tools/other.NUSPEC", "7"), unixFile(".signature.p7s", "8"),
		unixFile("some.id.1.0.0.nupkg.sha512", "9"), unixFile("_Rels/x", "10"), unixFile("Package/services/metadata/x", "11"),
		unixFile("tools%2Frun.ps1", "12"))
	got, _ := unpack(t, "Some.Id.1.0.0.nupkg", data, Options{})
	want := map[string]treeFile{
		"my resource.txt": {data: "1"}, "100%.txt": {data: "2"}, "café.txt": {data: "3"}, "latin%E9.txt": {data: "4"},
		"%2e.txt": {data: "5"}, "package": {folder: true}, "package/file.txt": {data: "6"}, "tools": {folder: true},
		"tools/run.ps1": {data: "12"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("unpacked %+v", got)
	}
}

func TestLinksThatStayInsideAreSkipped(t *testing.T) {
	links := []simple{
		{name: "real/file.txt", content: "x"},
		{name: "link", content: "real/file.txt", link: true},
		{name: "real/up", content: "../real/file.txt", link: true},
		{name: "dangling", content: "nothing", link: true},
		{name: "round", content: "round", link: true},
		{name: "folder", content: "./real/", link: true},
	}
	for _, format := range allFormats {
		t.Run(string(format), func(t *testing.T) {
			var told []string
			got, result := unpack(t, "links.1.0.0."+string(format), build(t, format, links...),
				Options{Warn: func(w Warning) { told = append(told, w.Entry) }})
			if len(got) != 2 || got["real/file.txt"].data != "x" || result.Files != 1 {
				t.Errorf("unpacked %v", got)
			}
			if len(result.Warnings) != 5 || len(told) != 5 {
				t.Fatalf("warnings %+v, told %v", result.Warnings, told)
			}
			at := slices.IndexFunc(result.Warnings, func(w Warning) bool { return w.Entry == "link" })
			if w := result.Warnings[at]; w.Code != "archive.skipped.link" || w.Target != "real/file.txt" || !strings.Contains(w.Sentence, `"link"`) {
				t.Errorf("warning %+v", w)
			}
		})
	}
}

func TestModesAndTimes(t *testing.T) {
	if !keepsModes {
		t.Skip("this system has no executable bits")
	}
	when := time.Date(2024, 5, 6, 7, 8, 10, 0, time.UTC)
	future := time.Now().AddDate(1, 0, 0)
	data := rawTar(t,
		tar.Header{Name: "run", Mode: 0o4755, ModTime: when, Uname: "x"},
		tar.Header{Name: "text", Mode: 0o666, ModTime: future},
		tar.Header{Name: "ancient", Mode: 0o2644, ModTime: time.Unix(1, 0)})
	dir := t.TempDir()
	path := filepath.Join(dir, "modes.1.0.0.tar")
	write(t, path, data)
	start := time.Now().Add(-time.Minute)
	if _, err := Extract(context.Background(), path, filepath.Join(dir, "out"), Options{}); err != nil {
		t.Fatal(err)
	}
	stat := func(name string) os.FileInfo {
		info, err := os.Stat(filepath.Join(dir, "out", name))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	if info := stat("run"); info.Mode() != 0o700 || !info.ModTime().Equal(when) {
		t.Errorf("run: %v, %v", info.Mode(), info.ModTime())
	}
	for _, name := range []string{"text", "ancient"} {
		if info := stat(name); info.Mode() != 0o600 || info.ModTime().Before(start) || info.ModTime().After(time.Now().Add(time.Minute)) {
			t.Errorf("%s: %v, %v", name, info.Mode(), info.ModTime())
		}
	}
	if info := stat("."); info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has %v", info.Mode())
	}
}

func TestContentDecidesAmongTars(t *testing.T) {
	plain := rawTar(t, tarFile("a", "x"))
	for _, test := range []struct {
		file   string
		format Format
	}{{"x.1.0.0.tar", TarGz}, {"x.1.0.0.tgz", Tar}, {"x.1.0.0.tar.gz", TarBz2}, {"3f9a", TarGz}, {"3f9b", Tar}} {
		got, result := unpack(t, test.file, packed(t, test.format, plain), Options{})
		if got["a"].data != "x" || result.Format != test.format {
			t.Errorf("%s: %v as %s", test.file, got, result.Format)
		}
	}
	for file, want := range map[string]Format{"4711": NuPkg, "0815.zip": Zip} {
		if _, result := unpack(t, file, nupkgOf(unixFile("a", "x")), Options{}); result.Format != want {
			t.Errorf("%s: %s, want %s", file, result.Format, want)
		}
	}
	if got, _ := unpack(t, "4711", nupkgOf(unixFile("a", "x")), Options{Format: Zip}); len(got) < 4 {
		t.Errorf("the given format is ignored: %v", got)
	}
}

// What real programs pack is unpacked unchanged, and as bsdtar does.
func TestPackagesOfRealPrograms(t *testing.T) {
	source := filepath.Join(t.TempDir(), "source")
	r := rand.New(rand.NewPCG(5, 6))
	for _, name := range []string{"a.txt", "sub/with space.txt", "sub/deeper/ünïcode – 名前.txt", "run.sh", "empty/nothing.txt",
		strings.Repeat("long/", 30) + strings.Repeat("x", 120) + ".txt"} {
		path := filepath.Join(source, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, halfRandom(r, r.IntN(100_000)))
	}
	write(t, filepath.Join(source, "package.json"), []byte(`{"name": "acme-scripts", "version": "1.4.2", "description": "x"}`))
	if err := errors.Join(os.Chmod(filepath.Join(source, "run.sh"), 0o755), os.Mkdir(filepath.Join(source, "hollow"), 0o755)); err != nil {
		t.Fatal(err)
	}
	programs := []struct {
		name   string
		file   string
		links  bool
		prefix string // that npm puts before everything
		args   []string
	}{
		{"tar", "t.1.0.0.tar", false, "", []string{"tar", "-C", source, "-cf", "OUT", "."}},
		{"tar", "t.1.0.0.tar.gz", false, "", []string{"tar", "-C", source, "-czf", "OUT", "."}},
		{"tar", "t.1.0.0.tar.bz2", false, "", []string{"tar", "-C", source, "-cjf", "OUT", "."}},
		{"tar posix", "t.1.0.0.tgz", true, "", []string{"tar", "--format=posix", "-C", source, "-czf", "OUT", "."}},
		{"tar label", "t.1.0.0.tar", false, "", []string{"tar", "--label=backup", "-C", source, "-cf", "OUT", "."}},
		{"tar multi-block", "t.1.0.0.tar.gz", false, "", []string{"tar", "-b", "200", "-C", source, "-czf", "OUT", "."}},
		{"bsdtar pax", "t.1.0.0.tar", true, "", []string{"bsdtar", "--format=pax", "-C", source, "-cf", "OUT", "."}},
		{"bsdtar gnutar", "t.1.0.0.tar", false, "", []string{"bsdtar", "--format=gnutar", "-C", source, "-cf", "OUT", "."}},
		{"bsdtar zip", "t.1.0.0.zip", true, "", []string{"bsdtar", "--format=zip", "-C", source, "-cf", "OUT", "."}},
		{"zip", "t.1.0.0.zip", false, "", []string{"zip", "-qr", "OUT", "."}},
		{"zip -y", "t.1.0.0.zip", true, "", []string{"zip", "-qry", "OUT", "."}},
		{"zip to a pipe", "t.1.0.0.zip", false, "", []string{"sh", "-c", "zip -qr - . | cat > OUT"}},
		{"zip stored", "t.1.0.0.zip", false, "", []string{"zip", "-qr0", "OUT", "."}},
		{"7z zip", "t.1.0.0.zip", false, "", []string{"7z", "a", "-bd", "-tzip", "OUT", "."}},
		{"7z zip with links", "t.1.0.0.zip", true, "", []string{"7z", "a", "-bd", "-snl", "-tzip", "OUT", "."}},
		{"7z tar", "t.1.0.0.tar", false, "", []string{"7z", "a", "-bd", "-ttar", "OUT", "."}},
		{"python", "t.1.0.0.zip", false, "", []string{"python3", "-m", "zipfile", "-c", "OUT", "."}},
		{"npm pack", "acme-scripts-1.4.2.tgz", false, "package/", []string{"npm", "pack", "--offline", "--pack-destination", "DIR"}},
	}
	for _, p := range programs {
		t.Run(p.name+" "+filepath.Ext(p.file), func(t *testing.T) {
			tool(t, p.args[0])
			dir := t.TempDir()
			path := filepath.Join(dir, p.file)
			link := filepath.Join(source, "link to a")
			if p.links {
				if err := os.Symlink("a.txt", link); err != nil {
					t.Fatal(err)
				}
				defer os.Remove(link) //nolint:errcheck // the next case fails if it stays
			}
			args := slices.Clone(p.args)
			for i := range args {
				args[i] = strings.NewReplacer("OUT", path, "DIR", dir).Replace(args[i])
			}
			pack := exec.Command(args[0], args[1:]...)
			pack.Dir = source
			pack.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "HOME="+dir, "npm_config_cache="+filepath.Join(dir, "cache"))
			if out, err := pack.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			dest := filepath.Join(dir, "out")
			result, err := Extract(context.Background(), path, dest, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if want := map[bool]int{true: 1, false: 0}[p.links]; len(result.Warnings) != want {
				t.Errorf("warnings %+v", result.Warnings)
			}
			compareTrees(t, readTree(t, dest), sourceTree(t, source, link, p.prefix), p.name == "7z tar" || p.name == "python" ||
				p.name == "npm pack")
			compareWithBsdtar(t, path, readTree(t, dest))
		})
	}
}

func sourceTree(t *testing.T, source, link, prefix string) map[string]treeFile {
	t.Helper()
	if err := os.Remove(link); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	tree := map[string]treeFile{}
	for name, f := range readTree(t, source) {
		tree[prefix+name] = f
	}
	return tree
}

// compareTrees compares files; also folders and modes, unless the program is known to drop some.
func compareTrees(t *testing.T, got, want map[string]treeFile, filesOnly bool) {
	t.Helper()
	for name, f := range want {
		g, there := got[name]
		switch {
		case f.folder && filesOnly:
		case !there:
			t.Errorf("%q is missing", name)
		case g.data != f.data || g.folder != f.folder:
			t.Errorf("%q has other content", name)
		case keepsModes && !filesOnly && g.exec != f.exec:
			t.Errorf("%q: executable %v, want %v", name, g.exec, f.exec)
		}
	}
	for name, g := range got {
		if _, there := want[name]; !there && !g.folder {
			t.Errorf("%q came from nowhere", name)
		}
	}
}

func compareWithBsdtar(t *testing.T, path string, got map[string]treeFile) {
	t.Helper()
	dest := filepath.Join(t.TempDir(), "bsdtar")
	if err := os.Mkdir(dest, 0o700); err != nil {
		t.Fatal(err)
	}
	unpacking := exec.Command(tool(t, "bsdtar"), "-xf", path, "-C", dest, "--exclude", "*link to a")
	unpacking.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	if out, err := unpacking.CombinedOutput(); err != nil {
		t.Fatalf("bsdtar: %v\n%s", err, out)
	}
	want := map[string]treeFile{}
	for name, f := range readTree(t, dest) {
		if filepath.Ext(path) == ".nupkg" {
			plain, err := url.PathUnescape(name)
			if err != nil {
				t.Fatal(err)
			}
			if name = plain; slices.ContainsFunc([]string{"_rels", "[Content_Types].xml", "package/services"},
				func(own string) bool { return strings.HasPrefix(name, own) }) ||
				strings.HasSuffix(name, ".nuspec") {
				continue // NuGet's own
			}
		}
		want[name] = f
	}
	if len(want) == 0 {
		t.Fatal("bsdtar unpacks nothing")
	}
	compareTrees(t, got, want, true)
}
