package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Palette has every colour of one variant. Text has a contrast of at least 4.5:1 on its backgrounds; a test walks the pairs.
type Palette struct {
	Background, Surface, Header, Raised color.NRGBA // window, fields and logs, column headers, menus and sheets
	Text, Muted, Disabled               color.NRGBA // Fyne paints labels of low importance as disabled, so Disabled must be readable too
	Accent, OnAccent                    color.NRGBA
	Success, Warning, Error, OnStatus   color.NRGBA
	Button, Border, Separator           color.NRGBA
	Hover, Pressed, Focus, Selection    color.NRGBA // translucent, except for Selection in logs and editors
	ScrollBar, Shadow                   color.NRGBA

	Log    LogColors
	Syntax SyntaxColors
	ANSI   [16]color.NRGBA // black red green yellow blue magenta cyan white, then the bright ones
}

// LogColors are for text on Surface.
type LogColors struct {
	Verbose, Info, Highlight, Wait, Warning, Error color.NRGBA
	StderrBar                                      color.NRGBA
	Gutter, GutterBackground                       color.NRGBA
	Selection                                      color.NRGBA
	Hit, CurrentHit, OnHit                         color.NRGBA // matches of a search
}

// SyntaxColors are for script text on Surface.
type SyntaxColors struct {
	Keyword, String, Comment, Number, Variable, Command, Parameter, Type, Operator color.NRGBA
	Expression, ExpressionBackground                                               color.NRGBA // #{...}
	CurrentLine                                                                    color.NRGBA
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff} //nolint:gosec // truncates to the low byte
}

func rgba(hex uint32, alpha uint8) color.NRGBA {
	c := rgb(hex)
	c.A = alpha
	return c
}

func LightPalette() *Palette {
	const text, muted, accent = 0x1a1e26, 0x555d6a, 0x2b59d0
	return &Palette{
		Background: rgb(0xf4f5f8), Surface: rgb(0xffffff), Header: rgb(0xe9ecf1), Raised: rgb(0xffffff),
		Text: rgb(text), Muted: rgb(muted), Disabled: rgb(0x5f6775),
		Accent: rgb(accent), OnAccent: rgb(0xffffff),
		Success: rgb(0x17703e), Warning: rgb(0x855600), Error: rgb(0xbd222a), OnStatus: rgb(0xffffff),
		Button: rgb(0xe3e7ed), Border: rgb(0x858d9b), Separator: rgb(0xd7dbe2),
		Hover: rgba(0x0f172a, 0x10), Pressed: rgba(0x0f172a, 0x22), Focus: rgba(accent, 0x50), Selection: rgba(accent, 0x2a),
		ScrollBar: rgba(0x1a1e26, 0x60), Shadow: rgba(0x0f172a, 0x38),
		Log: LogColors{
			Verbose: rgb(muted), Info: rgb(text), Highlight: rgb(accent), Wait: rgb(0x6d45ad), Warning: rgb(0x7d5000), Error: rgb(0xb31f27),
			StderrBar: rgb(0xd9868b), Gutter: rgb(0x626b79), GutterBackground: rgb(0xf7f8fa),
			Selection: rgb(0xd5e3ff), Hit: rgb(0xffe79a), CurrentHit: rgb(0xffb547), OnHit: rgb(text),
		},
		Syntax: SyntaxColors{
			Keyword: rgb(0x8a2da6), String: rgb(0x1a6b3c), Comment: rgb(0x5b6472), Number: rgb(0x9a4600), Variable: rgb(0x0d5ca0),
			Command: rgb(0x704c00), Parameter: rgb(0x46566a), Type: rgb(0x006872), Operator: rgb(muted),
			Expression: rgb(0x98246a), ExpressionBackground: rgb(0xfbe8f3), CurrentLine: rgb(0xf3f6fc),
		},
		ANSI: [16]color.NRGBA{
			rgb(text), rgb(0xb31f27), rgb(0x1a6b3c), rgb(0x7d5000), rgb(0x1f51bd), rgb(0x8a2da6), rgb(0x006872), rgb(0x555d6a),
			rgb(0x626b79), rgb(0xc92a33), rgb(0x1c7a42), rgb(0x8a5a00), rgb(accent), rgb(0x9b3ab8), rgb(0x007480), rgb(0x3a414e),
		},
	}
}

func DarkPalette() *Palette {
	const text, muted, accent = 0xe2e5ea, 0xa3acb9, 0x8aabff
	return &Palette{
		Background: rgb(0x15181e), Surface: rgb(0x1c2027), Header: rgb(0x252a33), Raised: rgb(0x232831),
		Text: rgb(text), Muted: rgb(muted), Disabled: rgb(0x909aa8),
		Accent: rgb(accent), OnAccent: rgb(0x0e1526),
		Success: rgb(0x66cb92), Warning: rgb(0xe4b455), Error: rgb(0xff8a82), OnStatus: rgb(0x14171c),
		Button: rgb(0x2c323d), Border: rgb(0x6a7382), Separator: rgb(0x2e343f),
		Hover: rgba(0xffffff, 0x12), Pressed: rgba(0xffffff, 0x24), Focus: rgba(accent, 0x50), Selection: rgba(accent, 0x30),
		ScrollBar: rgba(0xe2e5ea, 0x50), Shadow: rgba(0x000000, 0x80),
		Log: LogColors{
			Verbose: rgb(muted), Info: rgb(text), Highlight: rgb(accent), Wait: rgb(0xc6aaf4), Warning: rgb(0xe4b455), Error: rgb(0xff8a82),
			StderrBar: rgb(0x9c4a48), Gutter: rgb(0x8791a0), GutterBackground: rgb(0x191c23),
			Selection: rgb(0x263858), Hit: rgb(0x6b5710), CurrentHit: rgb(0xf0b23c), OnHit: rgb(0xffffff),
		},
		Syntax: SyntaxColors{
			Keyword: rgb(0xd6a3ec), String: rgb(0x93d3a2), Comment: rgb(0x9ba4b2), Number: rgb(0xf1ad73), Variable: rgb(0x8cc2f7),
			Command: rgb(0xe8cf8b), Parameter: rgb(0xadb9c8), Type: rgb(0x76d4d4), Operator: rgb(muted),
			Expression: rgb(0xf5abd5), ExpressionBackground: rgb(0x40253a), CurrentLine: rgb(0x222731),
		},
		ANSI: [16]color.NRGBA{
			rgb(0x8791a0), rgb(0xff8a82), rgb(0x7fcf98), rgb(0xe4b455), rgb(0x8aabff), rgb(0xd6a3ec), rgb(0x76d4d4), rgb(0xcfd4dc),
			rgb(0x97a0ae), rgb(0xffa59e), rgb(0x9be0b0), rgb(0xf2cd80), rgb(0xabc3ff), rgb(0xe5c2f5), rgb(0x9be4e4), rgb(0xffffff),
		},
	}
}

// named returns the colour of one of Fyne's names.
func (p *Palette) named(name fyne.ThemeColorName) (color.NRGBA, bool) {
	switch name {
	case fynetheme.ColorNameBackground:
		return p.Background, true
	case fynetheme.ColorNameForeground:
		return p.Text, true
	case fynetheme.ColorNamePlaceHolder:
		return p.Muted, true
	case fynetheme.ColorNameDisabled:
		return p.Disabled, true
	case fynetheme.ColorNamePrimary, fynetheme.ColorNameHyperlink:
		return p.Accent, true
	case fynetheme.ColorNameForegroundOnPrimary:
		return p.OnAccent, true
	case fynetheme.ColorNameSuccess:
		return p.Success, true
	case fynetheme.ColorNameWarning:
		return p.Warning, true
	case fynetheme.ColorNameError:
		return p.Error, true
	case fynetheme.ColorNameForegroundOnSuccess, fynetheme.ColorNameForegroundOnWarning, fynetheme.ColorNameForegroundOnError:
		return p.OnStatus, true
	case fynetheme.ColorNameButton:
		return p.Button, true
	case fynetheme.ColorNameDisabledButton:
		return p.Header, true
	case fynetheme.ColorNameInputBackground:
		return p.Surface, true
	case fynetheme.ColorNameInputBorder:
		return p.Border, true
	case fynetheme.ColorNameHeaderBackground:
		return p.Header, true
	case fynetheme.ColorNameMenuBackground, fynetheme.ColorNameOverlayBackground:
		return p.Raised, true
	case fynetheme.ColorNameSeparator:
		return p.Separator, true
	case fynetheme.ColorNameHover:
		return p.Hover, true
	case fynetheme.ColorNamePressed:
		return p.Pressed, true
	case fynetheme.ColorNameFocus:
		return p.Focus, true
	case fynetheme.ColorNameSelection:
		return p.Selection, true
	case fynetheme.ColorNameScrollBar:
		return p.ScrollBar, true
	case fynetheme.ColorNameScrollBarBackground:
		return color.NRGBA{}, true
	case fynetheme.ColorNameShadow:
		return p.Shadow, true
	}
	return color.NRGBA{}, false
}
