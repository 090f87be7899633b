package archive

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func writePackage(t testing.TB, fileName string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), fileName)
	write(t, path, data)
	return path
}

var listed = []simple{
	{name: "scripts/Deploy.ps1", content: "Write-Host deploy"},
	{name: "scripts/lib/names.ps1", content: "names"},
	{name: "tools/caf\u00e9.sh", content: "echo"},
	{name: "./tools\\other.sh", content: "other"},
	{name: "link", content: "tools/other.sh", link: true},
}

func TestListMatchesUnpacking(t *testing.T) {
	for _, format := range allFormats {
		t.Run(string(format), func(t *testing.T) {
			path := writePackage(t, "x.1.0.0."+string(format), build(t, format, listed...))
			l, err := List(context.Background(), path, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			dest := filepath.Join(t.TempDir(), "out")
			if _, err := Extract(context.Background(), path, dest, Options{}); err != nil {
				t.Fatal(err)
			}
			tree := readTree(t, dest)
			for _, e := range l.Entries {
				if f, there := tree[e.Name]; !there || int64(len(f.data)) != e.Size || e.Modified.Year() < 2020 {
					t.Errorf("%+v was unpacked as %+v", e, f)
				}
				delete(tree, e.Name)
			}
			for _, name := range l.Folders {
				if !tree[name].folder {
					t.Errorf("folder %s is missing", name)
				}
				delete(tree, name)
			}
			if len(tree) > 0 {
				t.Errorf("not listed: %v", tree)
			}
			if len(l.Warnings) != 1 || l.Warnings[0].Entry != "link" || l.Format != format {
				t.Errorf("warnings %+v, format %s", l.Warnings, l.Format)
			}
		})
	}
}

func TestFind(t *testing.T) {
	l := Listing{}
	for _, name := range []string{"scripts/Deploy.ps1", "scripts/lib/names.ps1", "tools/caf\u00e9.sh", "tools/Case.sh", "tools/run.sh",
		"old/run.sh", "x/case.SH"} {
		l.Entries = append(l.Entries, Entry{Name: name})
	}
	found := []struct{ name, wanted, want string }{
		{"as it is", "scripts/Deploy.ps1", "scripts/Deploy.ps1"},
		{"other case", "SCRIPTS/deploy.PS1", "scripts/Deploy.ps1"},
		{"backslash", `scripts\lib\names.ps1`, "scripts/lib/names.ps1"},
		{"dot", "./tools/run.sh", "tools/run.sh"},
		{"dot backslash", `.\tools\run.sh`, "tools/run.sh"},
		{"leading slash", "/tools/run.sh", "tools/run.sh"},
		{"inner dots", "tools/../scripts//Deploy.ps1", "scripts/Deploy.ps1"},
		{"other Unicode form", "tools/cafe\u0301.sh", "tools/caf\u00e9.sh"},
	}
	for _, test := range found {
		t.Run(test.name, func(t *testing.T) {
			if e, err := l.Find(test.wanted); err != nil || e.Name != test.want {
				t.Errorf("found %q, %v", e.Name, err)
			}
		})
	}
	missing := []struct {
		name, wanted, code string
		near               []string
	}{
		{"other folder", "scripts/run.sh", "archive.file.near", []string{`"old/run.sh"`, `"tools/run.sh"`}},
		{"a letter wrong", "scripts/Deplyo.ps1", "archive.file.near", []string{`"scripts/Deploy.ps1"`}},
		{"other extension", "scripts/deploy.sh", "archive.file.near", []string{`"scripts/Deploy.ps1"`}},
		{"nothing like it", "zzzzzzzzzzzz", "archive.file.missing", nil},
	}
	for _, test := range missing {
		t.Run(test.name, func(t *testing.T) {
			_, err := l.Find(test.wanted)
			if model.ErrorCode(err) != test.code {
				t.Fatalf("code %q: %v", model.ErrorCode(err), err)
			}
			for _, near := range test.near {
				if !strings.Contains(err.Error(), near) {
					t.Errorf("%v doesn't name %s", err, near)
				}
			}
		})
	}
	if _, err := (Listing{}).Find("x"); model.ErrorCode(err) != "archive.file.none" {
		t.Errorf("empty package: %v", err)
	}
}

func TestReadFile(t *testing.T) {
	for _, format := range allFormats {
		t.Run(string(format), func(t *testing.T) {
			path := writePackage(t, "x.1.0.0."+string(format), build(t, format, listed...))
			ctx := context.Background()
			if data, err := ReadFile(ctx, path, `SCRIPTS\deploy.ps1`, 100, Limits{}); err != nil || string(data) != "Write-Host deploy" {
				t.Errorf("read %q, %v", data, err)
			}
			if data, err := ReadFile(ctx, path, "tools/other.sh", 3, Limits{}); err != nil || string(data) != "oth" {
				t.Errorf("read the beginning %q, %v", data, err)
			}
			if _, err := ReadFile(ctx, path, "tools/missing.sh", 3, Limits{}); err == nil ||
				!strings.HasPrefix(model.ErrorCode(err), "archive.file.") {
				t.Errorf("missing: %v", err)
			}
		})
	}
}

func TestIdentify(t *testing.T) {
	manifest := func(id, version string) []byte {
		return rawZip(unixFile("x.nuspec",
			fmt.Sprintf(`<package xmlns="http://x"><metadata><version> %s </version><id>%s</id></metadata></package>`, version, id)))
	}
	plain := build(t, Zip, listed[:4]...)
	tests := []struct {
		name, file string
		data       []byte
		want       Package
		code       string
	}{
		{"by file name", "Acme.Web.1.2.3.zip", plain, Package{ID: "Acme.Web", Version: "1.2.3", Format: Zip, Files: 4}, ""},
		{"guessed", "deploy.zip", plain, Package{ID: "deploy", IDGuessed: true, VersionGuessed: true, Format: Zip, Files: 4}, ""},
		{"nothing told", "Acme..1.2.3.zip", plain, Package{Format: Zip, Files: 4}, "archive.filename"},
		{"manifest wins", "other-9.9.9.nupkg", manifest("Acme.Web", "1.0.01+ace8cda"),
			Package{ID: "Acme.Web", Version: "1.0.01+ace8cda", Format: NuPkg}, ""},
		{"tar", "Acme.Web.1.2.3-rc.1.tar.gz", build(t, TarGz, listed...),
			Package{ID: "Acme.Web", Version: "1.2.3-rc.1", Format: TarGz, Files: 4}, ""},
		{"no manifest", "x.1.0.0.nupkg", plain, Package{Format: NuPkg, Files: 4}, "archive.nuspec.missing"},
		{"broken manifest", "x.1.0.0.nupkg", rawZip(unixFile("x.nuspec", "<package>")), Package{Format: NuPkg}, "archive.nuspec"},
		{"id leads out", "x.1.0.0.nupkg", manifest("../../x", "1.0.0"), Package{Format: NuPkg}, "archive.nuspec"},
		{"huge manifest", "x.1.0.0.nupkg", rawZip(rawEntry{name: "x.nuspec", content: strings.Repeat("x", 2<<20)}), Package{Format: NuPkg},
			"archive.nuspec"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Identify(context.Background(), writePackage(t, test.file, test.data), Limits{})
			if model.ErrorCode(err) != test.code {
				t.Fatalf("code %q: %v", model.ErrorCode(err), err)
			}
			if len(got.SHA256) != 64 || got.Size != int64(len(test.data)) || got.FileName != test.file {
				t.Errorf("got %+v", got)
			}
			got.SHA256, got.Size, got.FileName = "", 0, ""
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestManifestAtTheRootIsPreferred(t *testing.T) {
	data := rawZip(unixFile("content/inner.nuspec", strings.Replace(someManifest, "Some.Id", "Inner", 1)),
		unixFile("Some.Id.nuspec", someManifest))
	pkg, err := Identify(context.Background(), writePackage(t, "x.nupkg", data), Limits{})
	if err != nil || pkg.ID != "Some.Id" {
		t.Errorf("got %+v, %v", pkg, err)
	}
}

func TestUnknownFormats(t *testing.T) {
	for file, code := range map[string]string{
		"x.1.0.0.7z": "archive.content", "x.1.0.0.exe": "archive.format", "x.1.0.0.tar.xz": "archive.format", "x.1.0.0.rar": "archive.format",
	} {
		data := []byte("some bytes")
		if code == "archive.content" {
			data = []byte("7z\xbc\xaf\x27\x1c")
		}
		_, err := Identify(context.Background(), writePackage(t, file, data), Limits{})
		if model.ErrorCode(err) != code || !strings.Contains(err.Error(), ".nupkg") {
			t.Errorf("%s: %v", file, err)
		}
	}
	if _, err := List(context.Background(), filepath.Join(t.TempDir(), "none.zip"), Limits{}); model.ErrorCode(err) != "archive.missing" {
		t.Errorf("missing: %v", err)
	}
	if _, err := List(context.Background(), t.TempDir(), Limits{}); model.ErrorCode(err) != "archive.kind" {
		t.Errorf("a folder: %v", err)
	}
}

func TestNuspecEncodings(t *testing.T) {
	utf16 := func(text string, bigEndian, mark bool) []byte {
		var out []byte
		if mark {
			text = "\ufeff" + text
		}
		for _, r := range text {
			pair := []byte{byte(r), byte(r >> 8)}
			if bigEndian {
				slices.Reverse(pair)
			}
			out = append(out, pair...)
		}
		return out
	}
	const wide = `<?xml version="1.0" encoding="utf-16"?><package><metadata><id>Päck</id><version>1.0</version></metadata></package>`
	tests := map[string][]byte{
		"UTF-8 with a mark":    []byte("\ufeff" + strings.Replace(wide, "utf-16", "utf-8", 1)),
		"UTF-16 little endian": utf16(wide, false, true),
		"UTF-16 big endian":    utf16(wide, true, true),
		"UTF-16 without mark":  utf16(wide, false, false),
		"Latin-1": []byte(
			"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><package><metadata><id>P\xe4ck</id><version>1.0</version></metadata></package>"),
		"in pieces": []byte(`<package><metadata><id>P<!-- x -->äck</id><version>1<![CDATA[.0]]></version></metadata></package>`),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			if id, version, err := parseNuspec(data); err != nil || id != "Päck" || version != "1.0" {
				t.Errorf("got %q, %q, %v", id, version, err)
			}
		})
	}
}
