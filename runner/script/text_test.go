package script_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

func TestReadTextWriteText(t *testing.T) {
	for _, c := range []struct {
		name, bytes, text string
		encoding          script.Encoding
	}{
		{"empty", "", "", script.UTF8},
		{"ascii", "a\r\nb\n", "a\r\nb\n", script.UTF8},
		{"utf-8", "é🚀", "é🚀", script.UTF8},
		{"utf-8 with bom", "\xef\xbb\xbfé", "é", script.UTF8BOM},
		{"utf-16 le", "\xff\xfea\x00\x3d\xd8\x80\xde", "a🚀", script.UTF16LE},
		{"utf-16 be", "\xfe\xff\x00a\xd8\x3d\xde\x80", "a🚀", script.UTF16BE},
		{"windows-1252", "caf\xe9 \x96 \x80", "café – €", script.Windows1252},
		{"windows-1252, without meaning", "\x81\x8d\x8f\x90\x9d\xff", "\u0081\u008d\u008f\u0090\u009dÿ", script.Windows1252},
		{"bom, then no utf-8", "\xef\xbb\xbf\xe9", "ï»¿é", script.Windows1252},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "f")
			if err := os.WriteFile(path, []byte(c.bytes), 0o640); err != nil {
				t.Fatal(err)
			}
			text, encoding, err := script.ReadText(path)
			if err != nil || text != c.text || encoding != c.encoding {
				t.Fatalf("read %q as %v, %v; want %q as %v", text, encoding, err, c.text, c.encoding)
			}
			if err := os.Chmod(path, 0o440); err != nil {
				t.Fatal(err)
			}
			if err := script.WriteText(path, text, encoding); err != nil {
				t.Fatal(err)
			}
			if back, err := os.ReadFile(path); err != nil || string(back) != c.bytes {
				t.Errorf("written back as %q, %v; want %q", back, err, c.bytes)
			}
			if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o440 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
	t.Run("no longer fits", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := script.WriteText(path, "é🚀", script.Windows1252); err != nil {
			t.Fatal(err)
		}
		if text, encoding, err := script.ReadText(path); err != nil || text != "é🚀" || encoding != script.UTF8 {
			t.Errorf("read %q as %v, %v", text, encoding, err)
		}
	})
}

func TestWriteInline(t *testing.T) {
	lines := "\n"
	if runtime.GOOS == "windows" {
		lines = "\r\n"
	}
	for _, c := range []struct {
		name, body, file, want string
		language               model.Language
	}{
		{"bash", "a\r\nb", "script.sh", "a\nb\n", model.Bash},
		{"bash with bom", "\ufeffa\n", "script.sh", "a\n", model.Bash},
		{"bash, a return of its own", "printf 'a\rb'\n", "script.sh", "printf 'a\rb'\n", model.Bash},
		{"powershell", "é\n", "script.ps1", "\ufeffé" + lines, model.PowerShell},
		{"powershell from windows", "\ufeffa\r\nb\r\n", "script.ps1", "\ufeffa" + lines + "b" + lines, model.PowerShell},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path, err := script.WriteInline(dir, c.language, c.body)
			if err != nil || path != filepath.Join(dir, c.file) {
				t.Fatalf("wrote %q, %v", path, err)
			}
			if data, err := os.ReadFile(path); err != nil || string(data) != c.want {
				t.Errorf("got %q, %v; want %q", data, err, c.want)
			}
			if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			if _, err := script.WriteInline(dir, c.language, c.body); err == nil {
				t.Error("an existing file was overwritten")
			}
		})
	}
	if _, err := script.WriteInline(t.TempDir(), model.Bash, "a\x00b"); model.ErrorCode(err) != "script.body.nul" {
		t.Errorf("NUL: %v", err)
	}
	if _, err := script.WriteInline(t.TempDir(), "perl", "a"); model.ErrorCode(err) != "script.language.later" {
		t.Errorf("Perl: %v", err)
	}
}

func TestScriptsFromPackages(t *testing.T) {
	for _, c := range []struct {
		name, bytes, want, warning string
		l                          language
	}{
		{name: "crlf", l: bash, bytes: "if true; then\r\n  echo 'naïve'\r\nfi\r\n", want: "naïve\n"},
		{name: "bom", l: bash, bytes: "\xef\xbb\xbf#!/bin/bash\necho naïve\n", want: "naïve\n"},
		{name: "bom and crlf", l: bash, bytes: "\xef\xbb\xbf#!/bin/bash\r\necho naïve\r\n", want: "naïve\n"},
		{name: "no last line end", l: bash, bytes: "echo naïve", want: "naïve\n"},
		{name: "utf-16", l: bash, bytes: "\xff\xfee\x00c\x00h\x00o\x00 \x00\xef\x00\r\x00\n\x00", want: "ï\n", warning: "script.file.utf16"},
		{name: "windows-1252", l: bash, bytes: "echo 'na\xefve \x80'\r\n", want: "naïve €\n", warning: "script.file.windows1252"},
		{name: "crlf", l: powerShell, bytes: "param($A)\r\n'naïve'\r\n", want: "naïve\n"},
		{name: "bom", l: powerShell, bytes: "\xef\xbb\xbfparam($A)\r\n'naïve'\r\n", want: "naïve\n"},
		{name: "windows-1252", l: powerShell, bytes: "'na\xefve \x80'\r\n", want: "naïve €\n", warning: "script.file.windows1252"},
		{name: "utf-16", l: powerShell, bytes: "\xff\xfe'\x00\xef\x00'\x00", want: "ï\n"},
	} {
		t.Run(string(c.l.name)+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), c.l.file)
			if err := os.WriteFile(file, []byte(c.bytes), 0o400); err != nil {
				t.Fatal(err)
			}
			got := run(t, c.l, step{file: file})
			got.want(t, 0, c.want)
			warning := ""
			for _, w := range got.command.Warnings {
				warning += w.Code
			}
			if warning != c.warning {
				t.Errorf("warned %q, want %q", warning, c.warning)
			}
		})
	}
	t.Run("windows powershell gets a bom", func(t *testing.T) {
		for text, want := range map[string]string{"'é'": "\ufeff'é'", "'e'": "'e'", "\ufeff'é'": "\ufeff'é'", "'\xe9'": "\ufeff'é'"} {
			file := filepath.Join(t.TempDir(), "script.ps1")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := script.Prepare(t.Context(), script.Input{
				Language: model.PowerShell, Tool: script.Tool{Kind: script.WindowsPowerShell, Path: "powershell.exe"}, Script: file, Dir: t.TempDir(),
				Bootstraps: bootstraps(t),
			})
			if err != nil {
				t.Fatal(err)
			}
			if data, err := os.ReadFile(file); err != nil || string(data) != want {
				t.Errorf("%q became %q, %v", text, data, err)
			}
		}
	})
}

func TestPrepareRejects(t *testing.T) {
	dir := t.TempDir()
	file, err := script.WriteInline(dir, model.Bash, "true")
	if err != nil {
		t.Fatal(err)
	}
	good := script.Input{Language: model.Bash, Tool: script.Tool{Kind: script.Bash, Path: "bash"}, Script: file, Bootstraps: bootstraps(t)}
	for _, c := range []struct {
		name, code string
		change     func(*script.Input)
	}{
		{"another language", "script.language.later", func(in *script.Input) { in.Language = "perl" }},
		{"no such file", "script.missing", func(in *script.Input) { in.Script = filepath.Join(dir, "nope.sh") }},
		{"a folder", "script.missing", func(in *script.Input) { in.Script = dir }},
		{"a relative path", "", func(in *script.Input) { in.Script = "script.sh" }},
		{"NUL in a value", "script.value.nul", func(in *script.Input) { in.Variables = []model.InputValue{{Name: "A", Value: "s3cret\x00"}} }},
		{"NUL in the parameters", "script.parameters.nul", func(in *script.Input) { in.Parameters = "a\x00" }},
		{"no UTF-8 for PowerShell", "script.value.encoding", func(in *script.Input) {
			in.Language, in.Variables = model.PowerShell, []model.InputValue{{Name: "A", Value: "s3cret\xff"}}
		}},
		{"a bootstrap of another version", "", func(in *script.Input) { in.Bootstraps.Bash = "" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := good
			in.Dir = t.TempDir()
			c.change(&in)
			_, err := script.Prepare(t.Context(), in)
			if err == nil || model.ErrorCode(err) != c.code || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("got %v, want %s", err, c.code)
			}
			if left, err := os.ReadDir(in.Dir); err != nil || len(left) != 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// macOS has Bash 3.2 and Windows has PowerShell 5.1; neither is available here.
func TestBootstrapsUseNothingNewer(t *testing.T) {
	texts := bootstraps(t)
	for what, newer := range map[string]string{
		"Bash 3.2": `declare -[Ang]|local -[n-]|typeset -[An]|mapfile|readarray|coproc|\|&|&>>|;&|;;&|\[\[ -v|\$\{[A-Za-z_0-9]+(\^|,` +
			`|@)|%\(|EPOCH|BASH_ARGV0|wait -n|read -N|globstar|lastpipe|inherit_errexit|\$\{![A-Za-z_]+[@*]|printf -v ` +
			`[A-Za-z_]+\[|\{[0-9]+\.\.[0-9]+\.\.|\$'\\u`,
		"PowerShell 5.1": `\?\?|\?\.|\?\[| \? .* : |&&` +
			`|\|\||-Parallel|\$Is(Windows|Linux|MacOS|CoreCLR)|-AsHashtable|-NoEnumerate|\bclean\s*\{|-isnot ` +
			`\[semver|Join-String|Get-Error\b|Test-Json|-Encoding utf8(NoBOM|BOM)`,
	} {
		text := texts.Bash + texts.BashBeside + texts.BashSource
		if strings.HasPrefix(what, "PowerShell") {
			text = texts.PowerShell
		}
		finds := regexp.MustCompile(newer)
		for n, line := range strings.Split(text, "\n") {
			code, _, _ := strings.Cut(line, " # ")
			if strings.HasPrefix(strings.TrimSpace(code), "#") {
				continue
			}
			if found := finds.FindString(code); found != "" {
				t.Errorf("line %d is newer than %s: %q in %q", n+1, what, found, line)
			}
		}
		if !finds.MatchString(map[string]string{"Bash 3.2": "declare -A x", "PowerShell 5.1": "$a ?? $b"}[what]) {
			t.Errorf("the search for what is newer than %s finds nothing", what)
		}
	}
	for name, text := range map[string]string{"bootstrap.sh": texts.Bash, "bootstrap.ps1": texts.PowerShell, "beside.sh": texts.BashBeside,
		"source.sh": texts.BashSource, "start.sh": texts.BashStart} {
		if strings.Contains(text, "\r") || bytes.ContainsFunc([]byte(text), func(r rune) bool { return r > 126 }) {
			t.Errorf("%s is not plain ASCII with line feeds", name)
		}
	}
}
