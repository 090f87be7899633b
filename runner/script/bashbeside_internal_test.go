package script

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestUnixBytes(t *testing.T) {
	for _, c := range []struct {
		name, data, want, windows string // as it is read on Windows, where that differs
	}{
		{name: "empty"},
		{name: "line feeds", data: "a\nb\n", want: "a\nb\n"},
		{name: "Windows line ends", data: "a\r\nb\r\n", want: "a\nb\n", windows: "a\r\nb\r\n"},
		{name: "both line ends", data: "a\r\nb\n", want: "a\nb\n", windows: "a\r\nb\n"},
		{name: "a return of its own", data: "printf 'a\rb'\n", want: "printf 'a\rb'\n"},
		{name: "mark", data: "\xef\xbb\xbfa\n", want: "a\n"},
		{name: "mark and Windows line ends", data: "\xef\xbb\xbfa\r\n", want: "a\n"},
		{name: "windows-1252", data: "na\xefve\r\n", want: "na\xefve\n", windows: "na\xefve\r\n"},
		{name: "utf-16", data: "\xff\xfea\x00\xef\x00\r\x00\n\x00", want: "aï\n"},
		{name: "no text", data: "a\x00b\r\n", want: "a\x00b\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for system, want := range map[string]string{"linux": c.want, "windows": cmp.Or(c.windows, c.want)} {
				text, changed := unixBytes([]byte(c.data), system)
				if changed != (want != c.data) || changed && string(text) != want {
					t.Errorf("%s: %q, %t; want %q", system, text, changed, want)
				}
			}
		})
	}
}

func TestFindBeside(t *testing.T) {
	const mark = "\ufeff"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
		some  bool // not all
	}{
		{name: "names", files: map[string]string{
			"script.sh": mark, "lib.sh": mark, "in/a.BASH": mark, "in/.env": mark, "prod.env": mark, "notes.txt": mark, "README": mark,
			"lib.sh.txt": mark, "plain.sh": "echo\n", "in/x.ps1": mark,
		}, want: "in/.env in/a.BASH lib.sh prod.env"},
		{name: "first lines", files: map[string]string{
			"a": mark + "#!/bin/sh\n", "b": mark + "#!/usr/bin/env bash\n", "c": mark + "#! /bin/dash -e\n", "d": mark + "#!/usr/bin/python3\n",
			"e": mark + "#!/opt/fish\n", "f": mark + "\n#!/bin/sh\n", "g": "#!/bin/sh\n",
		}, want: "a b c"},
		{name: "large", files: map[string]string{"a.sh": mark + strings.Repeat("x", maxBesideFile), "b.sh": mark}, want: "b.sh"},
		{name: "many", files: many(maxBesideFiles+1, mark), want: namesOf(many(maxBesideFiles, mark)), some: true},
		{name: "as many as may be", files: many(maxBesideFiles, mark), want: namesOf(many(maxBesideFiles, mark))},
		{name: "much", files: many(20, mark+strings.Repeat("x", maxBesideFile-3)), want: namesOf(many(16, mark)), some: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			for name, text := range c.files {
				file := filepath.Join(folder, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			files, all := findBeside(folder, filepath.Join(folder, "script.sh"))
			found := map[string]string{}
			for _, file := range files {
				name, err := filepath.Rel(folder, file.path)
				if err != nil {
					t.Fatal(err)
				}
				found[filepath.ToSlash(name)] = ""
			}
			if all == c.some || namesOf(found) != c.want {
				t.Errorf("found %s, all: %t; want %s", namesOf(found), all, c.want)
			}
		})
	}
}

func TestBesideNote(t *testing.T) {
	folder := t.TempDir()
	var files []besideFile
	for i := range 12 {
		files = append(files, besideFile{path: filepath.Join(folder, "lib", fmt.Sprintf("%d\n.sh", i))})
	}
	if note := besideNote(folder, files[:1]); !strings.Contains(note, "(1): lib/0") || strings.ContainsAny(note, "\n…") {
		t.Errorf("%q", note)
	}
	if note := besideNote(folder, files); !strings.Contains(note, "(12): ") || !strings.Contains(note, "lib/9") ||
		!strings.Contains(note, ", …. ") || strings.Contains(note, "lib/10") {
		t.Errorf("%q", note)
	}
}

func many(n int, text string) map[string]string {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("%04d.sh", i)] = text
	}
	return files
}

func namesOf(files map[string]string) string {
	return strings.Join(slices.Sorted(maps.Keys(files)), " ")
}

// Only a script that may read another one costs a look at the files beside it.
func TestReadsFiles(t *testing.T) {
	for text, want := range map[string]bool{
		"source lib.sh": true, ". lib.sh": true, "[ -f x ] && . x": true, "x=$(bash x)": true, "\tsh -x y": true, "xargs -n1 bash -e": true,
		"R=1 . ./x": true, "if ! source x; then": true, "f() {\n. x\n}": true, "": false, "aws s3 ls": false, "echo ./x.sh a": false,
		"resource x": false, "data-source x": false, "a=b.sh c": false,
	} {
		if got := readsFiles().MatchString(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	for text, want := range map[string]bool{"source() {": true, "a; source ( )": true, "resource() {": false, "source (x": false} {
		if got := definesSource().MatchString(text); got != want {
			t.Errorf("function in %q: %t", text, got)
		}
	}
}

func TestOnPath(t *testing.T) {
	if got := onPath("/home/a/p", "linux"); got != "/home/a/p" {
		t.Error(got)
	}
	if got := onPath("C:/Users/a/p", "windows"); got != "/c/Users/a/p" {
		t.Error(got)
	}
}
