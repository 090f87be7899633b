package projects

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
)

// ImportFiles are the files of an import: project files, and exports of Octopus Deploy.
type ImportFiles struct {
	Projects []string
	Octopus  []OctopusFile
}

// OctopusFile is a file with an export.
type OctopusFile struct {
	Path  string
	Found bool // in a folder, where other files can lie too
}

// FindImportFiles returns the files in args, with each folder replaced by the .stepdeck and .json files in it.
func FindImportFiles(args []string) (ImportFiles, error) {
	var files ImportFiles
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return files, model.NewError("import.file", "There is no file %s. Check its path.", arg).Because(err)
		}
		if !info.IsDir() {
			if err := checkEnding(arg); err != nil {
				return files, err
			}
			files.add(arg, false)
			continue
		}
		entries, err := os.ReadDir(arg)
		if err != nil {
			return files, model.NewError("import.folder", "The folder %s can't be read. Check its rights.", arg).Because(err)
		}
		before := files.count()
		for _, e := range entries {
			if ending := filepath.Ext(e.Name()); e.Type()&fs.ModeDir == 0 && (strings.EqualFold(ending, ".stepdeck") || isJSON(e.Name())) {
				files.add(filepath.Join(arg, e.Name()), true)
			}
		}
		if files.count() == before {
			return files, model.NewError("import.folder.empty", "The folder %s contains no .stepdeck file, and no .json file of Octopus. "+
				"Folders inside it are not searched.", arg)
		}
	}
	return files, nil
}

// checkEnding returns an error for a kind of file that Octopus has too and that is no import.
func checkEnding(path string) error {
	switch ending := strings.ToLower(filepath.Ext(path)); ending {
	case ".zip", ".nupkg", ".tar", ".gz", ".tgz", ".bz2":
		return model.NewError("import.archive", "%s is an archive. Unpack it and import its JSON files; what Octopus writes with Export "+
			"projects is encrypted, so export the process as JSON instead. A package of scripts belongs in the library.", path)
	case ".ocl":
		return model.NewError("import.ocl", "%s is a process in OCL, of a project that is kept in Git. Stepdeck reads JSON: "+
			"the answer of /api/SPACE/projects/PROJECT/BRANCH/deploymentprocesses, saved as a file.", path)
	}
	return nil
}

func (f *ImportFiles) count() int { return len(f.Projects) + len(f.Octopus) }

func (f *ImportFiles) add(path string, found bool) {
	if isJSON(path) && !isProjectInJSON(path) {
		f.Octopus = append(f.Octopus, OctopusFile{path, found})
		return
	}
	f.Projects = append(f.Projects, path)
}

func isJSON(path string) bool { return strings.EqualFold(filepath.Ext(path), ".json") }

var versionKey = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(^|[^\\])"stepdeck"\s*:`) })

// isProjectInJSON reports whether a file is a project file that is written in JSON, which YAML includes.
func isProjectInJSON(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // it was only read
	head, err := io.ReadAll(io.LimitReader(f, 4096))
	return err == nil && versionKey().Match(head)
}
