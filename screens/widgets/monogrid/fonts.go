package monogrid

import (
	"bytes"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
)

// Fonts finds a face for every character: first the theme's monospaced font, then the other fonts that Fyne brings, then those of the
// system. The system's are looked up in the background the first time that they are needed, because the first search takes a second.
// It belongs to the main goroutine. Several grids may share one.
type Fonts struct {
	// FindSystem opens the system's fonts. It runs on a goroutine of its own; nil leaves them out, as tests do that compare pictures.
	FindSystem func() (Resolver, error)

	mono       *font.Face
	more       []*font.Face    // the fallbacks that come with Fyne, as far as they were needed
	unread     []fyne.Resource // the others: the one with emoji alone takes five megabytes
	system     Resolver
	searching  bool
	waiting    []func() // grids to repaint when the system's fonts are there
	generation int      // grows when characters that had no face may have one
}

// Resolver finds a face that has a character, or nil.
type Resolver interface {
	Resolve(r rune) *font.Face
}

// NewFonts takes the fonts of the theme now in force.
func NewFonts() (*Fonts, error) {
	f := &Fonts{FindSystem: findSystemFonts}
	var err error
	if f.mono, err = parse(theme.Current().Font(fyne.TextStyle{Monospace: true})); err != nil {
		if f.mono, err = parse(theme.DefaultTextMonospaceFont()); err != nil {
			return nil, err
		}
	}
	for _, res := range []fyne.Resource{theme.DefaultTextFont(), theme.DefaultSymbolFont(), theme.DefaultEmojiFont()} {
		if res != nil { // nil: built without emoji
			f.unread = append(f.unread, res)
		}
	}
	return f, nil
}

func parse(res fyne.Resource) (*font.Face, error) {
	face, err := font.ParseTTF(bytes.NewReader(res.Content()))
	if err != nil {
		return nil, fmt.Errorf("read the font %s: %w", res.Name(), err)
	}
	return face, nil
}

// face finds a face for r, or nil. While the system's fonts are being looked for it gives nil and calls ready later.
func (f *Fonts) face(r rune, ready func()) *font.Face {
	if has(f.mono, r) {
		return f.mono
	}
	for i := 0; ; i++ {
		if i == len(f.more) && !f.readNext() {
			break
		}
		if has(f.more[i], r) {
			return f.more[i]
		}
	}
	if f.system != nil {
		if face := f.system.Resolve(r); face != nil && has(face, r) {
			return face
		}
		return nil
	}
	f.search(ready)
	return nil
}

// readNext reads another of Fyne's fallbacks, if there is one.
func (f *Fonts) readNext() bool {
	for len(f.unread) > 0 {
		res := f.unread[0]
		f.unread = f.unread[1:]
		if face, err := parse(res); err == nil {
			f.more = append(f.more, face)
			return true
		}
	}
	return false
}

func has(face *font.Face, r rune) bool {
	_, ok := face.NominalGlyph(r)
	return ok
}

func (f *Fonts) search(ready func()) {
	if f.FindSystem == nil {
		return
	}
	f.waiting = append(f.waiting, ready)
	if f.searching {
		return
	}
	f.searching = true
	find := f.FindSystem
	go func() {
		found, err := find()
		fyne.Do(func() {
			if err != nil {
				fyne.LogError("The system's fonts could not be read; some characters show as boxes", err)
				f.FindSystem = nil
			}
			f.system = found
			f.searching = false
			f.generation++
			for _, ready := range f.waiting {
				ready()
			}
			f.waiting = nil
		})
	}()
}

type systemFonts struct{ fonts *fontscan.FontMap }

func findSystemFonts() (Resolver, error) {
	fonts := fontscan.NewFontMap(silent{})
	if err := fonts.UseSystemFonts(""); err != nil {
		return nil, fmt.Errorf("scan the system's fonts: %w", err)
	}
	fonts.SetQuery(fontscan.Query{Families: []string{fontscan.Monospace, fontscan.SansSerif}})
	return systemFonts{fonts}, nil
}

func (s systemFonts) Resolve(r rune) *font.Face {
	s.fonts.SetScript(language.LookupScript(r))
	return s.fonts.ResolveFace(r)
}

// silent keeps the font scanner from writing to standard error.
type silent struct{}

func (silent) Printf(string, ...any) {}
