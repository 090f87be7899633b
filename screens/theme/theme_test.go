package theme

import (
	"fmt"
	"image/color"
	"reflect"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
)

type pair struct {
	what        string
	text, below color.NRGBA
	least       float64
}

// pairs returns the text colours of a palette with every background that each may have.
func pairs(p *Palette) []pair {
	var out []pair
	add := func(what string, text, below color.NRGBA) { out = append(out, pair{what, text, below, Readable}) }
	surfaces := map[string]color.NRGBA{
		"background": p.Background, "surface": p.Surface, "header": p.Header, "raised": p.Raised,
		"hovered background": Over(p.Hover, p.Background), "hovered surface": Over(p.Hover, p.Surface),
		"selected row": Over(p.Selection, p.Background), "selected surface": Over(p.Selection, p.Surface),
	}
	for name, below := range surfaces {
		add("text on "+name, p.Text, below)
		add("muted on "+name, p.Muted, below)
		if name != "selected row" && name != "selected surface" {
			add("disabled on "+name, p.Disabled, below)
		}
	}
	for name, below := range map[string]color.NRGBA{"background": p.Background, "surface": p.Surface, "raised": p.Raised} {
		add("accent on "+name, p.Accent, below)
		add("success on "+name, p.Success, below)
		add("warning on "+name, p.Warning, below)
		add("error on "+name, p.Error, below)
	}
	for name, below := range map[string]color.NRGBA{
		"button": p.Button, "hovered button": Over(p.Hover, p.Button),
		"pressed button": Over(p.Pressed, p.Button), "focused button": Over(p.Focus, p.Button),
	} {
		add("text on "+name, p.Text, below)
	}
	add("text on accent", p.OnAccent, p.Accent)
	add("text on hovered accent", p.OnAccent, Over(p.Hover, p.Accent))
	add("text on success", p.OnStatus, p.Success)
	add("text on warning", p.OnStatus, p.Warning)
	add("text on error", p.OnStatus, p.Error)

	for _, group := range []any{p.Log, p.Syntax} {
		v := reflect.ValueOf(group)
		for i := range v.NumField() {
			name, c := v.Type().Field(i).Name, v.Field(i).Interface().(color.NRGBA)
			switch name {
			case "StderrBar", "GutterBackground", "Selection", "Hit", "CurrentHit", "OnHit", "ExpressionBackground", "CurrentLine", "Gutter":
				continue // not text on the surface
			}
			for below, bg := range map[string]color.NRGBA{
				"surface": p.Surface, "selection": p.Log.Selection, "the current line": p.Syntax.CurrentLine,
			} {
				add(name+" on "+below, c, bg)
			}
		}
	}
	add("line number", p.Log.Gutter, p.Log.GutterBackground)
	add("text on a hit", p.Log.OnHit, p.Log.Hit)
	add("text on the current hit", MakeReadable(p.Log.OnHit, p.Log.CurrentHit, Readable), p.Log.CurrentHit)
	add("expression", p.Syntax.Expression, p.Syntax.ExpressionBackground)
	for i, c := range p.ANSI {
		add(fmt.Sprintf("terminal colour %d", i), c, p.Surface)
	}
	// Parts of controls that are not text. Source: WCAG 2.2, 1.4.11.
	for name, below := range map[string]color.NRGBA{"background": p.Background, "surface": p.Surface} {
		out = append(out, pair{"border on " + name, p.Border, below, 3}, pair{"accent's focus ring on " + name, p.Accent, below, 3})
	}
	return out
}

func TestEveryTextIsReadable(t *testing.T) {
	for name, p := range map[string]*Palette{"light": LightPalette(), "dark": DarkPalette()} {
		for _, c := range pairs(p) {
			t.Run(name+"/"+c.what, func(t *testing.T) {
				if got := Contrast(c.text, c.below); got < c.least {
					t.Errorf("%.2f:1, want %.1f:1 (%v on %v)", got, c.least, c.text, c.below)
				}
			})
		}
	}
}

func TestMarkColours(t *testing.T) {
	all := markColours()
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
		if got := Contrast(c.Text, c.Fill); got < Readable {
			t.Errorf("text on %s: %.2f:1", c.Name, got)
		}
		for variant, p := range map[string]*Palette{"light": LightPalette(), "dark": DarkPalette()} {
			for where, below := range map[string]color.NRGBA{"background": p.Background, "surface": p.Surface} {
				if got := Contrast(c.Fill, below); got < 2.9 {
					t.Errorf("%s bar on %s %s: %.2f:1", c.Name, variant, where, got)
				}
			}
		}
	}
	var known []string
	for _, c := range model.Colours() {
		known = append(known, string(c))
	}
	if !reflect.DeepEqual(names, known) {
		t.Errorf("colours %v, the model has %v", names, known)
	}
	if MarkColourNamed("teal").Name != "teal" || MarkColourNamed("").Name != "grey" {
		t.Error("MarkColourNamed returns the wrong colour")
	}
}

func TestContrast(t *testing.T) {
	for _, c := range []struct {
		what string
		a, b uint32
		want float64
	}{
		{"black on white", 0, 0xffffff, 21},
		{"the same", 0x336699, 0x336699, 1},
		{"the lightest readable grey on white", 0x767676, 0xffffff, 4.54},
	} {
		if got := Contrast(rgb(c.a), rgb(c.b)); got < c.want-.01 || got > c.want+.01 {
			t.Errorf("%s: %.3f, want %.2f", c.what, got, c.want)
		}
	}
}

func TestMakeReadable(t *testing.T) {
	for _, below := range []color.NRGBA{LightPalette().Surface, DarkPalette().Surface, rgb(0x808080)} {
		for c := range uint32(512) {
			text := rgb((c>>6)*36<<16 | (c>>3&7)*36<<8 | (c&7)*36)
			got := MakeReadable(text, below, Readable)
			if Contrast(got, below) < Readable {
				t.Errorf("%v on %v became %v, %.2f:1", text, below, got, Contrast(got, below))
			}
			if Contrast(text, below) >= Readable && got != text {
				t.Errorf("%v on %v was readable and became %v", text, below, got)
			}
		}
	}
}

func TestModeChoosesTheVariant(t *testing.T) {
	light, dark := LightPalette().Background, DarkPalette().Background
	for _, c := range []struct {
		mode    Mode
		variant fyne.ThemeVariant
		want    color.NRGBA
	}{
		{System, fynetheme.VariantLight, light},
		{System, fynetheme.VariantDark, dark},
		{Light, fynetheme.VariantDark, light},
		{Dark, fynetheme.VariantLight, dark},
	} {
		if got := New(c.mode).Color(fynetheme.ColorNameBackground, c.variant); got != c.want {
			t.Errorf("mode %v, variant %v: %v, want %v", c.mode, c.variant, got, c.want)
		}
	}
}

func TestForFindsTheNearestPalette(t *testing.T) {
	app := test.NewTempApp(t)
	label := widget.NewLabel("")
	app.Settings().SetTheme(New(Light))
	if For(label).Background != LightPalette().Background {
		t.Error("not the app's light theme")
	}
	container.NewThemeOverride(label, New(Dark))
	if For(label).Background != DarkPalette().Background {
		t.Error("not the override")
	}
	other := widget.NewLabel("")
	app.Settings().SetTheme(test.NewTheme()) // another theme: dark red
	if For(other).Background != DarkPalette().Background {
		t.Error("another dark theme does not get the dark palette")
	}
}

func TestEveryColourNameOfFyneHasAColour(t *testing.T) {
	test.NewTempApp(t)
	th := New(Light)
	for _, name := range []fyne.ThemeColorName{
		fynetheme.ColorNameBackground, fynetheme.ColorNameButton, fynetheme.ColorNameDisabled, fynetheme.ColorNameDisabledButton,
		fynetheme.ColorNameError, fynetheme.ColorNameFocus, fynetheme.ColorNameForeground, fynetheme.ColorNameForegroundOnError,
		fynetheme.ColorNameForegroundOnPrimary, fynetheme.ColorNameForegroundOnSuccess, fynetheme.ColorNameForegroundOnWarning,
		fynetheme.ColorNameHeaderBackground, fynetheme.ColorNameHover, fynetheme.ColorNameHyperlink, fynetheme.ColorNameInputBackground,
		fynetheme.ColorNameInputBorder, fynetheme.ColorNameMenuBackground,
		fynetheme.ColorNameOverlayBackground, fynetheme.ColorNamePlaceHolder, fynetheme.ColorNamePressed, fynetheme.ColorNamePrimary,
		fynetheme.ColorNameScrollBar, fynetheme.ColorNameScrollBarBackground, fynetheme.ColorNameSelection, fynetheme.ColorNameSeparator,
		fynetheme.ColorNameShadow, fynetheme.ColorNameSuccess, fynetheme.ColorNameWarning,
	} {
		if _, ok := th.Palette(fynetheme.VariantLight).named(name); !ok {
			t.Errorf("%s falls back to Fyne's own theme", name)
		}
	}
	if th.Icon(fynetheme.IconNameHome) == nil || th.Font(fyne.TextStyle{}) == nil || th.Size(fynetheme.SizeNameSeparatorThickness) == 0 {
		t.Error("fonts, icons or sizes are missing")
	}
}
