package projects

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// holder is what a script file lies in: a package of the library, or a plain folder. The zero value is neither.
type holder struct {
	pkg    model.Package
	folder string // full path
}

func (h holder) same(as holder) bool { return h.pkg.SHA256 == as.pkg.SHA256 && h.folder == as.folder }

// field is where the form says what is wrong with it.
func (h holder) field() string {
	if h.folder != "" {
		return "script.folder"
	}
	return "script.package"
}

// typingPause is waited for before a folder is looked into: half a path may be that of a very large one.
const typingPause = 300 * time.Millisecond

// meant is the package or folder that the fields mean, as far as that is known now.
func (s *scriptSection) meant(source model.Source) holder {
	if source == model.SourceFolder {
		return holder{folder: s.chosenFolder()}
	}
	p, ok := s.chosen()
	if !ok {
		if s.pkg.Text != "" && !model.HasExpression(s.pkg.Text) && !model.HasExpression(s.version.Text) {
			s.f.form.Field("script.package").SetNote(lang.L("Not in the library of this computer. Import it."), true)
		}
		return holder{}
	}
	if v := strings.TrimSpace(s.version.Text); v == "" || model.NameKey(v) == model.LatestVersion || model.NameKey(v) == model.LatestPrereleaseVersion {
		s.f.form.Field("script.version").SetNote("= "+p.Version, false)
	}
	return holder{pkg: p}
}

// chosenFolder is the folder's full path in the environment that is looked at.
func (s *scriptSection) chosenFolder() string {
	path := strings.TrimSpace(s.folder.Text)
	if strings.Contains(path, "#{") {
		res, err := s.f.scope().Expand(path)
		if err != nil || res.Sensitive || len(res.Undefined)+len(res.Unparsed) > 0 {
			return ""
		}
		path = strings.TrimSpace(res.Text)
	}
	if path != "" && !filepath.IsAbs(path) {
		s.f.form.Field("script.folder").SetNote(lang.L("This is not a full path. Choose the folder."), true)
		return ""
	}
	return path
}

// lookAt shows the file inside of what the fields mean.
func (s *scriptSection) lookAt(h holder) {
	if h == (holder{}) {
		s.look.Cancel()
		s.listed, s.listing, s.shownFile = h, library.Listing{}, ""
		s.preview.Clear()
		return
	}
	if s.listed.same(h) {
		s.lookInside()
		return
	}
	s.listed, s.listing, s.shownFile, s.failed = h, library.Listing{}, "", nil
	s.preview.Clear()
	from := s.f.of.place.deps.Packages.Library
	async.Load(&s.look, func(ctx context.Context) (library.Listing, error) {
		if h.folder == "" {
			return from.List(ctx, h.pkg)
		}
		select {
		case <-ctx.Done():
			return library.Listing{}, ctx.Err()
		case <-time.After(typingPause):
			return from.ListFolder(ctx, h.folder)
		}
	}, func(l library.Listing, err error) {
		s.listing, s.failed = l, err
		s.offerOnly()
		s.lookInside()
	})
}

// offerOnly fills in the script file where what was just brought holds one script and no other.
func (s *scriptSection) offerOnly() {
	if !s.brought || s.file.Text != "" {
		return
	}
	s.brought = false
	only := ""
	for _, e := range s.listing.Entries {
		switch model.LanguageOf(e.Name) {
		case model.PowerShell, model.Bash:
			if only != "" {
				return
			}
			only = e.Name
		}
	}
	if only != "" {
		s.file.SetText(only)
		s.f.form.Changed()
	}
}

// lookInside says what there is to say of what was listed, and shows the script file.
func (s *scriptSection) lookInside() {
	if s.failed != nil {
		s.f.form.Field(s.listed.field()).SetNote(s.failed.Error(), true)
		return
	}
	file := strings.TrimSpace(s.file.Text)
	if s.look.Busy() || file == "" || model.HasExpression(file) {
		return
	}
	e, err := s.listing.Find(file)
	if err != nil {
		s.f.form.Field("script.file").SetNote(err.Error(), true)
	}
	if file == s.shownFile {
		return
	}
	s.shownFile = file
	if err != nil {
		s.preview.Clear()
		return
	}
	if s.listed.folder == "" {
		s.preview.Show(s.listed.pkg, e)
		return
	}
	s.preview.ShowInFolder(s.listed.folder, e)
}

func (s *scriptSection) chooseFolder() {
	if choose := s.f.of.place.deps.ChooseFolder; choose != nil {
		choose(s.takeFolder)
		return
	}
	dialog.ChooseFolder(s.f.of.place.deps.Window, s.takeFolder)
}

// takeFolder chooses a folder that was dropped or picked.
func (s *scriptSection) takeFolder(path string) {
	s.brought = true
	s.source.Choose(string(model.SourceFolder))
	// Its name is a name, whatever it looks like.
	s.folder.SetText(strings.ReplaceAll(filepath.Clean(path), "#{", "##{"))
	s.f.form.Changed()
}
