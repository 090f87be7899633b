package projects

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// location is where a script file is: in a package of the library or in a folder. The zero value is neither.
type location struct {
	pkg    model.Package
	folder string // full path
}

func (l location) same(other location) bool {
	return l.pkg.SHA256 == other.pkg.SHA256 && l.folder == other.folder
}

// field returns the path of the form's field for the location.
func (l location) field() string {
	if l.folder != "" {
		return "script.folder"
	}
	return "script.package"
}

// typingPause is the time before a folder is listed, so that the start of a longer path is not.
const typingPause = 300 * time.Millisecond

// scriptFile chooses a script file inside a package or folder, and shows it.
type scriptFile struct {
	scriptDeps
	name    *control.Combo
	preview *packages.Preview
	content fyne.CanvasObject

	listTask  async.Task
	listed    location
	listing   library.Listing
	err       error  // of listing
	justAdded bool   // the location was dropped or chosen, and not listed yet
	shown     string // the file in the preview
}

func newScriptFile(deps scriptDeps) *scriptFile {
	s := &scriptFile{scriptDeps: deps, preview: packages.NewPreview(deps.packages.Library, deps.fonts)}
	s.name = control.NewCombo(s.form.Keys, s.items)
	s.name.SetPlaceHolder("tools/rotate.ps1")
	s.content = container.NewVBox(
		s.passWheel(s.form.Add("script.file", lang.L("Script file"), "", s.name).Row()),
		container.New(form.Beside{},
			container.New(display.MinHeight(180), form.GuideWheel(s.preview.Content(), s.preview, s.scroll))),
	)
	return s
}

// items lists the files of the location, scripts first.
func (s *scriptFile) items() []control.Item {
	var scripts, others []control.Item
	for _, e := range s.listing.Entries {
		item := control.Item{Value: e.Name, Title: e.Name, Detail: model.FormatBytes(e.Size)}
		if model.LanguageOf(e.Name) != "" {
			item.Group = lang.L("scripts")
			scripts = append(scripts, item)
		} else {
			item.Group = lang.L("other files")
			others = append(others, item)
		}
	}
	return append(scripts, others...)
}

// show lists the location and shows the chosen file.
func (s *scriptFile) show(l location) {
	if l == (location{}) {
		s.listTask.Cancel()
		s.listed, s.listing, s.shown = l, library.Listing{}, ""
		s.preview.Clear()
		return
	}
	if s.listed.same(l) {
		s.showFile()
		return
	}
	s.listed, s.listing, s.shown, s.err = l, library.Listing{}, "", nil
	s.preview.Clear()
	async.Load(&s.listTask, func(ctx context.Context) (library.Listing, error) {
		if l.folder == "" {
			return s.packages.Library.List(ctx, l.pkg)
		}
		select {
		case <-ctx.Done():
			return library.Listing{}, ctx.Err()
		case <-time.After(typingPause):
			return s.packages.Library.ListFolder(ctx, l.folder)
		}
	}, func(listing library.Listing, err error) {
		s.listing, s.err = listing, err
		s.chooseOnly()
		s.showFile()
	})
}

// chooseOnly chooses the only script of a location that was just added, if the user has not chosen a file.
func (s *scriptFile) chooseOnly() {
	if !s.justAdded || s.name.Text != "" {
		return
	}
	s.justAdded = false
	only := ""
	for _, e := range s.listing.Entries {
		if model.LanguageOf(e.Name) == "" {
			continue
		}
		if only != "" {
			return
		}
		only = e.Name
	}
	if only != "" {
		s.name.SetText(only)
		s.form.Changed()
	}
}

// showFile shows the chosen file, or an error at its field.
func (s *scriptFile) showFile() {
	if s.err != nil {
		s.form.Field(s.listed.field()).SetNote(s.err.Error(), true)
		return
	}
	name := strings.TrimSpace(s.name.Text)
	if s.listTask.Busy() || name == "" || model.HasExpression(name) {
		return
	}
	e, err := s.listing.Find(name)
	if err != nil {
		s.form.Field("script.file").SetNote(err.Error(), true)
	}
	if name == s.shown {
		return
	}
	s.shown = name
	switch {
	case err != nil:
		s.preview.Clear()
	case s.listed.folder == "":
		s.preview.Show(s.listed.pkg, e)
	default:
		s.preview.ShowInFolder(s.listed.folder, e)
	}
}

func (s *scriptFile) close() {
	s.listTask.Cancel()
	s.preview.Clear()
}
