package script

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// The most that is looked at, read and copied for a script of the files beside it.
const (
	maxBesideSeen  = 100_000
	maxBesideFiles = 200
	maxBesideBytes = 16 << 20
	maxBesideFile  = 1 << 20
)

// besideFile is a file for Bash that it can't read as it is.
type besideFile struct {
	path     string
	text     []byte // as Bash can read it
	modified time.Time
}

// bashBeside writes copies of the files beside the script that Bash can't read as they are, and what makes Bash read these. The files
// themselves stay as they are. It returns the file that the bootstrap reads; empty if there is nothing to do, as usual.
func (c *Command) bashBeside(in Input) (path string, err error) {
	if in.Folder == "" {
		return "", nil
	}
	if text, _, err := ReadText(in.Script); err != nil || !readsFiles().MatchString(text) || definesSource().MatchString(text) {
		return "", err
	}
	files, all := findBeside(in.Folder, in.Script)
	if !all {
		c.Warnings = append(c.Warnings, model.NewError("script.files.many",
			"There are too many Bash scripts with Windows line ends or a byte order mark beside the script, and not all of them work. "+
				"Save them with line feeds."))
	}
	if len(files) == 0 {
		return "", nil
	}
	c.Notes = append(c.Notes, besideNote(in.Folder, files))
	return c.writeBeside(in, files)
}

// besideNote names files that Bash can't read as they are: not everything that reads a file finds its copy.
func besideNote(folder string, files []besideFile) string {
	const most = 10
	var names []string
	for _, file := range files[:min(most, len(files))] {
		name, err := filepath.Rel(folder, file.path)
		if err != nil {
			name = file.path
		}
		names = append(names, model.SafeLine(filepath.ToSlash(name)))
	}
	if len(files) > most {
		names = append(names, "…")
	}
	return fmt.Sprintf("Beside the script there are Bash files with Windows line ends or a byte order mark (%d): %s. "+
		"Bash gets copies of them with line feeds from source, ., bash and sh.", len(files), strings.Join(names, ", "))
}

// readsFiles matches where a script seems to read another one.
var readsFiles = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)(?:^|[^\w./-])(?:source|\.|bash|sh)[ \t]`)
})

// definesSource matches a function of the script's own called source, whose name must not be an alias.
var definesSource = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[\s;&|({])source[ \t]*\([ \t]*\)`)
})

// writeBeside writes the copies and the files that lead Bash to them.
func (c *Command) writeBeside(in Input, files []besideFile) (path string, err error) {
	find, err := c.writeCopies(in.Dir, files)
	if err != nil {
		return "", err
	}
	programs := filepath.Join(in.Dir, "programs")
	if err := os.Mkdir(programs, 0o700); err != nil {
		return "", fmt.Errorf("prepare script: %w", err)
	}
	source, err := c.write(in.Dir, "source.sh", in.Bootstraps.BashSource)
	if err != nil {
		return "", err
	}
	text, err := fill(in.Bootstraps.BashBeside, map[string]string{
		"find": quoteBash(filepath.ToSlash(find)), "source": quoteBash(filepath.ToSlash(source)),
		"programs": quoteBash(onPath(programs, runtime.GOOS)),
	})
	if err != nil {
		return "", err
	}
	if path, err = c.write(in.Dir, "beside.sh", text); err != nil {
		return "", err
	}
	for name, program := range map[string]string{"bash": filepath.ToSlash(in.Tool.Path), "sh": "/bin/sh"} {
		text, err := fill(in.Bootstraps.BashStart, map[string]string{
			"find": quoteBash(filepath.ToSlash(find)), "program": quoteBash(program),
			"environment": quoteBash(escapeBashEnv(filepath.ToSlash(path))),
		})
		if err != nil {
			return "", err
		}
		file, err := c.write(programs, name, text)
		if err != nil {
			return "", err
		}
		if err := os.Chmod(file, 0o700); err != nil { //nolint:gosec // a program
			return "", fmt.Errorf("prepare script: %w", err)
		}
	}
	c.Files = append(c.Files, programs) // after its files
	return path, nil
}

// writeCopies writes the copies, and a file for shells with a function that finds the copy of a file, by whatever path. A copy has the
// time of its file: once the script changes that, its copy no longer counts.
func (c *Command) writeCopies(dir string, files []besideFile) (find string, err error) {
	var b strings.Builder
	b.WriteString("__stepdeck_copy_of() {\n  __stepdeck_copy=''\n  if [ -z \"${1-}\" ]; then return 0\n")
	for i, file := range files {
		path, err := c.write(dir, "beside"+strconv.Itoa(i), removeWhenRead+string(file.text))
		if err != nil {
			return "", err
		}
		if err := os.Chtimes(path, time.Time{}, file.modified); err != nil {
			return "", fmt.Errorf("prepare script: %w", err)
		}
		original := quoteBash(filepath.ToSlash(file.path))
		fmt.Fprintf(&b, "  elif [ \"$1\" -ef %s ]; then set -- %s %s\n", original, original, quoteBash(filepath.ToSlash(path)))
	}
	b.WriteString("  else return 0; fi\n  if [ \"$1\" -nt \"$2\" ] || [ \"$1\" -ot \"$2\" ]; then return 0; fi\n  __stepdeck_copy=$2\n}\n")
	return c.write(dir, "find.sh", b.String())
}

// removeWhenRead begins a copy, in its first line, so that the lines keep their numbers. Bash has read the whole of a sourced file by
// then. A copy that is run instead stays.
const removeWhenRead = `[ -z "${__stepdeck_made-}" ] || { command rm -f -- "$__stepdeck_made" 2>/dev/null || :; unset __stepdeck_made; }; `

// onPath returns a folder as it stands on PATH in Bash.
func onPath(folder, system string) string {
	folder = filepath.ToSlash(folder)
	if system == "windows" && len(folder) > 2 && folder[1] == ':' {
		return "/" + strings.ToLower(folder[:1]) + folder[2:]
	}
	return folder
}

// findBeside finds the files in a folder that Bash can't read as they are, but for the script itself. It says whether those within
// what is looked at are all there.
func findBeside(folder, script string) (files []besideFile, all bool) {
	seen, size := 0, 0
	all = true
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if seen++; seen > maxBesideSeen { // Bash says itself what it can't read of the rest
			return fs.SkipAll
		}
		if err != nil { // what can't be read here can't be sourced either
			return nil //nolint:nilerr // see above
		}
		if !entry.Type().IsRegular() || path == script {
			return nil
		}
		file, found := readBeside(path)
		if !found {
			return nil
		}
		if size += len(file.text); size > maxBesideBytes || len(files) == maxBesideFiles {
			all = false
			return fs.SkipAll
		}
		files = append(files, file)
		return nil
	})
	return files, all
}

// readBeside reads a file if it is one for Bash that Bash can't read as it is.
func readBeside(path string) (f besideFile, found bool) {
	byName, maybe := shellFile(filepath.Base(path))
	if !maybe {
		return f, false
	}
	file, err := os.Open(path)
	if err != nil {
		return f, false
	}
	defer file.Close() //nolint:errcheck // it was only read
	info, err := file.Stat()
	if err != nil || info.Size() > maxBesideFile {
		return f, false
	}
	if !byName {
		start := make([]byte, 128)
		n, _ := io.ReadFull(file, start)
		if !shellLine().Match(start[:n]) {
			return f, false
		}
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return f, false
		}
	}
	data, err := io.ReadAll(io.LimitReader(file, maxBesideFile))
	if err != nil {
		return f, false
	}
	text, changed := unixBytes(data, runtime.GOOS)
	return besideFile{path: path, text: text, modified: info.ModTime()}, changed
}

// shellFile reports whether a file is one for a shell by its name, or may be one by its first line.
func shellFile(name string) (byName, maybe bool) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".sh", ".bash", ".env":
		return true, true
	case "":
		return false, true
	}
	return false, false
}

// shellLine matches the first line of a script for a shell.
var shellLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("^(?:\xef\xbb\xbf)?#![^\n]*\\b(?:ba|da|k)?sh\\b")
})

// unixBytes returns a file as Bash can read it, and whether that is another than it is. Bytes that are not UTF-8 stay: Bash takes them
// as they come. Git's Bash on Windows leaves carriage returns out by itself.
func unixBytes(data []byte, system string) (text []byte, changed bool) {
	text = data
	if bytes.HasPrefix(data, markUTF16LE) || bytes.HasPrefix(data, markUTF16BE) {
		decoded, _ := Decode(data)
		text = []byte(decoded)
	}
	text = bytes.TrimPrefix(text, markUTF8)
	if system != "windows" || len(text) != len(data) {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	}
	return text, len(text) != len(data) && !bytes.ContainsRune(text, 0)
}
