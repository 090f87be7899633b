package projects

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// A project file names folders of scripts relative to itself, and none outside of its own folder. In the store their paths
// are absolute.

// findFolders sets the absolute paths of the steps' folders.
func (imp *Import) findFolders(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("find the folder %s: %w", dir, err)
	}
	for i := range imp.File.Project.Steps {
		step := &imp.File.Project.Steps[i]
		written := step.Script.Folder
		if written == "" {
			continue
		}
		local := filepath.FromSlash(strings.ReplaceAll(written, `\`, "/"))
		// The name of the file's own folder must not be taken for an expression.
		step.Script.Folder = filepath.Join(strings.ReplaceAll(dir, "#{", "##{"), local)
		if step.Script.Source != model.SourceFolder || model.HasExpression(written) {
			continue
		}
		path := filepath.Join(dir, local)
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			imp.Notes = append(imp.Notes, fmt.Sprintf("step %q: the folder %s doesn't exist yet", step.Name, path))
			continue
		case err != nil || !info.IsDir():
			imp.Notes = append(imp.Notes, fmt.Sprintf("step %q: %s is not a readable folder", step.Name, path))
			continue
		}
		if inside, err := isBelow(dir, path); err != nil || !inside {
			e := model.NewError("import.outside", "%s: %s leads out of the project file's folder through a link. Put the folder itself there.",
				imp.File.At(fmt.Sprintf("steps[%d].script.folder", i)), written)
			if err != nil {
				return e.Because(err)
			}
			return e
		}
	}
	return nil
}

// keepFolder keeps a step's folder if the file names none, because an export can't name a folder outside its own.
func (imp *Import) keepFolder(i int, before model.Step) {
	step := &imp.File.Project.Steps[i]
	if step.Script.Source != model.SourceFolder || step.Script.Folder != "" || before.Script.Folder == "" {
		return
	}
	step.Script.Folder = before.Script.Folder
	field := fmt.Sprintf("steps[%d].script.folder", i)
	imp.Notes = slices.DeleteFunc(imp.Notes, func(note string) bool { return strings.HasPrefix(note, field+":") })
}

// isBelow reports whether path is in dir after all links are resolved.
func isBelow(dir, path string) (bool, error) {
	realDir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return false, err
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false, err
	}
	rel, err := filepath.Rel(realDir, target)
	return err == nil && filepath.IsLocal(rel), nil
}
