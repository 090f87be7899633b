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

// Fonts finds a face for every character: in the theme's monospaced font, else in the other fonts that come with Fyne, else in those of
// the system. The system's fonts are loaded in the background when they are first needed, because that takes a second. Fonts must be used
// on the main goroutine. Several grids may share one.
type Fonts struct {
	// FindSystem loads the system's fonts. It is called on a goroutine of its own. nil: don't use them, as in tests that compare pictures.
	FindSystem func() (resolver, error)

	mono       *font.Face
	more       []*font.Face    // Fyne's fallback fonts that were loaded
	unread     []fyne.Resource // Fyne's fallback fonts that were not: the emoji font alone takes five megabytes
	system     resolver
	searching  bool
	waiting    []func() // repaint the grids once the system's fonts are loaded
	generation int      // increases when there may be faces for characters that had none
}

// resolver returns a face for a character, or nil. The face need not have the character.
type resolver interface {
	Resolve(r rune) *font.Face
}

// NewFonts returns the fonts of the current theme.
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

// face returns a face for r, or nil. If the system's fonts are still being loaded it returns nil and calls ready later.
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

// readNext loads another of Fyne's fallback fonts, and reports whether there was one.
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

func findSystemFonts() (resolver, error) {
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
