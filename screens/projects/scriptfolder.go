package projects

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// folderSource chooses a folder on this computer.
type folderSource struct {
	scriptDeps
	path    *control.Entry
	content *fyne.Container
}

// newFolderSource returns the field. choose asks for a folder.
func newFolderSource(deps scriptDeps, choose func()) *folderSource {
	k := deps.form.Keys
	s := &folderSource{scriptDeps: deps, path: control.NewEntry(k)}
	s.path.SetPlaceHolder(lang.L("full path of a folder"))
	row := s.form.Add("script.folder", lang.L("Folder"), lang.L("Each run copies it and runs the copy."), s.path).Row()
	s.content = s.passWheel(container.NewVBox(container.New(buttonBeside{}, row, control.NewButton(k, lang.L("Choose…"), choose))))
	return s
}

func (s *folderSource) fill(m model.Script) { s.path.SetText(m.Folder) }

func (s *folderSource) read(m *model.Script) { m.Folder = strings.TrimSpace(s.path.Text) }

// set enters the path of a folder. Its characters are literal, even if they look like an expression.
func (s *folderSource) set(path string) {
	s.path.SetText(strings.ReplaceAll(filepath.Clean(path), "#{", "##{"))
}

// location returns the folder in the chosen environment, with a note at the field if its path is not absolute. It is empty if the
// path is not known.
func (s *folderSource) location() location {
	path := strings.TrimSpace(s.path.Text)
	if strings.Contains(path, "#{") {
		res, err := s.scope().Expand(path)
		if err != nil || res.Sensitive || len(res.Undefined)+len(res.Unparsed)+len(res.Unapplied) > 0 {
			return location{}
		}
		path = strings.TrimSpace(res.Text)
	}
	if path != "" && !filepath.IsAbs(path) {
		s.form.Field("script.folder").SetNote(lang.L("This is not a full path. Choose the folder."), true)
		return location{}
	}
	return location{folder: path}
}
