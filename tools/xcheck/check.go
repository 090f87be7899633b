package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
)

// result is the result of a check.
type result struct {
	packages, cgo int
	problems      []string
}

// check type-checks the packages in their order. Only the bodies of the requested packages are checked: from a
// dependency only its declarations are needed, and problems in it count only if they are hard errors outside the
// standard library.
func check(packages []*listed, arch string) result {
	var r result
	fset := token.NewFileSet()
	done := importer{packages: map[string]*types.Package{}}
	for _, p := range packages {
		if p.ImportPath == "unsafe" {
			continue
		}
		r.packages++
		if len(p.CgoFiles) > 0 {
			r.cgo++
		}
		report := func(problem string) {
			if !p.DepOnly || !p.Standard {
				r.problems = append(r.problems, problem)
			}
		}
		if p.Error != nil {
			report(p.ImportPath + ": " + p.Error.Err)
		}
		files := parse(fset, p, report)
		done.importMap = p.ImportMap
		config := types.Config{
			Importer:         done,
			FakeImportC:      true,
			Sizes:            types.SizesFor("gc", arch),
			IgnoreFuncBodies: p.DepOnly,
			Error: func(err error) {
				var found types.Error
				if soft := errors.As(err, &found) && found.Soft; soft && p.DepOnly {
					return
				}
				report(err.Error())
			},
		}
		if p.Module != nil && p.Module.GoVersion != "" {
			config.GoVersion = "go" + p.Module.GoVersion
		}
		// A test variant is listed as "path [path.test]"; its types know the plain path.
		path, _, _ := strings.Cut(p.ImportPath, " ")
		done.packages[p.ImportPath], _ = config.Check(path, fset, files, nil) // config.Error gets every error
	}
	return r
}

func parse(fset *token.FileSet, p *listed, report func(string)) []*ast.File {
	var files []*ast.File
	for _, names := range [][]string{p.GoFiles, p.CgoFiles} {
		for _, name := range names {
			if !filepath.IsAbs(name) { // the generated main of a test has an absolute name
				name = filepath.Join(p.Dir, name)
			}
			file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				report(err.Error())
			}
			if file != nil {
				files = append(files, file)
			}
		}
	}
	return files
}

// importer finds imports among the packages that are already checked.
type importer struct {
	packages  map[string]*types.Package
	importMap map[string]string
}

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if listed, ok := i.importMap[path]; ok {
		path = listed
	}
	if p := i.packages[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("package %s doesn't exist on this system", path)
}
