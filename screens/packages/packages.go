package packages

import (
	"cmp"
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
	"github.com/stepdeck/stepdeck/screens/widgets/table"
)

// Place lists the packages of the library and shows the files of the selected one.
type Place struct {
	deps     Deps
	load     async.Task
	listing  async.Task
	removing async.Task
	importer *Importer

	rows    []row
	opened  model.Package
	wanted  model.ID // of a new package, to be selected once it is in the list
	entries []library.Entry

	stage    *feedback.LoadState
	table    *table.Table[row]
	filter   *control.Entry
	remove   *control.Button
	status   *feedback.Banner
	busy     *widget.Label
	about    *widget.Label
	files    *table.Table[library.Entry]
	inside   *feedback.LoadState
	preview  *Preview
	list     fyne.CanvasObject
	outcomes []Outcome
}

type row struct {
	model.Package
	users []string
}

func New(deps Deps) *Place {
	p := &Place{deps: deps, stage: feedback.NewLoadState(), status: feedback.NewBanner(), inside: feedback.NewLoadState()}
	if p.deps.Now == nil {
		p.deps.Now = time.Now
	}
	p.deps.Changed = func() {
		p.reload()
		if deps.Changed != nil {
			deps.Changed()
		}
	}
	p.importer = NewImporter(p.deps)
	p.importer.OnBusy = func(text string) {
		p.busy.SetText(text)
		if text == "" {
			p.report()
		}
	}
	p.build()
	return p
}

func (p *Place) build() {
	p.table = table.New(p.columns()...)
	p.table.OnSelected = p.open
	p.table.OnDelete = p.askRemove
	bar, details := p.toolbar(), p.details()
	both := container.NewVSplit(p.table.Content(), p.inside.Content())
	both.Offset = 0.4
	p.list = container.NewBorder(container.NewPadded(bar), p.status.Content(), nil, nil, both)
	p.inside.Show(details)
	p.closeDetails()
}

func (p *Place) columns() []table.Column[row] {
	return []table.Column[row]{
		{Title: lang.L("Package id"), Cell: func(r row) table.Cell { return table.Cell{Text: r.Name, Bold: true} }},
		{
			Title: lang.L("Version"), Width: 130, Cell: versionCell,
			Compare: func(a, b row) int { return model.CompareVersions(a.Version, b.Version) },
		},
		{
			Title: lang.L("Size"), Width: 90,
			Cell:    func(r row) table.Cell { return table.Cell{Text: model.FormatBytes(r.Size), Muted: true} },
			Compare: func(a, b row) int { return cmp.Compare(a.Size, b.Size) },
		},
		{
			Title: lang.L("Imported"), Width: 120, Cell: p.importedCell,
			Compare: func(a, b row) int { return a.Imported.Compare(b.Imported) },
		},
		{Title: lang.L("Used by"), Width: 240, Cell: usersCell},
	}
}

func versionCell(r row) table.Cell {
	if r.Version == "" {
		return table.Cell{Text: lang.L("none"), Muted: true}
	}
	return table.Cell{Text: r.Version}
}

func (p *Place) importedCell(r row) table.Cell {
	local := r.Imported.Local()
	if p.deps.Now().Sub(r.Imported) < 24*time.Hour {
		return table.Cell{Text: local.Format("15:04"), Muted: true}
	}
	return table.Cell{Text: local.Format("2006-01-02"), Muted: true}
}

func usersCell(r row) table.Cell {
	if len(r.users) == 0 {
		return table.Cell{Text: "–", Muted: true}
	}
	return table.Cell{Text: strings.Join(r.users, ", ")}
}

func (p *Place) toolbar() fyne.CanvasObject {
	add := control.NewButton(nil, lang.L("Import…"), p.Choose).Important()
	add.SetIcon(fynetheme.ContentAddIcon())
	p.remove = control.NewButton(nil, lang.L("Remove"), func() {
		if r, ok := p.table.Selected(); ok {
			p.askRemove(r)
		}
	})
	p.filter = control.NewEntry(nil)
	p.filter.SetPlaceHolder(lang.L("Filter"))
	p.filter.OnChanged = p.table.SetFilter
	p.busy = widget.NewLabel("")
	p.busy.Importance = widget.LowImportance
	filter := container.NewGridWrap(fyne.NewSize(200, p.filter.MinSize().Height), p.filter)
	return container.NewHBox(add, p.remove, p.busy, layout.NewSpacer(), filter)
}

// details returns what is shown of the selected package: a line about it, its files, and the text of the selected file.
func (p *Place) details() fyne.CanvasObject {
	p.files = table.New(
		table.Column[library.Entry]{Title: lang.L("File"), Cell: func(e library.Entry) table.Cell {
			return table.Cell{Text: e.Name, Bold: model.LanguageOf(e.Name) != ""}
		}},
		table.Column[library.Entry]{Title: lang.L("Size"), Width: 80, Cell: func(e library.Entry) table.Cell {
			return table.Cell{Text: model.FormatBytes(e.Size), Muted: true}
		}},
	)
	p.files.OnSelected = func(e library.Entry) { p.preview.Show(p.opened, e) }
	p.preview = NewPreview(p.deps.Library, p.deps.Fonts)
	p.about = widget.NewLabel("")
	p.about.Truncation, p.about.Importance = fyne.TextTruncateEllipsis, widget.LowImportance
	split := container.NewHSplit(p.files.Content(), p.preview.Content())
	split.Offset = 0.42
	return container.NewBorder(p.about, nil, nil, nil, split)
}

func (p *Place) closeDetails() {
	p.listing.Cancel()
	p.opened, p.entries = model.Package{}, nil
	p.about.SetText(lang.L("Choose a package to see its files."))
	p.files.SetRows(nil)
	p.preview.Clear()
	p.remove.Disable()
}

func (p *Place) Content() fyne.CanvasObject { return p.stage.Content() }

func (p *Place) Shown() { p.reload() }

// Focus gives the focus to the list of packages.
func (p *Place) Focus() { p.stage.Focus(func() { p.table.Focus(p.deps.Window) }) }

func (p *Place) Choose() {
	take := func(path string) { p.Dropped([]string{path}) }
	if p.deps.Choose != nil {
		p.deps.Choose(Endings(), take)
		return
	}
	dialog.ChooseFile(p.deps.Window, Endings(), take)
}

// Dropped imports the package files among paths. It reports whether there are any.
func (p *Place) Dropped(paths []string) bool {
	var files []string
	for _, path := range paths {
		if IsPackage(path) {
			files = append(files, path)
		}
	}
	if len(files) == 0 {
		return false
	}
	p.outcomes = nil
	p.status.Hide()
	p.importer.Import(files, func(o Outcome) {
		p.outcomes = append(p.outcomes, o)
		p.wanted = o.Package.ID
	})
	return true
}

// IsPackage reports whether a file has the extension of a package.
func IsPackage(path string) bool {
	name := strings.ToLower(path)
	for _, e := range []string{".zip", ".nupkg", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2"} {
		if strings.HasSuffix(name, e) {
			return true
		}
	}
	return false
}

// report shows the results of the files that were imported together.
func (p *Place) report() {
	var good, bad []string
	for _, o := range p.outcomes {
		name := strings.TrimSpace(o.Package.Name + " " + o.Package.Version)
		switch {
		case o.Err != nil:
			bad = append(bad, o.Err.Error())
		case o.Known:
			good = append(good, lang.L("The library already has {{.Package}}.", map[string]any{"Package": name}))
		default:
			good = append(good, lang.L("{{.Package}} was imported.", map[string]any{"Package": name}))
		}
	}
	switch {
	case len(bad) > 0:
		p.status.Show(strings.Join(append(bad, good...), "\n"), display.Bad)
		if p.stage.State() == feedback.StateEmpty {
			p.stage.Show(p.list) // the message is in it
		}
	case len(good) > 0:
		p.status.Show(strings.Join(good, "\n"), display.Good)
	}
}

func (p *Place) reload() {
	async.Load(&p.load, func(ctx context.Context) ([]row, error) {
		list, err := p.deps.Store.Packages(ctx)
		if err != nil {
			return nil, err
		}
		rows := make([]row, len(list))
		for i, pkg := range list {
			rows[i].Package = pkg
			if rows[i].users, err = p.deps.Store.PackageUsers(ctx, pkg.Name, pkg.Version); err != nil {
				return nil, err
			}
		}
		return rows, nil
	}, func(rows []row, err error) {
		if err != nil {
			p.stage.Error(err, func() { p.stage.Loading(); p.reload() })
			return
		}
		p.show(rows)
	})
}

func (p *Place) show(rows []row) {
	selected, opened := p.opened.ID, p.opened
	if p.wanted != "" {
		selected, p.wanted = p.wanted, ""
	}
	p.rows = rows
	p.table.SetRows(rows)
	if len(rows) == 0 {
		p.closeDetails()
		about := lang.L("A package is a .zip, .nupkg or .tar.gz file with scripts in it. Drop one here, or choose a file.")
		p.stage.Empty(lang.L("No packages yet"), about, control.NewButton(nil, lang.L("Import…"), p.Choose).Important())
		return
	}
	p.stage.Show(p.list)
	p.table.Select(func(r row) bool { return r.ID == selected })
	if r, ok := p.table.Selected(); !ok {
		p.closeDetails()
	} else if opened.ID == r.ID && opened.SHA256 != r.SHA256 {
		p.opened = model.Package{}
		p.open(r)
	}
}

func (p *Place) open(r row) {
	p.remove.Enable()
	if p.opened.ID == r.ID && p.opened.SHA256 == r.SHA256 {
		return
	}
	p.opened = r.Package
	p.preview.Clear()
	p.files.SetRows(nil)
	about := packageLine(r.Package)
	p.about.Importance = widget.LowImportance
	p.about.SetText(about)
	async.Load(&p.listing, func(ctx context.Context) (library.Listing, error) {
		return p.deps.Library.List(ctx, r.Package)
	}, func(l library.Listing, err error) {
		if err != nil {
			p.about.Importance = widget.DangerImportance
			p.about.SetText(err.Error())
			return
		}
		if n := len(l.Warnings); n > 0 {
			p.about.SetText(about + " · " + plural.N(
				"{{.Count}} entry is left out when it is unpacked", "{{.Count}} entries are left out when it is unpacked", n))
		}
		p.entries = l.Entries
		p.files.SetRows(l.Entries)
	})
}

// packageLine describes a package in one line.
func packageLine(p model.Package) string {
	return lang.L("{{.Package}} · {{.Files}} · from {{.File}} · SHA-256 {{.SHA256}}", map[string]any{
		"Package": strings.TrimSpace(p.Name + " " + p.Version), "Files": plural.N("{{.Count}} file", "{{.Count}} files", p.Files),
		"File": p.FileName, "SHA256": p.SHA256,
	})
}

// askRemove asks before a package is removed, because that can't be undone. A package in use can't be removed.
func (p *Place) askRemove(r row) {
	name := map[string]any{"Package": strings.TrimSpace(r.Name + " " + r.Version)}
	if len(r.users) > 0 {
		dialog.ShowError(p.deps.Window, lang.L("{{.Package}} can't be removed", name),
			model.NewError("package.used", "It is used by:\n· %s\n\nChoose another package there first.", strings.Join(r.users, "\n· ")))
		return
	}
	dialog.Ask(p.deps.Window, dialog.Question{
		Title: lang.L("Remove {{.Package}}?", name),
		Text:  lang.L("It is removed from the library. To get it back, import its file again."),
		Yes:   lang.L("Remove"), Danger: true, OnYes: func() { p.removeNow(r) },
	})
}

func (p *Place) removeNow(r row) {
	async.Do(&p.removing, func(ctx context.Context) error { return p.deps.Library.Remove(ctx, r.Name, r.Version) }, func(err error) {
		if err != nil {
			name := strings.TrimSpace(r.Name + " " + r.Version)
			dialog.ShowError(p.deps.Window, lang.L("{{.Package}} can't be removed", map[string]any{"Package": name}), err)
		}
		p.status.Hide()
		p.deps.Changed()
	})
}

func (p *Place) Changed() { p.reload() }
