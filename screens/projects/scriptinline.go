package projects

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/widgets/codeedit"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/findbar"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// inlineSource edits a script whose text is part of the step.
type inlineSource struct {
	scriptDeps
	language *control.Choice
	editor   *codeedit.Editor
	find     *findbar.Bar
	findBox  *fyne.Container
	content  *fyne.Container
}

// newInlineSource returns the editor. load asks for a file to replace the text.
func newInlineSource(deps scriptDeps, load func()) *inlineSource {
	k := deps.form.Keys
	s := &inlineSource{scriptDeps: deps, editor: codeedit.New(deps.fonts)}
	s.language = control.NewChoice(k, control.Option{Value: string(model.PowerShell), Label: "PowerShell"},
		control.Option{Value: string(model.Bash), Label: "Bash"}, control.Option{Value: string(model.Python), Label: "Python"})
	s.language.OnChosen = func(string) { s.editor.SetLexer(packages.Lexer(model.Language(s.language.Value()))) }
	s.editor.OnChanged = func() {
		s.form.Changed()
		s.form.Left("script.body")
	}
	s.makeFind()
	search := control.NewButton(k, lang.L("Find"), s.openFind).Quiet()
	search.SetIcon(fynetheme.SearchIcon())
	loadFile := control.NewButton(k, lang.L("Load a file…"), load).Quiet()
	loadFile.SetIcon(fynetheme.FolderOpenIcon())
	bar := container.NewHBox(layout.NewSpacer(), search, loadFile)
	body := s.form.AddWide("script.body", lang.L("Script Content"), "", container.NewBorder(s.findBox, nil, nil, nil,
		container.New(display.MinHeight(280), form.GuideWheel(s.editor, s.editor, s.scroll))))
	s.content = container.NewVBox(s.form.Add("script.language", lang.L("Language"), "", s.language).Row(),
		container.NewStack(body.Row(), container.NewVBox(bar)))
	return s
}

func (s *inlineSource) makeFind() {
	s.find = findbar.New(findbar.Words{
		Placeholder: lang.L("Find"), None: lang.L("no matches"), Case: "Aa", Regexp: ".*", Invalid: lang.L("not a valid expression"),
		Of: func(current, total string) string {
			return lang.L("{{.Current}} of {{.Total}}", map[string]any{"Current": current, "Total": total})
		},
	})
	s.find.OnQuery = s.editor.Find
	s.find.OnNext, s.find.OnPrevious = s.editor.FindNext, s.editor.FindPrevious
	s.editor.OnFind = func(st codeedit.FindState) {
		s.find.Show(findbar.State{Query: st.Query, Current: st.Current, Total: st.Total, Err: st.Err})
	}
	s.findBox = container.NewVBox(s.find.Content())
	s.findBox.Hide()
	s.find.OnClose = func() {
		s.findBox.Hide()
		s.window.Canvas().Focus(s.editor)
	}
}

func (s *inlineSource) openFind() {
	s.findBox.Show()
	s.find.Focus(s.window.Canvas())
}

// mark marks the lines with keys and with undefined names.
func (s *inlineSource) mark(found []leak) {
	var markers []codeedit.Marker
	for _, l := range found {
		markers = append(markers, codeedit.Marker{Line: l.Line, Severity: codeedit.Error, Message: lang.L("looks like a key")})
	}
	text := s.editor.Text()
	if strings.Contains(text, "#{") {
		sc := s.scope()
		res, err := sc.Expand(text)
		for _, u := range res.Undefined {
			switch {
			case err != nil:
			case u.Missing:
				markers = append(markers, codeedit.Marker{Line: u.Line, Severity: codeedit.Warning, Message: missing(u.Name)})
			case !sc.earlier:
				markers = append(markers, codeedit.Marker{Line: u.Line, Severity: codeedit.Warning, Message: sc.unknown(u.Name)})
			}
		}
	}
	s.editor.SetMarkers(markers)
}

func (s *inlineSource) fill(m model.Script) {
	s.language.SetValue(string(m.Language))
	s.editor.SetLexer(packages.Lexer(m.Language))
	s.editor.SetText(m.Body)
}

func (s *inlineSource) read(m *model.Script) {
	m.Language, m.Body = model.Language(s.language.Value()), s.editor.Text()
}
