package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

// inside lists parts of modules with their own licence that belong to no Go package: C sources and fonts. It is an
// error if one of these files is missing.
var inside = []struct{ module, name, path string }{
	{"github.com/go-gl/glfw/v3.3/glfw", "GLFW", "glfw/LICENSE.md"},
	{"fyne.io/fyne/v2", "Noto Sans", "theme/font/LICENSE.txt"},
	{"fyne.io/fyne/v2", "Inter", "theme/font/LICENSE_Inter.txt"},
	{"fyne.io/fyne/v2", "DejaVu Sans Mono", "theme/font/LICENSE_DejaVu-Powerline.txt"},
	{"fyne.io/fyne/v2", "EmojiOne Color", "theme/font/LICENSE_EmojiOneColor.txt"},
}

// collect lists the modules in programs, Go itself, and the parts inside the modules.
func collect(programs []string) ([]piece, error) {
	modules := map[string]*debug.Module{}
	folders := map[string]bool{} // of linked packages
	var goVersion string
	for _, program := range programs {
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			return nil, fmt.Errorf("read the build information of %s: %w", program, err)
		}
		goVersion = info.GoVersion
		for _, m := range info.Deps {
			modules[m.Path] = m
		}
		linked, err := packageFolders(info)
		if err != nil {
			return nil, err
		}
		for _, folder := range linked {
			folders[folder] = true
		}
	}
	var pieces []piece
	root, err := goEnv("GOROOT")
	if err != nil {
		return nil, err
	}
	standard := piece{name: "Go", version: strings.TrimPrefix(goVersion, "go")}
	if standard.files, err = licenceFiles(root); err != nil {
		return nil, err
	}
	pieces = append(pieces, standard)
	for _, path := range sortedKeys(modules) {
		of, err := piecesOf(modules[path], folders)
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, of...)
	}
	return pieces, setLicences(pieces)
}

// setLicences determines the licence of each piece; its error lists all that are unknown.
func setLicences(pieces []piece) error {
	var problems []error
	for i := range pieces {
		p := &pieces[i]
		var ids []string
		for _, file := range p.files {
			if !grants.MatchString(filepath.Base(file)) {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			found, err := identify(string(text))
			if err != nil {
				problems = append(problems, fmt.Errorf("the licence of %s %s is not recognised: %w (%s)", p.name, p.version, err, file))
			}
			ids = append(ids, found...)
		}
		if len(ids) == 0 && len(p.files) == 0 {
			problems = append(problems, fmt.Errorf("%s %s has no licence", p.name, p.version))
		}
		slices.Sort(ids)
		p.licence = strings.Join(slices.Compact(ids), " AND ")
	}
	return errors.Join(problems...)
}

// piecesOf gives a module, with the licences that lie above and beside those of its packages that are linked, and what
// is inside it.
func piecesOf(m *debug.Module, folders map[string]bool) ([]piece, error) {
	actual := m
	if m.Replace != nil {
		actual = m.Replace
	}
	root, err := moduleFolder(actual)
	if err != nil {
		return nil, err
	}
	p := piece{name: m.Path, version: actual.Version, sum: actual.Sum, module: true}
	looked := map[string]bool{}
	for _, folder := range sortedKeys(folders) {
		rel, err := filepath.Rel(root, folder)
		if err != nil || strings.HasPrefix(rel, "..") {
			continue
		}
		for at := folder; !looked[at]; at = filepath.Dir(at) {
			looked[at] = true
			files, err := licenceFiles(at)
			if err != nil {
				return nil, err
			}
			p.files = append(p.files, files...)
			if at == root {
				break
			}
		}
	}
	slices.Sort(p.files)
	list := []piece{p}
	for _, i := range inside {
		if i.module != m.Path {
			continue
		}
		file := filepath.Join(root, filepath.FromSlash(i.path))
		if _, err := os.Stat(file); err != nil {
			return nil, fmt.Errorf("the licence of %s in %s: %w", i.name, m.Path, err)
		}
		list = append(list, piece{name: i.name, version: "as in " + m.Path + " " + actual.Version, files: []string{file}})
	}
	return list, nil
}

// packageFolders returns the folders of a program's packages, with the settings that it was built with.
func packageFolders(info *debug.BuildInfo) ([]string, error) {
	args := []string{"list", "-deps", "-f", "{{if not .Standard}}{{.Dir}}{{end}}"}
	environ := os.Environ()
	for _, s := range info.Settings {
		switch s.Key {
		case "-tags":
			args = append(args, "-tags", s.Value)
		case "GOOS", "GOARCH", "CGO_ENABLED":
			environ = append(environ, s.Key+"="+s.Value)
		}
	}
	out, err := run(environ, append(args, info.Path)...)
	if err != nil {
		return nil, err
	}
	return strings.Fields(out), nil
}

func moduleFolder(m *debug.Module) (string, error) {
	out, err := run(nil, "mod", "download", "-json", m.Path+"@"+m.Version)
	if err != nil {
		return "", err
	}
	var answer struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		return "", fmt.Errorf("find %s: %w", m.Path, err)
	}
	return answer.Dir, nil
}

func licenceFiles(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && licenceFile.MatchString(e.Name()) && filepath.Ext(e.Name()) != ".go" {
			files = append(files, filepath.Join(folder, e.Name()))
		}
	}
	return files, nil
}

func goEnv(name string) (string, error) {
	out, err := run(nil, "env", name)
	return strings.TrimSpace(out), err
}

func run(environ []string, args ...string) (string, error) {
	cmd := exec.Command("go", args...) //nolint:noctx // ends with this program
	cmd.Env = environ
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, io.MultiWriter(&errs)
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return out.String(), nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
