// Package theme is Stepdeck's look: neutral surfaces, one accent, a dense layout, light and dark. It also has the colours that Fyne has no
// names for: log levels, syntax, the sixteen colours of a terminal, and marks.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

type Mode int

// Mode is the choice between light and dark. System follows the desktop.
const (
	System Mode = iota
	Light
	Dark
)

type Theme struct {
	mode        Mode
	light, dark *Palette
}

var _ fyne.Theme = (*Theme)(nil)

func New(mode Mode) *Theme {
	return &Theme{mode: mode, light: LightPalette(), dark: DarkPalette()}
}

// Palette returns the colours for a variant, or those of a fixed mode.
func (t *Theme) Palette(variant fyne.ThemeVariant) *Palette {
	if t.mode == Light || t.mode == System && variant == fynetheme.VariantLight {
		return t.light
	}
	return t.dark
}

func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if c, ok := t.Palette(variant).named(name); ok {
		return c
	}
	return fynetheme.DefaultTheme().Color(name, variant)
}

func (t *Theme) Font(style fyne.TextStyle) fyne.Resource { return fynetheme.DefaultTheme().Font(style) }

func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fynetheme.DefaultTheme().Icon(name)
}

// Size makes a single-line button or field 31 units high. A target for the mouse needs 28.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case fynetheme.SizeNameText:
		return 13
	case fynetheme.SizeNameCaptionText:
		return 11
	case fynetheme.SizeNameSubHeadingText:
		return 16
	case fynetheme.SizeNameHeadingText:
		return 20
	case fynetheme.SizeNamePadding:
		return 4
	case fynetheme.SizeNameInnerPadding:
		return 7
	case fynetheme.SizeNameLineSpacing:
		return 3
	case fynetheme.SizeNameInlineIcon:
		return 18
	case fynetheme.SizeNameScrollBar:
		return 12
	case fynetheme.SizeNameScrollBarSmall:
		return 4
	case fynetheme.SizeNameScrollBarRadius:
		return 4
	case fynetheme.SizeNameInputRadius:
		return 5
	case fynetheme.SizeNameSelectionRadius:
		return 4
	}
	return fynetheme.DefaultTheme().Size(name)
}

// For returns the palette for an object, or for the window if o is nil. Under a theme other than Stepdeck's, it is the palette that is
// closer to that theme's background.
func For(o fyne.CanvasObject) *Palette {
	th := fyne.CurrentApp().Settings().Theme()
	if o != nil {
		th = fynetheme.CurrentForWidget(o)
	}
	variant := fyne.CurrentApp().Settings().ThemeVariant()
	if own, ok := th.(interface {
		Palette(fyne.ThemeVariant) *Palette
	}); ok {
		return own.Palette(variant)
	}
	if luminance(th.Color(fynetheme.ColorNameBackground, variant)) > 0.4 {
		return LightPalette()
	}
	return DarkPalette()
}
