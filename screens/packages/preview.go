package packages

import (
	"bytes"
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/codeedit"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
	"github.com/stepdeck/stepdeck/screens/widgets/syntax"
)

// maxPreview is the largest file that is shown, in bytes.
const maxPreview = 1 << 20

// Preview shows the text of a file in a package or folder.
type Preview struct {
	library Library
	load    async.Task
	head    *widget.Label
	text    *codeedit.Editor
	stage   *feedback.LoadState
	content fyne.CanvasObject
}

func NewPreview(library Library, fonts *monogrid.Fonts) *Preview {
	v := &Preview{library: library, head: widget.NewLabel(""), text: codeedit.New(fonts), stage: feedback.NewLoadState()}
	v.head.Truncation, v.head.Importance = fyne.TextTruncateEllipsis, widget.LowImportance
	v.text.SetReadOnly(true)
	v.content = container.NewBorder(v.head, nil, nil, nil, v.stage.Content())
	v.Clear()
	return v
}

func (v *Preview) Content() fyne.CanvasObject { return v.content }

func (v *Preview) Text() string { return v.text.Text() }

func (v *Preview) Focused() bool { return v.text.Focused() }

func (v *Preview) Scrolled(ev *fyne.ScrollEvent) { v.text.Scrolled(ev) }

func (v *Preview) Clear() {
	v.load.Cancel()
	v.head.SetText("")
	v.stage.Empty("", lang.L("Choose a file to see its text."))
}

// Show shows a file of a package.
func (v *Preview) Show(p model.Package, e library.Entry) {
	v.show(e, func(ctx context.Context) ([]byte, error) { return v.library.ReadFile(ctx, p, e.Name, maxPreview) })
}

// ShowInFolder shows a file of a plain folder.
func (v *Preview) ShowInFolder(folder string, e library.Entry) {
	v.show(e, func(ctx context.Context) ([]byte, error) {
		return v.library.ReadFolderFile(ctx, folder, e.Name, maxPreview)
	})
}

func (v *Preview) show(e library.Entry, read func(context.Context) ([]byte, error)) {
	v.head.SetText(e.Name + " · " + model.FormatBytes(e.Size))
	if e.Size > maxPreview {
		v.load.Cancel()
		v.stage.Empty("", lang.L("The file is too large to show."))
		return
	}
	async.Load(&v.load, func(ctx context.Context) (string, error) {
		data, err := read(ctx)
		if err != nil {
			return "", err
		}
		text := library.Text(data)
		if bytes.IndexByte([]byte(text), 0) >= 0 {
			return "", errNoText
		}
		return text, nil
	}, func(text string, err error) {
		switch {
		case model.ErrorCode(err) == codeNoText:
			v.stage.Empty("", err.Error())
		case err != nil:
			v.stage.Error(err, func() { v.show(e, read) })
		default:
			v.text.SetLexer(Lexer(model.LanguageOf(e.Name)))
			v.text.SetText(text)
			v.stage.Show(v.text)
		}
	})
}

const codeNoText = "preview.binary"

var errNoText = model.NewError(codeNoText, "The file is not a text file.")

// Lexer returns the lexer of a language.
func Lexer(l model.Language) syntax.Lexer {
	switch l {
	case model.PowerShell:
		return syntax.PowerShell()
	case model.Bash:
		return syntax.Bash()
	case model.Python:
		return syntax.Python()
	}
	return syntax.None()
}
