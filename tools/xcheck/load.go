package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// query says which packages to load, and for which system.
type query struct {
	os, arch, dir string
	tests         bool
	patterns      []string
}

// listed is the output of `go list` for a package.
type listed struct {
	ImportPath, Dir, Name string
	GoFiles, CgoFiles     []string
	Deps                  []string
	ImportMap             map[string]string
	Standard, DepOnly     bool
	Module                *struct{ GoVersion string }
	Error                 *struct{ Err string }
}

// load lists the packages and all their imports, each after its imports. CGO_ENABLED=1 includes the cgo files; listing
// runs no C compiler.
func (q query) load(ctx context.Context) ([]*listed, error) {
	args := []string{"list", "-deps", "-e", "-json=ImportPath,Dir,Name,GoFiles,CgoFiles,Deps,ImportMap,Standard,DepOnly,Module,Error"}
	if q.tests {
		args = append(args, "-test")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, q.patterns...)...)
	cmd.Dir = q.dir
	cmd.Env = append(os.Environ(), "GOOS="+q.os, "GOARCH="+q.arch, "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	var packages []*listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		switch err := dec.Decode(p); {
		case errors.Is(err, io.EOF):
			if len(packages) == 0 {
				return nil, fmt.Errorf("no package matches %s", strings.Join(q.patterns, " "))
			}
			return packages, nil
		case err != nil:
			return nil, fmt.Errorf("the output of go list is not JSON: %w", err)
		}
		packages = append(packages, p)
	}
}

// withoutCgo returns the requested packages that have no cgo files and import no package outside the standard library
// that does, nor do their tests if those are loaded. The standard library has a pure Go version of everything that it
// does with cgo.
func withoutCgo(packages []*listed) []string {
	holdsC := map[string]bool{}
	for _, p := range packages {
		holdsC[p.ImportPath] = len(p.CgoFiles) > 0 && !p.Standard
	}
	var asked []string
	needsC := map[string]bool{}
	for _, p := range packages {
		if p.DepOnly {
			continue
		}
		path := p.tested()
		if path == p.ImportPath {
			asked = append(asked, path)
		}
		if holdsC[p.ImportPath] || slices.ContainsFunc(p.Deps, func(dep string) bool { return holdsC[dep] }) {
			needsC[path] = true
		}
	}
	return slices.DeleteFunc(asked, func(path string) bool { return needsC[path] })
}

// tested returns the path of the package that p tests, or p's own path. `go list` names the tests of x "x [x.test]"
// (with the files of x), "x_test [x.test]" and "x.test" (the program).
func (p *listed) tested() string {
	_, test, isVariant := strings.Cut(strings.TrimSuffix(p.ImportPath, "]"), " [")
	if !isVariant {
		test = p.ImportPath
	}
	return strings.TrimSuffix(test, ".test")
}
